"""The patch of a service file: one metric changes, every other character stays."""

import shutil
import subprocess
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from connectors.catalog import load_file
from connectors.drift.last_seen import Mend
from connectors.drift.patch import patch
from connectors.errors import InvalidSpec
from connectors.locators import (
    CardLocator,
    EmbeddedLocator,
    HtmlLocator,
    JsonLocator,
    Locator,
    MatomoLocator,
    TableLocator,
)
from connectors.specs.yaml_lines import read

PATH = "connectors/services/s.yml"
FILE = """# a comment
id: s
name: S
incubator: dinum
pages:
  - url: https://s.beta.gouv.fr/stats
    protocol: html
    metrics:
      a:
        label: Dossiers
        unit: dossier
        nature: cumulative
        dimension: utilisé
        kind: usage
        reach: uses
        locate: {css: .old}  # where it stood
        anchor: Dossiers
        expect: {min: 1}  # kept
      b:
        label: Agents
        unit: agent
        nature: stock
        dimension: utilisé
        kind: usage
        reach: agents
        locate:
          label: Agents inscrits
          # between
          within: .tile
          value: p

"""
LABEL = HtmlLocator(label="Dossiers : l'année", within=".tile", value="p:first-child")


def mend(locate: Locator, anchor: str | None = None) -> Mend:
    return Mend(locate, anchor, "12", 0.9, ())


def lines(text: str) -> list[str]:
    return [each.strip() for each in text.splitlines()]


@pytest.mark.parametrize(
    ("metric", "locate", "anchor", "gone", "new"),
    [
        (
            "a", LABEL, None,
            ["locate: {css: .old}  # where it stood", "anchor: Dossiers"],
            ["locate: {label: 'Dossiers : l''année', within: .tile, value: 'p:first-child'}"],
        ),
        (
            "a", HtmlLocator(css=".new"), "Dossiers reçus",
            ["locate: {css: .old}  # where it stood", "anchor: Dossiers"],
            ["locate: {css: .new}", "anchor: Dossiers reçus"],
        ),
        (
            "b", HtmlLocator(css="#n", pattern=r"(?P<figure>\d+) agents"), "Agents",
            ["locate:", "label: Agents inscrits", "# between", "within: .tile", "value: p"],
            [r"locate: {css: '#n', pattern: '(?P<figure>\d+) agents'}", "anchor: Agents"],
        ),
    ],
)  # fmt: skip
def test_only_the_locator_and_its_anchor_change(
    metric: str, locate: Locator, anchor: str | None, gone: list[str], new: list[str]
) -> None:
    changed = patch(FILE, PATH, metric, mend(locate, anchor)).diff.splitlines()[3:]
    assert [each[1:].strip() for each in changed if each.startswith("-")] == gone
    assert [each[1:].strip() for each in changed if each.startswith("+")] == new


def test_a_patched_file_loads(tmp_path: Path) -> None:
    (tmp_path / "s.yml").write_text(patch(FILE, PATH, "a", mend(LABEL)).text, "utf-8")
    metrics = load_file(tmp_path / "s.yml").metrics
    assert (metrics["a"].locate, metrics["a"].anchor) == (LABEL, None)


@pytest.mark.parametrize("old", ["", "    dated: {css: '#maj'}\n", "    dated:\n      css: '#maj'\n"])
def test_the_date_of_the_page_is_mended_where_it_stands(tmp_path: Path, old: str) -> None:
    text = FILE.replace("    metrics:\n", f"{old}    metrics:\n")
    found = replace(mend(HtmlLocator(css="footer")), key="dated")
    if not old:
        with pytest.raises(InvalidSpec, match="has no `dated`"):
            patch(text, PATH, "b", found)
        return
    made = patch(text, PATH, "b", found)
    assert made.text == FILE.replace("    metrics:\n", "    dated: {css: footer}\n    metrics:\n")
    (tmp_path / "s.yml").write_text(made.text, "utf-8")
    assert load_file(tmp_path / "s.yml").pages[0].dated == HtmlLocator(css="footer")


@pytest.mark.skipif(shutil.which("patch") is None, reason="the `patch` program is not installed")
@pytest.mark.parametrize("metric", ["a", "b"])
@pytest.mark.parametrize("ending", ["\n\n", "\n", ""])
def test_the_diff_applies(tmp_path: Path, metric: str, ending: str) -> None:
    text = FILE.rstrip() + ending
    made = patch(text, PATH, metric, mend(HtmlLocator(css=".new"), "Un nom"))
    file = tmp_path / PATH
    file.parent.mkdir(parents=True)
    file.write_text(text, "utf-8")
    subprocess.run(["patch", "-p1"], cwd=tmp_path, input=made.diff.encode(), check=True, capture_output=True)
    assert file.read_text("utf-8") == made.text


def test_line_ends_are_kept() -> None:
    made = patch(FILE.replace("\n", "\r\n"), PATH, "a", mend(HtmlLocator(css=".new"), "Un nom"))
    assert "\r\n        locate: {css: .new}\r\n        anchor: Un nom\r\n" in made.text


def test_the_latest_version_of_a_page_is_patched() -> None:
    page = FILE[FILE.index("  - url:") : FILE.index("      b:")]
    old = page.replace("    protocol", "    valid_until: 2023-12-31\n    protocol")
    text = FILE.replace(page, page + old)
    made = patch(text, PATH, "a", mend(HtmlLocator(css=".new")))
    assert made.text.index(".new") < made.text.index("valid_until") < made.text.index(".old")


@pytest.mark.parametrize(
    ("text", "metric", "told"),
    [
        (FILE, "c", "no page has the metric 'c'"),
        ("", "a", "no page has the metric 'a'"),
        ("pages: [{metrics: {a: {locate: {css: .old}}}}]\n", "a", "shares its line with another key"),
    ],
)
def test_what_cannot_be_patched_is_refused(text: str, metric: str, told: str) -> None:
    with pytest.raises(InvalidSpec, match=told):
        patch(text, PATH, metric, mend(LABEL))


WORDS = st.text(
    st.characters(codec="utf-8", exclude_categories=("C", "Zl", "Zp")), min_size=1, max_size=20
).filter(lambda text: text == text.strip())
LOCATORS = st.one_of(
    st.builds(HtmlLocator, css=WORDS, pattern=st.none() | WORDS),
    st.builds(JsonLocator, value=WORDS, rows=WORDS, date=st.none() | WORDS),
    st.builds(
        CardLocator, card=WORDS, date=st.just(True) | st.none(), dashboard=st.none() | st.integers(1, 9)
    ),
    st.builds(TableLocator, column=WORDS, date=WORDS, where=st.dictionaries(WORDS, WORDS, max_size=2)),
    st.builds(MatomoLocator, value=WORDS, event=st.just("action"), label=WORDS),
    st.builds(EmbeddedLocator, source=st.just("table"), chart=st.integers(1, 9), series=WORDS, row=WORDS),
)


@given(LOCATORS, st.none() | WORDS)
def test_whatever_a_locator_says_is_what_the_patched_file_says(locate: Locator, anchor: str | None) -> None:
    made = patch(FILE, PATH, "a", mend(locate, anchor))
    tree = read(made.text.encode())
    assert not tree.faults
    metric = tree.value["pages"][0]["metrics"]["a"]  # type: ignore[index]
    assert type(locate).model_validate(metric["locate"]) == locate
    assert metric.get("anchor") == anchor
