"""Canaries: what opens something is in no file of ours, but inside the body of the page that published it."""

import gzip
import json
import os
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from zipfile import ZipFile

import pytest
import sqlalchemy as sa
from warcio.archiveiterator import ArchiveIterator

from connectors.secrets import safe_address
from tests.tools.server import Behaviour, Site, answer, redirect
from warehouse.database import open_database
from warehouse.tables import absences, extractions, metadata, snapshots

BODIES = Path(__file__).parents[1] / "connectors" / "bodies" / "metabase"
CANARY = "CaNaRy"
SIGNED = f"eyJhbGciOiJIUzI1NiJ9.{CANARY}Payload.{CANARY}Signature"
PERSON = "jeanne.canari@essai.example"
NIGHT = "2024-03-05"
FREE = f"/libre?token={CANARY}Libre"
PORTFOLIO = f"/portfolio?token={CANARY}Portfolio"

SPEC = """
id: essai
name: Essai
incubator: dinum
pages:
  - url: {site}/tableau
    protocol: metabase
    metrics:
      part: {{locate: {{card: Part traitée}}, {metric}}}
  - url: {site}/api?token={canary}Query
    protocol: json
    metrics:
      asked: {{locate: {{value: $.n}}, {metric}}}
  - url: {site}/moved?api_key={canary}Moved
    protocol: json
    metrics:
      moved: {{locate: {{value: $.n}}, {metric}}}
  - url: {site}/gone?sig={canary}Gone
    protocol: json
    metrics:
      gone: {{locate: {{value: $.n}}, {metric}}}
  - url: {site}/opened?cle={{token}}
    protocol: json
    first: {{url: {site}/session, token: {{css: b}}}}
    metrics:
      opened: {{locate: {{value: $.n}}, {metric}}}
"""
METRIC = "label: Essai, unit: dossier, nature: cumulative, dimension: utilisé, kind: usage, reach: uses"


def routes() -> dict[str, Behaviour | list[Behaviour]]:
    api = f"/api/embed/dashboard/{SIGNED}"
    cookie = [("Set-Cookie", f"sid={CANARY}Cookie; Path=/; HttpOnly"), ("X-CSRF-Token", f"{CANARY}Csrf")]
    beside = f"https://essai.example/?token={CANARY}Beside"
    figure = answer(json.dumps({"before": beside, "n": 4021, "apiToken": f"{CANARY}Behind"}).encode())
    html = [("Content-Type", "text/html; charset=utf-8")]
    frame = f'<html><iframe src="/embed/dashboard/{SIGNED}"></iframe></html>'
    return {
        "/tableau": answer(frame.encode(), cookie),
        api: answer((BODIES / "dashboard.json").read_bytes()),
        f"{api}/dashcard/11/card/445": answer((BODIES / "progress.json").read_bytes()),
        f"/api?token={CANARY}Query": figure,
        f"/moved?api_key={CANARY}Moved": redirect(f"/moved-to?access_token={CANARY}Location"),
        f"/moved-to?access_token={CANARY}Location": figure,
        "/session": answer(f"<html><b>{CANARY}Opener</b></html>".encode(), cookie),
        f"/opened?cle={CANARY}Opener": figure,
        FREE: answer(SEEN.encode(), html),
        "/ouvert": answer(SEEN.encode(), html),
    }


SEEN = f"""<main><p>Ouvert avec https://essai.example/?token={CANARY}Near</p><div class="tile"><p>12 840</p>
<p>dossiers déposés depuis 2019</p></div><p>Voir https://essai.example/?sig={CANARY}After</p>
<iframe src="/embed/dashboard/{SIGNED}z"></iframe><iframe src="/embed/dashboard/{SIGNED}x"></iframe></main>"""
"""A page that nobody configured, with secrets in its address, beside its figure, and in what it embeds."""


def portfolio(site: Site) -> bytes:
    attributes = {
        "name": f"Essai de {PERSON}",
        "pitch": f"Écrire à {PERSON}",
        "contact": PERSON,
        "stats_url": f"https://essai.example/stats?token={CANARY}Stats",
        "link": f"https://essai.example/{SIGNED}",
        "repository": f"https://u:{CANARY}Pass@essai.example/",
        "phases": [{"name": "construction", "start": "2023-01-01", "end": ""}],
        "events": [{"name": "committee", "date": "2023-06-01", "comment": f"Avec {PERSON}"}],
    }
    about = {"incubator": {"data": {"type": "incubator", "id": "dinum"}}}
    free = attributes | {"stats_url": site.url(FREE), "link": site.url("/")}
    opened = free | {"stats_url": site.url("/ouvert")}
    products = [
        {"id": name, "type": "startup", "attributes": each, "relationships": about}
        for name, each in (("essai", attributes), ("libre", free), ("ouvert", opened))
    ]
    return json.dumps({"links": {}, "data": products, "included": []}, ensure_ascii=False).encode()


