"""Data and methods: what each column means, the rules and thresholds, the checks, the downloads."""

from collections.abc import Iterator

from pipelines.check_words import CHECKS
from pipelines.exports.export import WORKBOOK
from pipelines.exports.package import NAME
from pipelines.site.page import Page
from pipelines.site.record import Record
from warehouse.derived.rules import RuleSet, load_rules
from warehouse.dictionary import entries
from warehouse.history import Row
from warehouse.publication.national import TABLE as NATIONAL
from warehouse.publication.tables import TABLES
from warehouse.words import REACHES

DATA = "donnees"
"""The folder of the tables to download, in the site's."""


def pages(record: Record) -> Iterator[Page]:
    """The page of data and methods."""
    yield Page(
        "donnees-et-methodes.html",
        "methods.html.j2",
        {
            "tables": [
                {
                    "name": table.name,
                    "title": table.title,
                    "fr": table.fr,
                    "columns": [
                        (column.name, column.label, column.fr, column.unit) for column in table.columns
                    ],
                }
                for table in TABLES
            ],
            "warehouse": [row._asdict() for row in entries()],
            "rules": [_rules(one) for one in reversed(load_rules())],
            "checks": CHECKS,
            "bounds": _bounds(record),
            "downloads": _downloads(),
        },
    )


def _rules(rules: RuleSet) -> Row:
    """A rule set in French."""
    return {
        "id": rules.id,
        "valid_from": rules.valid_from,
        "valid_until": rules.valid_until,
        "source": rules.source,
        "deployment": rules.deployment.why,
        "impact": [(REACHES.get(reach, reach), one.at_least, one.why) for reach, one in rules.impact.items()],
        "quality": list(rules.quality.values()),
    }


def _bounds(record: Record) -> list[Row]:
    """The bounds that service files declare, for the figures that have some."""
    names = ("service_id", "label", "unit", "expect_min", "expect_max", "expect_factor", "max_age_days")
    return [
        {name: row[name] for name in names} | {"service": record.publication.name(row["service_id"])}
        for row in record.publication.metrics.values()
        if any(row[name] is not None for name in names[3:])
    ]


def _downloads() -> list[Row]:
    """The files of the export, which are there before the pages."""
    files = [{"words": "Toutes les tables, pour un tableur (XLSX)", "files": [WORKBOOK]}]
    for table in (*TABLES, NATIONAL):
        kinds = ("csv",) if table is NATIONAL else ("csv", "parquet")
        files.append({"words": table.title, "files": [f"{table.name}.{kind}" for kind in kinds]})
    return [*files, {"words": "Description de tous ces fichiers (data package)", "files": [NAME]}]
