"""Service files: what they give, and one clear sentence, with its line, for each thing to mend."""

import json
from pathlib import Path
from typing import Any

import pytest
import yaml
from jsonschema import Draft202012Validator

from connectors import catalog
from connectors.catalog import Catalog, load, load_file
from connectors.errors import InvalidSpec
from connectors.locators import CardLocator, HtmlLocator, JsonLocator
from connectors.service import Service
from connectors.specs.schema import FIELDS, SCHEMA

GOOD = """\
id: signalement
name: SignalConso
incubator: dgccrf
formerly: [signal-conso]
pages:
  - url: https://signal.example/api/stats
    protocol: json
    metrics:
      reports:
        label: Signalements
        unit: signalement
        nature: cumulative
        dimension: utilisé
        kind: usage
        reach: uses
        locate: {value: $.reports}
        expect: {min: 100, max: 0900}
      monthly:
        label: no
        unit: signalement
        nature: flow
        period: dated
        periodicity: month
        dimension: utile
        kind: impact
        reach: people
        headline: yes
        locate:
          rows: $.months[*]
          value: $.n
          date: $.month
"""

BOARD = "https://m.example/public/dashboard/8c6560e3-c27a-487b-b242-eb1636912f1a"


def of_protocol(protocol: str, locate: str, url: str = "https://signal.example/stats") -> str:
    """The good file with one metric, located as given."""
    start = GOOD.split("      monthly:")[0]
    start = start.replace("protocol: json", f"protocol: {protocol}").replace("{value: $.reports}", locate)
    return start.replace("https://signal.example/api/stats", url)


def saved(folder: Path, content: str | bytes, name: str = "signalement.yml") -> Path:
    path = folder / name
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return path


def faults(folder: Path) -> list[str]:
    with pytest.raises(InvalidSpec) as refused:
        load(folder)
    return str(refused.value).splitlines()


def test_a_good_file_is_a_service(tmp_path: Path) -> None:
    service = load_file(saved(tmp_path, GOOD))
    assert (service.id, service.formerly, list(service.metrics)) == (
        "signalement",
        ("signal-conso",),
        ["reports", "monthly"],
    )


def test_scalars_are_what_the_schema_wants_and_not_what_yaml_guesses(tmp_path: Path) -> None:
    metrics = load_file(saved(tmp_path, GOOD)).metrics
    assert metrics["monthly"].label == "no"
    assert metrics["monthly"].headline is True
    assert str(metrics["reports"].expect.max) == "900"


@pytest.mark.parametrize("written", ["no", "on", "0123", "1:30", "2023-01-01", "1e3", "'null'", "2_000"])
def test_a_text_stays_as_it_was_written(tmp_path: Path, written: str) -> None:
    service = load_file(saved(tmp_path, GOOD.replace("label: no", f"label: {written}")))
    assert service.metrics["monthly"].label == written.strip("'")


@pytest.mark.parametrize(
    ("content", "locator"),
    [
        (of_protocol("json", "{value: $.n}"), JsonLocator(value="$.n")),
        (of_protocol("html", "{css: .n}"), HtmlLocator(css=".n")),
        (
            of_protocol("html", "{label: A, within: .b, value: .n}"),
            HtmlLocator(label="A", within=".b", value=".n"),
        ),
        (of_protocol("metabase", "{card: 2023}", BOARD), CardLocator(card="2023")),
        (of_protocol("metabase", "{card: A}", BOARD + "?tab=2-a&region="), CardLocator(card="A")),
    ],
)
def test_the_protocol_says_which_kind_of_locator_it_is(
    tmp_path: Path, content: str, locator: HtmlLocator | JsonLocator | CardLocator
) -> None:
    assert load_file(saved(tmp_path, content)).metrics["reports"].locate == locator


def test_the_date_of_a_page_is_located_as_its_figures_are(tmp_path: Path) -> None:
    content = of_protocol("json", "{value: $.n}").replace(
        "    metrics:", "    dated: {value: $.d}\n    metrics:"
    )
    assert load_file(saved(tmp_path, content)).pages[0].dated == JsonLocator(value="$.d")


BROKEN = yaml.safe_load(Path(__file__).with_name("broken_services.yml").read_text("utf-8"))


