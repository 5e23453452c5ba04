"""The world of the benchmarks: any number of services, one statistics page and one host each.

A page weighs 100 KB and is made as such pages are: of design-system markup around six tiles,
pictograms drawn in the page, an inline style sheet, and what a framework leaves for its script.
"""

import json
import random
import string
from collections.abc import Iterator
from decimal import Decimal
from functools import cache
from pathlib import Path

import yaml
from pydantic import HttpUrl

from connectors.catalog import Catalog
from connectors.locators import HtmlLocator
from connectors.service import Expect, Metric, Page, Service

PAGE_BYTES = 100_000

FIGURES = {
    "dossiers": "Dossiers déposés",
    "usagers": "Usagers accompagnés",
    "communes": "Communes équipées",
    "demarches": "Démarches publiées",
    "agents": "Agents inscrits",
    "rendez_vous": "Rendez-vous pris",
}
"""The six figures of every page: metric id and label."""

TILE = """<div class="fr-col-12 fr-col-md-4"><div class="fr-tile" id="tuile-{id}"><div class="fr-tile__body">
<h3 class="fr-tile__title">{number}</h3><p class="fr-tile__desc">{label}</p></div></div></div>
"""
LINK = '<li class="fr-nav__item"><a class="fr-nav__link" href="/{word}" target="_self">{words}</a></li>\n'
CARD = """<div class="fr-card fr-enlarge-link"><div class="fr-card__body"><h4 class="fr-card__title">
<a href="/{word}">{words}</a></h4><p class="fr-card__desc">{text}</p><ul class="fr-badges-group"><li>
<span class="fr-badge fr-badge--info">{word}</span></li></ul></div>
<div class="fr-card__img">{picture}</div></div>
"""
ROW = '<tr><th scope="row">{words}</th><td class="fr-cell--right">{number}</td><td>{word}</td></tr>\n'
PICTURE = (
    '<svg viewBox="0 0 80 80" aria-hidden="true"><g><path d="{d}"/><path class="fr-art" d="{e}"/></g></svg>'
)
PAGE = """<!DOCTYPE html>
<html lang="fr" data-fr-scheme="system"><head><meta charset="utf-8"><title>Statistiques de {name}</title>
<meta name="viewport" content="width=device-width, initial-scale=1"><style>{style}</style></head>
<body><header class="fr-header" role="banner"><nav class="fr-nav"><ul class="fr-nav__list">
{menu}</ul></nav></header><main id="contenu" class="fr-container"><h1>{name} en chiffres</h1>
<div class="fr-grid-row fr-grid-row--gutters">
{tiles}</div><section><h2>Par territoire</h2><div class="fr-table"><table><tbody>
{rows}</tbody></table></div></section><section><h2>Actualités</h2>
{cards}</section></main><footer class="fr-footer"><ul>
{links}</ul></footer><script id="__DATA__" type="application/json">{data}</script></body></html>
"""


def host(number: int) -> str:
    """The loopback address of a service: one host each, so that pace delays nobody."""
    return f"127.0.{1 + number // 200}.{1 + number % 200}"


def figure(number: int, place: int, day: int = 0) -> str:
    """A figure as its page prints it: distinct for each service, and growing by the day."""
    return f"{1_000_000 + 7_919 * number + 101 * place + 13 * day:,}".replace(",", "\u202f")


def body(number: int, day: int = 0) -> bytes:
    """The page of a service on a day: the same bytes as any other but for its name and figures."""
    name = f"Service {number:04}"
    page = _frame().replace("@NAME@", name).replace("@TILES@", _tiles(number, day)).encode()
    return page + b" " * (PAGE_BYTES - len(page))


def small_body(number: int, day: int) -> bytes:
    """The figures of a service on a day, and little else: a page that costs nearly nothing to read."""
    return f"<!DOCTYPE html><html lang=fr><main>{_tiles(number, day)}</main></html>".encode()


def _tiles(number: int, day: int) -> str:
    return "".join(
        TILE.format(id=key, number=figure(number, place, day), label=label)
        for place, (key, label) in enumerate(FIGURES.items())
    )


