"""Canaries: what opens something is in no file of ours, but inside the body of the page that published it."""

import gzip
import json
import os
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

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
    figure = answer(b'{"n": 4021}')
    frame = f'<html><iframe src="/embed/dashboard/{SIGNED}"></iframe></html>'
    return {
        "/portfolio": answer(portfolio()),
        "/tableau": answer(frame.encode(), cookie),
        api: answer((BODIES / "dashboard.json").read_bytes()),
        f"{api}/dashcard/11/card/445": answer((BODIES / "progress.json").read_bytes()),
        f"/api?token={CANARY}Query": figure,
        f"/moved?api_key={CANARY}Moved": redirect(f"/moved-to?access_token={CANARY}Location"),
        f"/moved-to?access_token={CANARY}Location": figure,
        "/session": answer(f"<html><b>{CANARY}Opener</b></html>".encode(), cookie),
        f"/opened?cle={CANARY}Opener": figure,
    }


def portfolio() -> bytes:
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
    product = {"id": "essai", "type": "startup", "attributes": attributes, "relationships": about}
    return json.dumps({"links": {}, "data": [product], "included": []}, ensure_ascii=False).encode()


@dataclass(frozen=True)
class Canaries:
    """A folder in which a night ran, what it said, and the server."""

    folder: Path
    site: Site
    said: str

    def rows(self, *columns: sa.ColumnElement[object]) -> list[tuple[object, ...]]:
        engine = open_database(f"sqlite:///{self.folder / 'impact.sqlite'}")
        try:
            with engine.connect() as connection:
                return sorted(tuple(row) for row in connection.execute(sa.select(*columns)))
        finally:
            engine.dispose()


def impact(folder: Path, site: Site, *arguments: str) -> "subprocess.CompletedProcess[str]":
    own = {
        "IMPACT_DATABASE_URL": f"sqlite:///{folder / 'impact.sqlite'}",
        "IMPACT_ARCHIVE": str(folder / "archive"),
        "IMPACT_PORTFOLIO": f"{site.url('/portfolio')}?token={CANARY}Portfolio",
        "IMPACT_SERVICES": str(folder / "services"),
        "IMPACT_PACE": "0",
        "DAGSTER_HOME": str(folder / "dagster"),
    }
    command = [str(Path(sys.executable).with_name("impact")), *arguments]
    plain = {name: value for name, value in os.environ.items() if not name.startswith("IMPACT_")}
    return subprocess.run(
        command, check=False, cwd=folder, env=plain | own, capture_output=True, text=True, timeout=300
    )


def night(folder: Path, site: Site, at: str) -> str:
    ended = impact(folder, site, "night", "--at", at, "--allow-host", site.authority)
    return ended.stdout + ended.stderr


@pytest.fixture(scope="module")
def canaries(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Canaries]:
    folder = tmp_path_factory.mktemp("canaries")
    (folder / "services").mkdir()
    (folder / "dagster").mkdir()
    every = routes()
    every[f"/portfolio?token={CANARY}Portfolio"] = every.pop("/portfolio")
    with Site(every) as site:
        spec = SPEC.format(site=site.url("").rstrip("/"), canary=CANARY, metric=METRIC)
        (folder / "services" / "essai.yml").write_text(spec, "utf-8")
        yield Canaries(folder, site, night(folder, site, f"{NIGHT}T23:00"))


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
    assert bodies == {"tableau", "session", "portfolio"}


def test_a_night_done_again_finds_its_documents_by_the_address_kept(canaries: Canaries) -> None:
    assert any("withheld-" in str(asked) for (asked,) in canaries.rows(snapshots.c.asked_url))
    before = len(canaries.site.requests)
    told = canaries.rows(extractions.c.id)
    ended = impact(
        canaries.folder,
        canaries.site,
        "night",
        "--at",
        f"{NIGHT}T23:30",
        "--allow-host",
        canaries.site.authority,
    )
    asked = [request.path for request in canaries.site.requests[before:]]
    assert [path for path in asked if not path.startswith(("/gone", "/session", "/robots"))] == []
    assert canaries.rows(extractions.c.id) == told
    assert CANARY not in ended.stdout + ended.stderr


@pytest.mark.parametrize("figure", ["essai", "essai/part"])
def test_no_way_back_has_a_canary(canaries: Canaries, figure: str, tmp_path: Path) -> None:
    page = tmp_path / "page.html"
    for options in ([], ["--json"], ["--html", str(page)]):
        ended = impact(canaries.folder, canaries.site, "trace", figure, *options)
        assert ended.returncode == 0, ended.stderr
        assert CANARY not in ended.stdout
    assert CANARY not in page.read_text("utf-8")


def test_an_address_asked_is_kept_with_the_stand_in_of_its_token(canaries: Canaries) -> None:
    asked = {str(row[0]) for row in canaries.rows(snapshots.c.asked_url)}
    assert safe_address(canaries.site.url(f"/api?token={CANARY}Query")) in asked
    assert canaries.site.url("/opened?cle={token}") in asked