@pytest.mark.parametrize("case", BROKEN, ids=lambda case: case["bad"].split("\n")[0][:30] or "nothing")
def test_what_is_wrong_is_told_in_one_sentence(tmp_path: Path, case: dict[str, Any]) -> None:
    assert case["good"] in GOOD
    saved(tmp_path, GOOD.replace(case["good"], case["bad"], 1))
    assert faults(tmp_path) == [f"signalement.yml:{told}" for told in case["told"]]


LOCATE = "signalement.yml:16: pages[0].metrics.reports.locate{}"


@pytest.mark.parametrize(
    ("locate", "expected"),
    [
        ("{}", ": `css`, or `label` with `within` and `value`, is required"),
        ("{css: .n, label: A, within: .b, value: .n}", ".label: either `css` or `label`, not both"),
        ("{label: A, value: .n}", ".within: field required with `label`"),
        ("{label: A, within: .b}", ".value: field required with `label`"),
        ("{css: .n, value: .n}", ".value: only goes with `label`"),
        ("{css: '.n['}", ".css: '.n[' is not a CSS selector: Malformed attribute selector at position 2"),
        ("{css: .n, pattern: '('}", (".pattern: '(' is not a regular expression: "
         "missing ), unterminated subpattern at position 0")),
        ("{css: .n, pattern: '(.)'}", ".pattern: '(.)' needs exactly one group, named: (?P<figure>…)"),
        ("{css: .n, pattern: '(?P<figure>.)(.)'}",
         ".pattern: '(?P<figure>.)(.)' needs exactly one group, named: (?P<figure>…)"),
        ("{rows: '$[*]', value: $.n}",
         (".rows: a key for protocol json; this page's locators have "
          "css, label, within, value, attribute, pattern")),
    ],
)  # fmt: skip
def test_an_html_locator_must_be_coherent(tmp_path: Path, locate: str, expected: str) -> None:
    saved(tmp_path, of_protocol("html", locate))
    assert faults(tmp_path) == [LOCATE.format(expected)]


ADDRESS = "a Metabase address ends in …/public/dashboard/<uuid> or …/public/question/<uuid>"


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        (
            "https://m.example/embed/dashboard/eyJa.eyJb.c",
            "the token of an embedding soon expires: give the page that embeds it",
        ),
        ("https://m.example/question/3", ADDRESS),
        ("https://m.example/public/dashboard/3", ADDRESS),
        (
            BOARD + "?region=11",
            "the filter 'region' would not be applied: figures are those of the whole dashboard",
        ),
    ],
)
def test_a_metabase_address_must_be_one_we_can_ask(tmp_path: Path, url: str, expected: str) -> None:
    saved(tmp_path, of_protocol("metabase", "{card: A}", url))
    assert faults(tmp_path) == [f"signalement.yml:6: pages[0].url: {expected}"]


def test_a_metabase_page_has_no_date_of_its_own(tmp_path: Path) -> None:
    content = of_protocol("metabase", "{card: A}", BOARD)
    saved(tmp_path, content.replace("    metrics:", "    dated: {value: $.d}\n    metrics:"))
    expected = "a Metabase page has no date of its own: name a date column in `locate`"
    assert faults(tmp_path) == [f"signalement.yml:8: pages[0].dated: {expected}"]


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        ("", "signalement.yml:1: the file is empty"),
        ("- a", "signalement.yml:1: a mapping (key: value) is required here"),
        ("a: 1\n---\nb: 2", "signalement.yml:2: not YAML: but found another document"),
        (b"name: \xff", "signalement.yml:1: not YAML: 'utf-8' codec can't decode byte 0xff"),
        ("a: " + "[" * 20_000, "signalement.yml:1: not YAML: maximum recursion depth exceeded"),
        ("pages: {a: 1}", "signalement.yml:1: pages: a list is required here"),
    ],
)  # fmt: skip
def test_a_file_that_is_no_service_at_all(tmp_path: Path, content: str | bytes, expected: str) -> None:
    saved(tmp_path, content)
    assert any(each.startswith(expected) for each in faults(tmp_path)), faults(tmp_path)


