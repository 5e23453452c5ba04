"""The other verbs of the command: what a page reads, what the tables mean, what a service file may hold."""

import json
from pathlib import Path

import jsonschema
import pytest
import yaml

from tests.pipelines.world import World
from tests.tools.replica_server import PAGES, SPECS, ReplicaServer

BAN = PAGES / "ban" / "2023-12-31" / "adresse.data.gouv.fr" / "stats.html"

CONTRACT: dict[str, str] = {
    "services": "",
    "phases": "",
    "events": "",
    "snapshots": "",
    "extractions": "",
    "absences": "",
    "observations": (
        "id service_id metric_id value low high qualifier unit nature period_start period_end known_at"
        " extraction_id"
    ),
    "restatements": "",
    "growth": (
        "id service_id metric_id period base_period base_observation_id observation_id kind value low high"
        " display rule"
    ),
    "qualifications": "service_id as_of verdict designated cohort rule_set",
    "criteria": "service_id as_of criterion verdict evidence",
    "portfolio_counts": "as_of measure value",
    "plf_indicators": "year indicator value target source",
    "claims": "edition service_id metric period text",
    "reconciliations": "edition service_id metric printed computed verdict reason",
    "verdicts": "",
    "held_back": "",
    "nights": "",
}
"""Tables and columns that people script against."""


@pytest.fixture
def world(tmp_path: Path, server: ReplicaServer) -> World:
    return World(tmp_path, server)


@pytest.mark.parametrize("verb", ["night", "trace", "read", "dictionary", "schema"])
def test_every_verb_explains_itself(world: World, verb: str) -> None:
    end = world.impact(verb, "--help")
    assert (end.status, end.err) == (0, "")
    assert f"impact {verb} " in end.out


def test_without_a_verb_the_command_explains_itself(world: World) -> None:
    end = world.impact()
    assert end.status == 2
    assert "night" in end.out + end.err


def test_the_dictionary_holds_the_contract(world: World) -> None:
    end = world.impact("dictionary", "--json")
    assert (end.status, end.err) == (0, "")
    rows = json.loads(end.out)
    assert all(row["meaning"] for row in rows)
    columns = {(row["table"], row["column"]) for row in rows}
    promised = {(table, column) for table, names in CONTRACT.items() for column in ["", *names.split()]}
    assert promised <= columns


def test_the_dictionary_is_printed_whole(world: World) -> None:
    end = world.impact("dictionary")
    assert (end.status, end.err) == (0, "")
    assert set(CONTRACT) <= set(end.out.split())


def test_what_a_service_file_reads_on_a_saved_page(world: World) -> None:
    end = world.impact("read", str(BAN), "--service", str(SPECS / "ban.yml"), "--json")
    assert (end.status, end.err) == (0, "")
    rows = {row["metric"]: row for row in json.loads(end.out)}
    assert rows["part_adresses"]["value"] == "57"
    assert rows["part_adresses"]["exact"] == "57\u00a0%"
    assert rows["part_adresses"]["locator"]
    assert (rows["part_communes"]["value"], rows["part_communes"]["exact"]) == (None, "ND")
    assert rows["part_communes"]["reason"] == "The page says 'ND': no figure is available."


def test_what_is_read_is_printed(world: World) -> None:
    end = world.impact("read", str(BAN), "--service", str(SPECS / "ban.yml"))
    assert (end.status, end.err) == (0, "")
    assert "part_adresses" in end.out
    assert "part_communes" in end.out


def test_a_page_on_which_nothing_is_read(world: World, tmp_path: Path) -> None:
    page = tmp_path / "empty.html"
    page.write_text("<!DOCTYPE html><title>Rien</title><p>Rien ici.</p>", encoding="utf-8")
    end = world.impact("read", str(page), "--service", str(SPECS / "ban.yml"))
    assert (end.status, end.sentence) == (1, "No figure was read on this page.")
    assert "part_adresses" in end.out


def test_a_page_number_that_the_file_does_not_have(world: World) -> None:
    end = world.impact("read", str(BAN), "--service", str(SPECS / "ban.yml"), "--page", "9")
    assert end.status == 2
    assert end.sentence.startswith("ban.yml has ")


def test_the_schema_accepts_the_service_files(world: World, tmp_path: Path) -> None:
    end = world.impact("schema")
    assert (end.status, end.err) == (0, "")
    schema = json.loads(end.out)
    accepted = jsonschema.Draft202012Validator(schema)
    for file in SPECS.glob("*.yml"):
        # An editor sees a day as text, where PyYAML makes it a date.
        read = yaml.load(file.read_bytes(), Loader=yaml.CSafeLoader)
        accepted.validate(json.loads(json.dumps(read, default=str)))
    assert world.impact("schema", str(tmp_path / "schema.json")).status == 0
    assert json.loads((tmp_path / "schema.json").read_text(encoding="utf-8")) == schema
