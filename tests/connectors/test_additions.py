"""Which flows may add to which totals: `adds_to` in a service file."""

from pathlib import Path

import pytest

from connectors.catalog import load_file
from connectors.errors import InvalidSpec

FILE = """
id: essai
name: Essai
incubator: dinum
pages:
  - url: https://essai.example/stats
    protocol: html
    metrics:
      total: {{label: A, unit: dossier, nature: cumulative, dimension: utile, kind: usage, reach: uses, locate: {{css: b}}}}
      nouveaux: {{label: B, unit: {unit}, nature: {nature}, dimension: utile, kind: usage, reach: uses, adds_to: {to},
        locate: {{css: i}}}}
      autres: {{label: C, unit: dossier, nature: flow, period: calendar_year, dimension: utile, kind: usage, reach: uses,
        {also} locate: {{css: u}}}}
"""  # noqa: E501


def load(
    tmp_path: Path, *, unit: str = "dossier", nature: str = "flow, period: calendar_year", **more: str
) -> str:
    """The faults of a file, empty when there are none."""
    path = tmp_path / "essai.yml"
    path.write_text(
        FILE.format(**{"unit": unit, "nature": nature, "to": "total", "also": "", **more}), "utf-8"
    )
    try:
        load_file(path)
    except InvalidSpec as error:
        return str(error)
    return ""


def test_a_flow_adds_to_a_total_of_its_service(tmp_path: Path) -> None:
    assert load(tmp_path) == ""


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"to": "absent"}, "a flow adds to a cumulative metric of this service"),
        ({"to": "autres"}, "a flow adds to a cumulative metric of this service"),
        ({"to": "nouveaux"}, "a flow adds to a cumulative metric of this service"),
        ({"nature": "stock"}, "a flow adds to a cumulative metric of this service"),
        ({"unit": "agent"}, "in the same unit"),
        ({"also": "adds_to: total,"}, "'nouveaux' already adds to 'total'"),
    ],
)
def test_what_does_not_add_up_is_refused_with_its_line(
    tmp_path: Path, given: dict[str, str], said: str
) -> None:
    faults = load(tmp_path, **given)
    assert said in faults
    assert faults.startswith("essai.yml:")
