"""The national Table Schema ``impact-service-public-numerique``, and what we add after its columns.

Its fields and their order are those of version 0.3.0 (schema.data.gouv.fr, Licence Ouverte 2.0), followed
by ``type_indicateur`` of version 0.5.0; its names are French, so those of the columns that we add are too.
"""

from collections.abc import Iterator

from warehouse import words
from warehouse.history import Row
from warehouse.normalisation.units import UNITS
from warehouse.publication.column import Column, Table
from warehouse.publication.publication import Publication
from warehouse.publication.series import TABLE as SERIES

FREQUENCIES: tuple[tuple[int, int, str], ...] = (
    (7, 7, "hebdomadaire"),
    (28, 31, "mensuelle"),
    (90, 92, "trimestrielle"),
    (181, 184, "semestrielle"),
    (365, 366, "annuelle"),
)
"""Least and greatest length of a period, in days, and the frequency at which it is followed."""

_EVERY_NIGHT, _OTHER = "quotidienne", "autre"
_ENUM = {name: name for name in (_EVERY_NIGHT, *(name for *_, name in FREQUENCIES), _OTHER)}
_DATAVIZ = {name: name for name in ("linechart", "barchart", "map", "scatterplot", "piechart")}

_NATIONAL = (
    Column("administration_rattachement", "Administration", "Incubateur qui porte le service.",
           "Incubator that carries the service.", required=True),
    Column("nom_service_public_numerique", "Service", "Nom du service.", "Name of the service.",
           required=True),
    Column("indicateur", "Indicateur", "Ce qui est mesuré, le même texte pour chaque mesure.",
           "What is measured, the same text for each measure.", required=True),
    Column("valeur", "Valeur", "La valeur à la date dite.", "The value at that date.", "number",
           required=True),
    Column("unite_mesure", "Unité", "L'unité ; « unité » pour un décompte.", "Unit; « unité » for a count.",
           required=True),
    Column("est_cible", "Cible", "Toujours faux : des valeurs mesurées.", "Always false: measured values.",
           "boolean", required=True),
    Column("frequence_monitoring", "Fréquence", "Longueur de la période que la valeur décrit ; quotidienne"
           " pour une valeur relue chaque nuit.", "Length of the period described; daily for what is read"
           " every night.", "code", words=_ENUM, required=True),
    Column("date", "Date", "Date de la mesure, fin de la période.", "Day of measure, end of the period.",
           "date", required=True),
    Column("est_periode", "Sur une période", "Vrai pour une période, faux pour un stock ou un cumul.",
           "True over a period, false for a stock or a total.", "boolean", required=True),
    Column("date_debut", "Début", "Début de la période.", "Start of the period.", "date"),
    Column("est_automatise", "Automatisé", "Toujours vrai.", "Always true.", "boolean", required=True),
    Column("source_collecte", "Source", "Toujours « script ».", "Always « script ».", required=True),
    Column("code_insee", "Code INSEE", "Vide : le pays entier.", "Empty: the whole country."),
    Column("dataviz_wish", "Graphique", "Vide : aucun vœu.", "Empty: no wish.", "code", words=_DATAVIZ),
    Column("commentaires", "Commentaires", "Limites connues de la valeur.", "Known limits of the value."),
    Column("type_indicateur", "Usage ou impact", "usage ou impact.", "usage or impact.", "code",
           words=words.KINDS),
)  # fmt: skip

