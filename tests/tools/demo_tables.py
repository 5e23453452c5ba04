"""What people read of the demo's nights, in French."""

from pathlib import Path
from typing import Any

import sqlalchemy as sa
from rich.markup import escape
from rich.table import Table

from connectors import catalog
from pipelines.report import console
from warehouse import candidates, extractions, portfolios
from warehouse import observations as observations_of
from warehouse.derived import incidents
from warehouse.derived.comparison import Comparison, agree
from warehouse.history import Row, current
from warehouse.metrics import declared
from warehouse.night import Night
from warehouse.normalisation.numbers import show
from warehouse.normalisation.units import unit
from warehouse.tables import criteria, growth, observations, qualifications
from warehouse.words import AGREEMENTS, VERDICTS, reason

PRINTED = {
    ("demarches-simplifiees.fr", "dossiers_deposes"): "+10 %",
    ("ban", "part_adresses"): "+18 pts",
    ("dossierfacile", "dossiers_valides"): "+160 %",
    ("signalement", "promesses_action"): "+198 %",
    ("nosgestesclimat", "simulations_terminees"): "+73 %",
    ("rdv-service-public", "rendez_vous_pris"): "x16",
    ("trackdechets", "tonnes_traitees"): "+76 %",
    ("conseillers-entreprises", "besoins_traites"): "+121 %",
}
"""Growth as Bilan 2023 prints it."""


def show_growth(connection: sa.Connection, night: Night) -> None:
    """Growth as computed beside what Bilan 2023 prints."""
    table = Table(title="Croissance 2022 → 2023, à côté du bilan imprimé", title_justify="left")
    for name in ("service", "chiffre", "fin 2022", "fin 2023", "calculé", "imprimé", "accord"):
        table.add_column(name, overflow="fold")
    labels = _labels(connection, night)
    rows = current(connection, growth, ("service_id", "metric_id", "period"), night.at)
    by_figure = {(row["service_id"], row["metric_id"]): row for row in rows if row["period"] == "2023"}
    for figure, printed in PRINTED.items():
        row = by_figure.get(figure)
        ends = [_printed(connection, row[name]) for name in _ENDS] if row else ["—", "—"]
        computed = row["display"] if row else "—"
        table.add_row(figure[0], labels[figure], *ends, computed, printed, _agreement(row, printed))
    console.print(table)


_ENDS = ("base_observation_id", "observation_id")


def _labels(connection: sa.Connection, night: Night) -> dict[tuple[str, str], str]:
    return {about: row["label"] for about, row in declared(connection, night).items()}


def _printed(connection: sa.Connection, observation_id: str) -> str:
    row = (
        connection.execute(sa.select(observations).where(observations.c.id == observation_id))
        .mappings()
        .one()
    )
    return show(row["value"], "%") if row["unit"] == "%" else f"{show(row['value'])} {_plural(row)}"


def _plural(row: Any) -> str:
    return unit(row["unit"]).plural if abs(row["value"]) >= 2 else unit(row["unit"]).singular


def _agreement(row: Row | None, printed: str) -> str:
    if row is None:
        return "pas de donnée"
    computed = Comparison(row["kind"], row["value"], row["low"], row["high"], row["display"], row["rule"])
    return AGREEMENTS[agree(printed, computed)]


def show_impact_national(connection: sa.Connection, night: Night) -> None:
    """The services designated, criterion by criterion."""
    table = Table(title=f"Services désignés à impact national, au {night.day:%d/%m/%Y}", title_justify="left")
    for name in ("service", "cohorte", "déployé", "impact", "qualité", "preuve principale de chaque critère"):
        table.add_column(name, overflow="fold")
    verdicts = _in_force(current(connection, qualifications, ("service_id", "rule_set"), night.at))
    found = _in_force(current(connection, criteria, ("service_id", "rule_set", "criterion"), night.at))
    by_service = {(row["service_id"], row["criterion"]): row for row in found}
    names = _names(connection, night)
    for row in sorted((row for row in verdicts if row["designated"]), key=_by_cohort):
        judged = [by_service[row["service_id"], name] for name in ("deployment", "impact", "quality")]
        cells = [VERDICTS[one["verdict"]] for one in judged]
        proofs = "\n".join(f"· {one['evidence'][0]['sentence']}" for one in judged if one["evidence"])
        called = names.get(row["service_id"], row["service_id"])
        table.add_row(called, str(row["cohort"]), *cells, escape(proofs))
    console.print(table)


def _in_force(rows: list[Row]) -> list[Row]:
    """The rows of the newest rule set."""
    newest = max((row["rule_set"] for row in rows), default="")
    return [row for row in rows if row["rule_set"] == newest]


def _by_cohort(row: Row) -> tuple[int, str]:
    return row["cohort"], row["service_id"]


def _names(connection: sa.Connection, night: Night) -> dict[str, str]:
    """Names as the portfolio gives them, and as the service files do."""
    told = {product.id: product.name for product in portfolios.products(connection, night.at)}
    return told | {service.id: service.name for service in catalog.load().values()}


def show_troubles(connection: sa.Connection, night: Night, services: Path) -> None:
    """What is missing, and why."""
    table = Table(title="Ce qui manque cette nuit, et pourquoi", title_justify="left")
    for name in ("service", "chiffres", "raison", "détail du premier"):
        table.add_column(name, overflow="fold")
    with_figures = observations_of.tell(connection, catalog.load(services), night).understood
    grouped: dict[tuple[str, str], list[str]] = {}
    for row in extractions.missing(connection, night, with_figures):
        grouped.setdefault((row["service_id"], row["reason"]), []).append(row["sentence"])
    for (service, code), sentences in grouped.items():
        table.add_row(service, str(len(sentences)), reason(code), escape(sentences[0]))
    console.print(table)


def show_incidents(connection: sa.Connection, night: Night) -> None:
    """What changed on the pages that night, told apart, with the patches that are ready."""
    table = Table(title=f"Pages qui ont changé, nuit du {night.day:%d/%m/%Y}", title_justify="left")
    for name in ("service", "chiffre", "ce qui se passe", "correction proposée"):
        table.add_column(name, overflow="fold")
    rows = [row for row in incidents.open_now(connection, night) if row["first_night"] == night.day]
    for row in rows:
        figure = row["metric_id"] or "toute la page"
        table.add_row(row["service_id"], figure, reason(row["kind"]), escape(row["mend"] or "aucune"))
    console.print(table)
    patch = next((row["patch"] for row in rows if row["patch"]), "")
    console.print(escape(patch), highlight=False)


def show_candidates(connection: sa.Connection, night: Night) -> None:
    """What was discovered for services that nobody configured."""
    table = Table(
        title="Découvert sur des pages que personne n'a décrites (non publié)", title_justify="left"
    )
    for name in ("service", "libellé", "imprimé", "confiance"):
        table.add_column(name, overflow="fold")
    for row in candidates.proposed(connection, night):
        table.add_row(
            row["service_id"], escape(row["label"]), escape(row["exact"]), f"{row['confidence']:.2f}"
        )
    console.print(table)