@dataclass(frozen=True)
class Canaries:
    """A folder in which a night ran, what it said, and the servers of the pages and of the portfolio."""

    folder: Path
    site: Site
    register: Site
    said: str = ""

    def impact(self, *arguments: str) -> "subprocess.CompletedProcess[str]":
        own = {
            "IMPACT_DATABASE_URL": f"sqlite:///{self.folder / 'impact.sqlite'}",
            "IMPACT_ARCHIVE": str(self.folder / "archive"),
            "IMPACT_PORTFOLIO": self.register.url(PORTFOLIO),
            "IMPACT_SERVICES": str(self.folder / "services"),
            "IMPACT_PACE": "0",
            "DAGSTER_HOME": str(self.folder / "dagster"),
        }
        command = [str(Path(sys.executable).with_name("impact")), *arguments]
        plain = {name: value for name, value in os.environ.items() if not name.startswith("IMPACT_")}
        return subprocess.run(
            command,
            check=False,
            cwd=self.folder,
            env=plain | own,
            capture_output=True,
            text=True,
            timeout=300,
        )

    def night(self, at: str) -> str:
        hosts = (self.site.authority, self.register.authority)
        ended = self.impact("night", "--at", at, *(word for host in hosts for word in ("--allow-host", host)))
        return ended.stdout + ended.stderr

    def rows(self, *columns: sa.ColumnElement[object]) -> list[tuple[object, ...]]:
        engine = open_database(f"sqlite:///{self.folder / 'impact.sqlite'}")
        try:
            with engine.connect() as connection:
                return sorted(tuple(row) for row in connection.execute(sa.select(*columns)))
        finally:
            engine.dispose()


@pytest.fixture(scope="module")
def canaries(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Canaries]:
    folder = tmp_path_factory.mktemp("canaries")
    (folder / "services").mkdir()
    (folder / "dagster").mkdir()
    with Site(routes()) as site, Site({PORTFOLIO: answer(portfolio(site))}) as register:
        spec = SPEC.format(site=site.url("").rstrip("/"), canary=CANARY, metric=METRIC)
        (folder / "services" / "essai.yml").write_text(spec, "utf-8")
        canaries = Canaries(folder, site, register)
        yield replace(canaries, said=canaries.night(f"{NIGHT}T23:00"))


def test_what_secrets_open_is_read_all_the_same(canaries: Canaries) -> None:
    found = {name for (name,) in canaries.rows(extractions.c.metric_id)}
    assert found == {"part", "asked", "moved", "opened"}, canaries.said
    ((metric, reason, sentence),) = canaries.rows(
        absences.c.metric_id, absences.c.reason, absences.c.sentence
    )
    assert (metric, reason) == ("gone", "gone")
    assert str(sentence).endswith("/gone?sig=<token>.")


def test_no_file_has_a_canary(canaries: Canaries) -> None:
    looked_at = 0
    for file in canaries.folder.rglob("*"):
        if file.is_file() and "services" not in file.parts and not file.name.endswith(".warc.gz"):
            data = file.read_bytes()
            data = gzip.decompress(data) if file.suffix == ".gz" else data
            assert CANARY.encode() not in data, file
            assert PERSON.encode() not in data, file
            looked_at += 1
    assert looked_at > 3
    assert CANARY not in canaries.said
    assert PERSON not in canaries.said


def test_no_table_has_a_canary(canaries: Canaries) -> None:
    for table in metadata.sorted_tables:
        for row in canaries.rows(*table.columns):
            assert CANARY not in repr(row), table.name
            assert "@essai" not in repr(row), table.name


def test_only_bodies_have_what_they_publish(canaries: Canaries) -> None:
    bodies: set[str] = set()
    (file,) = canaries.folder.rglob("*.warc.gz")
    with file.open("rb") as stream:
        for record in ArchiveIterator(stream):
            heads = f"{record.rec_headers} {record.http_headers}"
            assert CANARY not in heads, heads
            assert PERSON not in heads
            if CANARY.encode() in record.raw_stream.read():
                bodies.add(
                    record.rec_headers.get_header("WARC-Target-URI").rpartition("/")[2].partition("?")[0]
                )
    assert bodies == {"tableau", "session", "portfolio", "ouvert", "api", "moved-to", "opened"}