def test_every_fault_of_every_file_is_told_at_once(tmp_path: Path) -> None:
    broken = (
        GOOD.replace("nature: flow", "nature: flux")
        .replace("$.reports", "$.")
        .replace("min: 100", "min: 1000")
    )
    saved(tmp_path, broken)
    saved(tmp_path, "id: autre\nname: Autre\n", "autre.yml")
    assert [each.split(" ")[0] for each in faults(tmp_path)] == [
        "autre.yml:1:",
        "autre.yml:1:",
        "signalement.yml:16:",
        "signalement.yml:17:",
        "signalement.yml:21:",
    ]


def test_a_metric_id_is_used_once_in_a_service(tmp_path: Path) -> None:
    pages = GOOD.split("pages:\n")[1].split("      monthly:")[0]
    saved(tmp_path, GOOD + pages)
    expected = "signalement.yml:35: pages[1].metrics.reports: metric id already used on another page"
    expected += " that serves until the same day"
    assert faults(tmp_path) == [expected]


def test_an_id_belongs_to_one_service(tmp_path: Path) -> None:
    saved(tmp_path, GOOD)
    saved(tmp_path, GOOD.replace("id: signalement", "id: z"), "z.yml")
    saved(tmp_path, GOOD.replace("id: signalement", "id: y").replace("signal-conso", "z"), "y.yml")
    assert faults(tmp_path) == [
        "z.yml:1: id: 'z' is already claimed by y.yml",
        "z.yml:4: formerly[0]: 'signal-conso' is already claimed by signalement.yml",
    ]


def test_another_ending_is_told_and_not_forgotten(tmp_path: Path) -> None:
    saved(tmp_path, GOOD, "signalement.yaml")
    assert faults(tmp_path) == ["signalement.yaml:1: name it *.yml"]


def test_a_folder_or_a_file_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(InvalidSpec, match="nowhere: no such folder"):
        load(tmp_path / "nowhere")
    with pytest.raises(InvalidSpec, match=r"a\.yml: no such file"):
        load_file(tmp_path / "a.yml")


def test_a_catalog_is_a_mapping_in_the_order_of_ids(tmp_path: Path) -> None:
    saved(tmp_path, GOOD)
    saved(tmp_path, GOOD.replace("id: signalement", "id: ban").replace("[signal-conso]", "[]"), "ban.yml")
    loaded = load(tmp_path)
    assert list(loaded) == [service.id for service in loaded.services] == ["ban", "signalement"]
    assert loaded["ban"].id == "ban"
    assert "pix" not in loaded
    assert loaded == load(tmp_path)


def test_a_service_is_found_by_the_id_it_had(tmp_path: Path) -> None:
    saved(tmp_path, GOOD)
    loaded = load(tmp_path)
    assert (
        loaded.by_portfolio_id("signalement")
        is loaded.by_portfolio_id("signal-conso")
        is loaded["signalement"]
    )
    assert loaded.by_portfolio_id("pix") is None
    assert Catalog(()).by_portfolio_id("pix") is None


def test_the_committed_schema_is_current() -> None:
    assert json.loads(SCHEMA.read_text("utf-8")) == catalog.json_schema(), (
        "run connectors.catalog.write_schema()"
    )


def test_the_schema_explains_every_key() -> None:
    schema = catalog.json_schema()
    shapes = {"Service": schema, **schema["$defs"]}
    assert {name: set(shape["properties"]) for name, shape in shapes.items()} == {
        name: set(sentences) for name, sentences in FIELDS.items()
    }


@pytest.mark.parametrize(
    ("content", "valid"),
    [
        (of_protocol("json", "{value: $.n}"), True),
        (of_protocol("html", "{css: .n}"), True),
        (of_protocol("metabase", "{card: A}", BOARD), True),
        (of_protocol("json", "{css: .n}"), False),
        (of_protocol("html", "{card: A}"), False),
        (of_protocol("html", "{css: .n}").replace("unit:", "units:"), False),
    ],
)
def test_an_editor_sees_what_the_catalog_sees(content: str, valid: bool) -> None:
    schema = catalog.json_schema()
    Draft202012Validator.check_schema(schema)
    assert Draft202012Validator(schema).is_valid(yaml.safe_load(content)) is valid


def test_a_schema_is_written_as_it_is_read(tmp_path: Path) -> None:
    catalog.write_schema(tmp_path / "schema.json")
    assert json.loads((tmp_path / "schema.json").read_text("utf-8")) == catalog.json_schema()


def test_the_services_that_ship_are_valid() -> None:
    assert all(isinstance(service, Service) for service in load().values())
