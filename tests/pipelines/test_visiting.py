"""Visits over real servers: what must come first, what comes from the archive, and what a refusal says."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
import sqlalchemy as sa
from pydantic import HttpUrl

from connectors.extractor import Extractor
from connectors.fetcher import Fetcher, Manners
from connectors.locators import (
    CardLocator,
    ChartLocator,
    EmbeddedLocator,
    HtmlLocator,
    JsonLocator,
    TokenLocator,
)
from connectors.secrets import safe_address
from connectors.service import First, Page, Service
from pipelines.collect import Outcome, Tools, collect
from pipelines.saved_page import read_saved_page
from tests.connectors.values import page
from tests.tools.server import Behaviour, Site, answer, for_cookie, redirect
from warehouse.archive import Archive
from warehouse.database import open_database
from warehouse.night import Night
from warehouse.tables import absences, extractions, snapshots

BODIES = Path(__file__).parents[1] / "connectors" / "bodies"
NOW = datetime(2024, 3, 5, 12, tzinfo=UTC)
UUID = "2084d346-8e3b-495e-9b10-b4870a35632a"
TOKEN = "eyJhbGciOiJIUzI1NiJ9.eyJyZXNvdXJjZSI6eyJkYXNoYm9hcmQiOjIzNn19.c2lnbmF0dXJl"


@dataclass(frozen=True)
class Nights:
    """A warehouse and an archive, and nights over the pages of one service."""

    engine: sa.Engine
    folder: Path
    extractor: Extractor

    def collect(self, pages: tuple[Page, ...], *sites: Site, later: timedelta = timedelta(0)) -> Outcome:
        """The night of today, seen from ``later``: from another day on nothing is fetched."""
        fetcher = Fetcher(manners=Manners(pace=0, attempts=1), allow_hosts=[site.authority for site in sites])
        tools = Tools(self.engine, Archive(self.folder / "archive"), fetcher, self.extractor)
        today = Night.of(NOW)
        night = Night.of(NOW + later, today.day) if later.days else Night.of(NOW + later)
        service = Service(id="s", name="S", incubator="i", pages=pages)
        (outcome,) = collect([service], night, tools)
        return outcome

    def rows(self, *columns: sa.ColumnElement[object]) -> list[tuple[object, ...]]:
        with self.engine.connect() as connection:
            return sorted(tuple(row) for row in connection.execute(sa.select(*columns)))

    @property
    def figures(self) -> list[tuple[object, ...]]:
        return self.rows(extractions.c.metric_id, extractions.c.exact)

    @property
    def reasons(self) -> list[tuple[object, ...]]:
        return self.rows(absences.c.metric_id, absences.c.reason, absences.c.sentence)


@pytest.fixture(scope="module")
def extractor() -> Iterator[Extractor]:
    with Extractor(workers=1) as running:
        yield running


@pytest.fixture
def nights(tmp_path: Path, extractor: Extractor) -> Iterator[Nights]:
    engine = open_database(f"sqlite:///{tmp_path / 'impact.sqlite'}")
    yield Nights(engine, tmp_path, extractor)
    engine.dispose()


def asked(site: Site) -> list[str]:
    return [request.path for request in site.requests if request.path != "/robots.txt"]


# --------------------------------------------------------------------------- a first page


CHART = b'<div id="chart-1"></div><script>new Chartkick["ColumnChart"]("chart-1", %s, {});</script>'


def test_two_charts_that_want_a_session_are_read_with_the_cookie_of_one_visit(nights: Nights) -> None:
    def chart(name: str, site: Site, metric_id: str) -> Page:
        locate = EmbeddedLocator(source="chartkick", row="2023")
        first = First(url=HttpUrl(site.url("/stats")), cookie=True)
        url = site.url(f"/stats/load_data?chart_name={name}")
        return named(page("embedded", locate, url=url, first=first), metric_id)

    data = {name: CHART % b'[["2022", 1],["2023", %d]]' % number for name, number in (("x", 7), ("y", 8))}
    routes = {
        f"/stats/load_data?chart_name={name}": for_cookie("session=s3cr3t", answer(body))
        for name, body in data.items()
    }
    cookie = [("Set-Cookie", "session=s3cr3t; HttpOnly; Path=/")]
    with Site(routes | {"/stats": answer(b"<p>Statistiques</p>", cookie)}) as site:
        pages = (chart("x", site, "x"), chart("y", site, "y"))
        outcome = nights.collect(pages, site)
        assert (outcome.figures, outcome.errors) == (2, [])
        assert nights.figures == [("x", "7"), ("y", "8")]
        assert asked(site) == ["/stats", *routes]  # the first page is visited once for both
        for later in (timedelta(seconds=1), timedelta(days=400)):
            again = nights.collect(pages, site, later=later)
            assert (again.figures, again.errors) == (2, [])
        assert len(asked(site)) == 3
        bare = pages[0].model_copy(update={"first": None, "url": HttpUrl(str(pages[0].url) + "&bare=1")})
        assert nights.collect((bare,), site).errors


def test_two_pages_at_one_address_are_asked_for_and_recorded_once(nights: Nights) -> None:
    body = b"<p class=n>12</p><p>Agents</p>" + CHART % b'[["2023", 7]]'
    chart = EmbeddedLocator(source="chartkick", row="2023")
    with Site({"/stats": answer(body)}) as site:
        html = page("html", HtmlLocator(css=".n"), url=site.url("/stats"))
        data = page("embedded", chart, url=site.url("/stats"))
        behind = data.model_copy(update={"first": First(url=HttpUrl(site.url("/stats")), cookie=True)})
        pages = (html, named(data, "b"), named(behind, "c"))
        outcome = nights.collect(pages, site)
        assert asked(site) == ["/stats"]
    assert (outcome.figures, nights.figures) == (2, [("a", "12"), ("b", "7")])
    assert [(metric, reason) for metric, reason, _ in nights.reasons] == [("c", "not_found")]
    assert len(nights.rows(snapshots.c.id)) == 1


def test_one_address_that_fails_is_asked_for_once_and_tells_both_pages(nights: Nights) -> None:
    with Site({}) as site:
        one = page("html", HtmlLocator(css=".n"), url=site.url("/stats"))
        nights.collect((one, named(one, "b")), site)
        assert asked(site) == ["/stats"]
    assert [(metric, reason) for metric, reason, _ in nights.reasons] == [("a", "gone"), ("b", "gone")]


def named(one: Page, metric_id: str) -> Page:
    return one.model_copy(update={"metrics": {metric_id: one.metrics["a"]}})


def test_a_first_page_without_cookie_is_told(nights: Nights) -> None:
    with Site({"/stats": answer(b"<p>Statistiques</p>"), "/n.json": answer(b'{"n": 1}')}) as site:
        first = First(url=HttpUrl(site.url("/stats")), cookie=True)
        nights.collect((page("json", JsonLocator(value="$.n"), url=site.url("/n.json"), first=first),), site)
        assert asked(site) == ["/stats"]
    ((metric, reason, sentence),) = nights.reasons
    assert (metric, reason) == ("a", "not_found")
    assert str(sentence).startswith(f"the first page {site.url('/stats')} sets no cookie")


def with_token(site: Site, path: str = "/api?cle={token}") -> Page:
    locate = TokenLocator(css="meta[name=api-token]", attribute="content")
    first = First(url=HttpUrl(site.url("/stats")), token=locate)
    return page("json", JsonLocator(value="$.n"), url=site.url(path), first=first)


def meta(token: str) -> bytes:
    return f'<html><meta name="api-token" content="{token}"></html>'.encode()


def test_a_token_of_the_night_opens_the_data_and_is_in_no_sentence(nights: Nights) -> None:
    answers = [answer(meta("first-token+1")), answer(meta("second-token+2"))]
    routes: dict[str, Behaviour | list[Behaviour]] = {
        "/stats": answers,
        "/api?cle=first-token%2B1": answer(b"expired", status=403, reason="Forbidden"),
        "/api?cle=second-token%2B2": answer(b'{"n": 4021}'),
    }
    with Site(routes) as site:
        failed = nights.collect((with_token(site),), site)
        assert [line.split(": it does")[0] for line in failed.errors] == [
            f"{site.authority} answered 403 Forbidden"
        ]
        assert failed.errors[0].endswith("/api?cle={token}.")
        # Another try asks the first page anew: a token of old may have expired.
        assert nights.collect((with_token(site),), site, later=timedelta(seconds=5)).errors == []
        assert nights.figures == [("a", "4021")]
        assert "/api?cle=second-token%2B2" in asked(site)
        before = len(site.requests)
        past = nights.collect((with_token(site),), site, later=timedelta(days=400))
        assert (past.figures, past.errors, len(site.requests)) == (1, [], before)
    said = nights.rows(absences.c.sentence)
    assert said
    assert not [row for row in said if "first-token" in str(row) or "second-token" in str(row)]
    kept = {(asked_url, url) for asked_url, url in nights.rows(snapshots.c.asked_url, snapshots.c.url)}
    withheld = safe_address(site.url("/api?cle=second-token%2B2"), ["second-token+2"])
    assert (site.url("/api?cle={token}"), withheld) in kept


def test_a_token_that_is_not_there_is_an_absence_that_names_the_first_page(nights: Nights) -> None:
    with Site({"/stats": answer(b"<html><p>Bonjour</p></html>"), "/api?cle=": answer(b'{"n": 1}')}) as site:
        nights.collect((with_token(site),), site)
        assert asked(site) == ["/stats"]
    ((_, reason, sentence),) = nights.reasons
    assert reason == "not_found"
    assert str(sentence).startswith(f"the first page {site.url('/stats')} gives no token: nothing matches")


def test_what_a_page_frames_is_read_one_level_down(nights: Nights) -> None:
    with Site({"/chiffres": answer(b"<html><b>12</b><iframe class=stats src='/deeper'></html>")}) as inner:
        frame = f"<html><b>99</b><iframe class=stats src='{inner.url('/chiffres')}'></iframe></html>"
        with Site({"/stats": answer(frame.encode())}) as site:
            framed = page(
                "html", HtmlLocator(css="b"), url=site.url("/stats"), first=First(frame="iframe.stats")
            )
            assert nights.collect((framed,), site, inner).errors == []
            assert nights.figures == [("a", "12")]
            assert (asked(site), asked(inner)) == (["/stats"], ["/chiffres"])
            past = nights.collect((framed,), site, inner, later=timedelta(days=400))
            assert (past.figures, past.errors) == (1, [])


def test_a_framed_address_that_is_not_public_is_refused(nights: Nights) -> None:
    frame = b"<html><iframe class=stats src='http://169.254.169.254/latest/'></iframe></html>"
    with Site({"/stats": answer(frame)}) as site:
        framed = page("html", HtmlLocator(css="b"), url=site.url("/stats"), first=First(frame="iframe.stats"))
        nights.collect((framed,), site)
    assert [reason for _, reason, _ in nights.reasons] == ["refused_address"]


def test_a_saved_page_has_been_reached(tmp_path: Path) -> None:
    (tmp_path / "page.json").write_text('{"n": 4021}', "utf-8")
    spec = tmp_path / "x.yml"
    spec.write_text(
        """