_OURS = (
    Column("id_observation", "Identifiant", "Ce que l'on donne à « impact trace ».", "What `impact trace`"
           " takes.", required=True),
    Column("id_service", "Id. du service", "Identifiant dans le portefeuille.", "Portfolio id.",
           required=True),
    Column("id_indicateur", "Id. de l'indicateur", "Identifiant dans le service.", "Id within the service.",
           required=True),
    Column("nature", "Nature", "Ce qu'est la valeur.", "What the value is.", "code", words=words.NATURES,
           required=True),
    Column("dimension", "Dimension", "Dimension de la matrice d'impact.", "Dimension of the impact matrix."),
    Column("unite_precise", "Unité précise", "Ce qui est compté.", "What is counted.", required=True),
    Column("valeur_basse", "Valeur basse", "La plus petite que la précision imprimée permet.",
           "Least value that the printed precision allows.", "number"),
    Column("valeur_haute", "Valeur haute", "La plus grande que la précision imprimée permet.",
           "Greatest value that the printed precision allows.", "number"),
    Column("precision_annoncee", "Précision annoncée", "Ce que la page annonce.", "What the page says.",
           "code", words=words.QUALIFIERS, required=True),
    Column("texte_imprime", "Tel qu'imprimé", "Les caractères exacts.", "The exact characters.",
           required=True),
    Column("url_source", "Page source", "L'adresse qui l'a imprimé.", "Address that printed it.", "url"),
    Column("sha256", "Empreinte", "De la réponse archivée.", "SHA-256 of the archived response.",
           required=True),
    Column("emplacement", "Emplacement", "Sa place dans la réponse.", "Its place in the response.",
           required=True),
    Column("connu_le", "Connu le", "Quand nous l'avons su.", "When we knew it.", "moment", unit="UTC",
           required=True),
)  # fmt: skip


def _rows(publication: Publication) -> Iterator[Row]:
    for row in SERIES.rows(publication):
        yield _national(publication, row) | _ours(publication, row)


def _national(publication: Publication, row: Row) -> Row:
    metric = publication.metrics[row["service_id"], row["metric_id"]]
    product = publication.services.get(row["service_id"], {})
    start = row["period_start"] if _over_a_period(row) else None
    return {
        "administration_rattachement": product.get("incubator") or "non précisée",
        "nom_service_public_numerique": row["service"],
        "indicateur": row["label"],
        "valeur": row["value"],
        "unite_mesure": _unit(row["unit"]),
        "est_cible": False,
        "frequence_monitoring": _frequency(row),
        "date": row["period_end"],
        "est_periode": _over_a_period(row),
        "date_debut": start,
        "est_automatise": True,
        "source_collecte": "script",
        "code_insee": None,
        "dataviz_wish": None,
        "commentaires": _limits(row, metric),
        "type_indicateur": metric["kind"],
    }


def _ours(publication: Publication, row: Row) -> Row:
    metric = publication.metrics[row["service_id"], row["metric_id"]]
    return {
        "id_observation": row["id"],
        "id_service": row["service_id"],
        "id_indicateur": row["metric_id"],
        "nature": row["nature"],
        "dimension": metric["dimension"],
        "unite_precise": row["unit"],
        "valeur_basse": row["low"],
        "valeur_haute": row["high"],
        "precision_annoncee": row["qualifier"],
        "texte_imprime": row["printed"],
        "url_source": row["source_url"],
        "sha256": row["sha256"],
        "emplacement": row["locator"],
        "connu_le": row["known_at"],
    }


def _over_a_period(row: Row) -> bool:
    """False for what is so on one day, or since launch, which the schema calls a stock."""
    start = row["period_start"]
    return start is not None and (row["nature"] == "flow" or start < row["period_end"])


def _unit(code: str) -> str:
    """The schema wants « unité » for every count, and "note sur 5" for a score."""
    unit = UNITS[code]
    if unit.kind == "score":
        return f"note {unit.singular}"
    return "unité" if unit.kind == "count" else unit.code


def _frequency(row: Row) -> str:
    if not row["complete"] or not _over_a_period(row):
        return _EVERY_NIGHT
    days = (row["period_end"] - row["period_start"]).days + 1
    return next((name for least, most, name in FREQUENCIES if least <= days <= most), _OTHER)


def _limits(row: Row, metric: Row) -> str | None:
    """What a reader must know before using the value."""
    qualifier = words.QUALIFIERS[row["qualifier"]]
    told = {
        f"La page annonce « {qualifier} ».": row["qualifier"] != "exact",
        "La période n'est pas finie.": not row["complete"],
        "Le chiffre est saisi à la main sur la page.": metric["typed"],
    }
    return " ".join(sentence for sentence, true in told.items() if true) or None


TABLE = Table(
    "impact-service-public-numerique",
    "Schéma national",
    "Les valeurs relevées, au format du schéma national « Impact d'un service public numérique ».",
    "The values read, in the format of the national Table Schema.",
    (*_NATIONAL, *_OURS),
    _rows,
    in_workbook=False,
)
NATIONAL_FIELDS = tuple(column.name for column in _NATIONAL)