@cache
def _frame() -> str:
    """The page without what is a service's own, of the right weight."""
    words = _Words()
    parts = {
        "name": "@NAME@",
        "tiles": "@TILES@",
        "style": "".join(f".fr-{words.word()}{{margin:{n}px;color:#{n:06x}}}" for n in range(200)),
        "menu": "".join(words.fill(LINK) for _ in range(60)),
        "rows": "".join(words.fill(ROW) for _ in range(100)),
        "cards": "".join(words.fill(CARD) for _ in range(20)),
        "links": "".join(words.fill(LINK) for _ in range(40)),
    }
    bare = len(PAGE.format(**parts, data="").encode())
    return PAGE.format(**parts, data=words.data(PAGE_BYTES - bare - 1_500))


class _Words:
    """What fills a page; the same at each run."""

    def __init__(self) -> None:
        self._random = random.Random(352)
        self._known = ["".join(self._random.choices(string.ascii_lowercase, k=3 + n % 7)) for n in range(400)]

    def word(self) -> str:
        return self._random.choice(self._known)

    def words(self, count: int) -> str:
        return " ".join(self.word() for _ in range(count))

    def fill(self, template: str) -> str:
        return template.format(
            word=self.word(),
            words=self.words(4),
            text=self.words(25),
            number=f"{self._random.randint(1, 99_999):,}".replace(",", "\u00a0"),
            picture=PICTURE.format(d=self._drawing(60), e=self._drawing(40)),
        )

    def _drawing(self, points: int) -> str:
        return "M" + "".join(f"{self._random.uniform(-9, 80):.2f} " for _ in range(points)) + "z"

    def data(self, size: int) -> str:
        rows: list[dict[str, str | int]] = []
        while len(json.dumps(rows)) < size:
            rows += [{"id": self._random.randint(1, 10**6), "label": self.words(3)} for _ in range(20)]
        return json.dumps(rows)[: max(size, 0)]


def service(number: int, port: int) -> Service:
    """A service file, as a value: one page, six metrics found by their labels."""
    page = Page(
        url=HttpUrl(f"http://{host(number)}:{port}/stats"),
        protocol="html",
        metrics={key: _metric(label) for key, label in FIGURES.items()},
    )
    name = f"service-{number:04}"
    return Service(id=name, name=name, incubator=f"incubateur-{number % 20}", pages=(page,))


def _metric(label: str) -> Metric:
    return Metric(
        label=label,
        unit="dossier",
        nature="cumulative",
        dimension="utilisé",
        kind="usage",
        reach="people",
        locate=HtmlLocator(label=label, within=".fr-tile", value=".fr-tile__title"),
        expect=Expect(min=Decimal(1), max=Decimal(10**8), factor=Decimal(3), max_age_days=30),
    )


def services(count: int, port: int) -> Catalog:
    """So many services, served at ``port``."""
    return Catalog(tuple(service(number, port) for number in range(count)))


def write(catalog: Catalog, folder: Path) -> Path:
    """The same as service files."""
    folder.mkdir(parents=True, exist_ok=True)
    for each in catalog.services:
        text = yaml.safe_dump(each.model_dump(mode="json", exclude_none=True), allow_unicode=True)
        (folder / f"{each.id}.yml").write_text(text, encoding="utf-8")
    return folder


def portfolio(count: int) -> bytes:
    """A portfolio in which every service is a product in acceleration, as the programme's API words it."""
    phases = [{"name": "construction", "start": "2023-01-01", "end": "2024-01-01"}]
    phases += [{"name": "acceleration", "start": "2024-01-01", "end": ""}]
    products = [
        {
            "id": f"service-{number:04}",
            "type": "startup",
            "attributes": {"name": f"Service {number:04}", "phases": phases, "events": []},
            "relationships": {"incubator": {"data": {"type": "incubator", "id": f"i-{number % 20}"}}},
        }
        for number in range(count)
    ]
    return json.dumps({"data": products, "included": []}).encode()


def hosts(count: int) -> Iterator[str]:
    """The hosts of so many services."""
    return (host(number) for number in range(count))