def test_a_night_done_again_finds_its_documents_by_the_address_kept(canaries: Canaries) -> None:
    assert any("withheld-" in str(asked) for (asked,) in canaries.rows(snapshots.c.asked_url))
    before = len(canaries.site.requests)
    told = canaries.rows(extractions.c.id)
    said = canaries.night(f"{NIGHT}T23:30")
    asked = [request.path for request in canaries.site.requests[before:]]
    nowhere = tuple(f"/api/embed/dashboard/{SIGNED}{letter}" for letter in "xz")
    assert [path for path in asked if not path.startswith(("/gone", "/session", "/robots", *nowhere))] == []
    assert canaries.rows(extractions.c.id) == told
    assert CANARY not in said


@pytest.mark.parametrize("figure", ["essai", "essai/part", "essai/asked"])
def test_no_way_back_has_a_canary(canaries: Canaries, figure: str, tmp_path: Path) -> None:
    page = tmp_path / "page.html"
    for options in ([], ["--json"], ["--html", str(page)]):
        ended = canaries.impact("trace", figure, *options)
        assert ended.returncode == 0, ended.stderr
        assert CANARY not in ended.stdout
    assert CANARY not in page.read_text("utf-8")


def test_an_address_asked_is_kept_with_the_stand_in_of_its_token(canaries: Canaries) -> None:
    asked = {str(row[0]) for row in canaries.rows(snapshots.c.asked_url)}
    assert safe_address(canaries.site.url(f"/api?token={CANARY}Query")) in asked
    assert canaries.site.url("/opened?cle={token}") in asked


def test_the_words_beside_a_figure_end_where_a_secret_stands(canaries: Canaries) -> None:
    columns = (extractions.c.metric_id, extractions.c.prefix, extractions.c.suffix)
    around = {name: words for name, *words in canaries.rows(*columns)}
    assert around["asked"] == ['", "n": ', ', "apiToken": "']
    verified = canaries.impact("verify")
    assert verified.returncode == 0, verified.stdout
    assert CANARY not in verified.stdout + verified.stderr


def test_discovery_prints_and_writes_no_canary(canaries: Canaries, tmp_path: Path) -> None:
    page, out = tmp_path / "page.html", tmp_path / "out"
    page.write_text(SEEN, "utf-8")
    portfolio_file = tmp_path / "portfolio.json"
    portfolio_file.write_bytes(portfolio(canaries.site))
    host = ("--allow-host", canaries.site.authority)
    asked = canaries.site.url(FREE)
    for status, *arguments in (
        (0, "discover", asked, *host, "--write", str(out)),
        (0, "discover", asked, *host, "--json"),
        (0, "discover", str(page), "--url", f"https://moi:{CANARY}Pass@essai.example/{SIGNED}/stats"),
        (1, "discover", canaries.site.url(f"/none?token={CANARY}None"), *host),
        (1, "discover", canaries.site.url(f"/superset/dashboard/12/?token={CANARY}None"), *host),
        (1, "discover", canaries.site.url(f"/session?token={CANARY}None"), *host),
        (0, "classify", "--portfolio", str(portfolio_file), "--json"),
        (0, "classify", "--portfolio", str(portfolio_file)),
        (0, "candidates"),
        (0, "candidates", "--json"),
        (0, "adopt", "ouvert", "--write", str(tmp_path / "adopted")),
    ):
        ended = canaries.impact(*arguments)
        assert ended.returncode == status, (arguments, ended.stdout, ended.stderr)
        assert CANARY not in ended.stdout + ended.stderr, arguments
    written = [file for folder in (out, tmp_path / "adopted") for file in folder.rglob("*")]
    assert len(written) > 8
    for file in written:
        assert CANARY not in str(file.relative_to(tmp_path)), file
        if file.is_file() and "pages" not in file.parts:
            assert CANARY not in file.read_text("utf-8"), file
    assert "An address has a secret" in (out / "services" / "127.yml").read_text("utf-8")


def test_nothing_that_people_read_has_a_canary(canaries: Canaries, tmp_path: Path) -> None:
    for arguments in (
        ("export", str(tmp_path / "export"), "--format", "csv", "--format", "xlsx"),
        ("site", str(tmp_path / "site")),
        ("letters", str(tmp_path / "letters")),
        ("incidents", "--all", "--json"),
    ):
        ended = canaries.impact(*arguments)
        assert ended.returncode == 0, (arguments, ended.stdout, ended.stderr)
        assert CANARY not in ended.stdout + ended.stderr, arguments
    texts = [text for file in tmp_path.rglob("*") if file.is_file() for text in _texts(file)]
    assert len(texts) > 20
    for name, text in texts:
        assert CANARY.encode() not in text, name
        assert PERSON.encode() not in text, name


def _texts(file: Path) -> Iterator[tuple[str, bytes]]:
    """What a file says; a workbook is an archive of several."""
    yield str(file), file.read_bytes()
    if file.suffix == ".xlsx":
        with ZipFile(file) as book:
            yield from ((f"{file}: {name}", book.read(name)) for name in book.namelist())