id: x
name: X
incubator: y
pages:
  - url: https://api.x.example/stats?cle={token}
    protocol: json
    first: {url: https://x.example/stats, token: {css: meta, attribute: content}}
    metrics:
      dossiers:
        {label: D, unit: dossier, nature: cumulative, dimension: utile, kind: impact, reach: uses,
         locate: {value: $.n}}
""",
        "utf-8",
    )
    (figure,) = read_saved_page(tmp_path / "page.json", spec)
    assert (figure.exact, figure.reason) == ("4021", None)


# ------------------------------------------------------------------------------- refusals


LISTED = (BODIES / "superset" / "dashboard.json").read_bytes()
JSON = [("Content-Type", "application/json")]


def superset(site: Site, *charts: str) -> Page:
    return page(
        "superset",
        *(ChartLocator(chart=chart) for chart in charts),
        url=site.url("/superset/dashboard/lasuite/"),
    )


def test_an_open_dashboard_is_read_and_a_closed_chart_on_it_says_so(nights: Nights) -> None:
    routes = {
        "/api/v1/dashboard/lasuite/charts": answer(LISTED, JSON),
        "/api/v1/chart/41/data/": answer((BODIES / "superset" / "total.json").read_bytes(), JSON),
        "/api/v1/chart/50/data/": answer(b'{"message": "Forbidden"}', JSON, 403, "Forbidden"),
        "/api/v1/chart/48/data/": answer(b'{"message": "Chart has no query saved."}', JSON, 400, "Bad"),
    }
    with Site(routes) as site:
        nights.collect((superset(site, "Agents actifs", "Réservé", "Plus tard"),), site)
    assert nights.figures == [("a", "512338")]
    assert nights.reasons == [
        ("b", "closed_to_visitors",
         "A chart of the dashboard is closed to anonymous visitors: Superset answered 403 'Forbidden'."),
        ("c", "refused",
         "A chart of the dashboard cannot be read: Superset answered 400 'Chart has no query saved.'."),
    ]  # fmt: skip


CLOSED = "The dashboard is closed to anonymous visitors: Superset "


@pytest.mark.parametrize(
    ("status", "body", "reason", "sentence"),
    [
        (401, b'{"msg": "Missing Authorization Header"}', "closed_to_visitors",
         CLOSED + "answered 401 'Missing Authorization Header'."),
        (403, b"<html>no</html>", "closed_to_visitors", CLOSED + "answered 403."),
        (200, b'{"message": "Access is denied"}', "closed_to_visitors",
         CLOSED + "answered 200 'Access is denied'."),
        (302, b"", "closed_to_visitors", CLOSED + "leads to its login page."),
        (404, b'{"message": "Not found"}', "gone", "answered 404"),
        (500, b'{"message": "Fatal error"}', "server_trouble", "answered 500"),
        (429, b'{"message": "Too many"}', "server_trouble", "answered 429"),
        (200, b"<html><p>Maintenance</p></html>", "maintenance_page", "an HTML page answered"),
        (200, b'{"result": {"charts": []}}', "wrong_format", "has no list of charts"),
    ],
)  # fmt: skip
def test_a_closed_dashboard_says_so_in_one_sentence(
    nights: Nights, status: int, body: bytes, reason: str, sentence: str
) -> None:
    login = (BODIES / "superset" / "login.html").read_bytes()
    here = redirect("/login/?next=/") if status == 302 else answer(body, JSON, status, "")
    with Site({"/api/v1/dashboard/lasuite/charts": here, "/login/?next=/": answer(login)}) as site:
        nights.collect((superset(site, "Agents actifs"),), site)
    ((_, found, said),) = nights.reasons
    assert found == reason
    assert sentence in str(said)


def test_an_expired_token_of_metabase_is_a_refusal_about_the_token(nights: Nights) -> None:
    expired = answer(f"Token is expired: {TOKEN}".encode(), status=400, reason="Bad Request")
    with Site({f"/api/embed/dashboard/{TOKEN}": expired}) as metabase:
        html = f'<html><iframe src="{metabase.url(f"/embed/dashboard/{TOKEN}")}"></iframe></html>'
        with Site({"/stats": answer(html.encode())}) as site:
            asked_page = page("metabase", CardLocator(card="Accords"), url=site.url("/stats"))
            nights.collect((asked_page,), site, metabase)
    assert nights.reasons == [
        ("a", "refused", "Metabase refuses the signed token that the page gives: 'Token is expired: <token>'")
    ]


def test_public_sharing_that_was_switched_off_is_a_refusal(nights: Nights) -> None:
    off = answer(b"Public sharing is not enabled.", status=400, reason="Bad Request")
    with Site({f"/api/public/dashboard/{UUID}": off}) as site:
        board = page("metabase", CardLocator(card="A"), url=site.url(f"/public/dashboard/{UUID}"))
        nights.collect((board,), site)
    assert [each[1:] for each in nights.reasons] == [
        ("refused", "Metabase does not show this dashboard to everyone: 'Public sharing is not enabled.'")
    ]


def test_a_page_that_redirects_to_a_dashboard_is_read_there(nights: Nights) -> None:
    api = f"/api/public/dashboard/{UUID}"
    routes = {
        f"/public/dashboard/{UUID}": answer(b"<html><div id=root></div></html>"),
        api: answer((BODIES / "metabase" / "dashboard.json").read_bytes()),
        f"{api}/dashcard/11/card/445": answer((BODIES / "metabase" / "progress.json").read_bytes()),
    }
    with (
        Site(routes) as metabase,
        Site({"/stats": redirect(metabase.url(f"/public/dashboard/{UUID}"))}) as site,
    ):
        pages = (page("metabase", CardLocator(card="Part traitée"), url=site.url("/stats")),)
        assert nights.collect(pages, site, metabase).errors == []
        assert nights.figures == [("a", "0.93")]
        past = nights.collect(pages, site, metabase, later=timedelta(days=400))
        assert (past.figures, past.errors) == (1, [])


def test_a_card_that_is_gone_costs_no_other(nights: Nights) -> None:
    api = f"/api/public/dashboard/{UUID}"
    card = json.loads((BODIES / "metabase" / "dashboard.json").read_text("utf-8"))
    routes = {
        api: answer(json.dumps(card).encode()),
        f"{api}/dashcard/11/card/445": answer((BODIES / "metabase" / "progress.json").read_bytes()),
    }
    with Site(routes) as site:
        locates = (CardLocator(card="Part traitée"), CardLocator(card="Par région"))
        outcome = nights.collect(
            (page("metabase", *locates, url=site.url(f"/public/dashboard/{UUID}")),), site
        )
    assert (outcome.figures, outcome.absent) == (1, 1)
    assert [line for line in outcome.errors if "answered 404" in line]
