"""Impact national: what the rules say of each service, on what evidence, and what is missing."""

from collections.abc import Iterable, Iterator

from warehouse import words
from warehouse.history import Row, current
from warehouse.publication.column import SERVICE, SERVICE_ID, TRACE, Column, Table
from warehouse.publication.publication import Publication, in_order
from warehouse.tables import criteria, missing_evidence, qualifications


def _criterion(name: str) -> tuple[Column, ...]:
    label = words.CRITERIA[name]
    return (
        Column(
            name,
            label,
            f"Le critère « {label} » est-il rempli ?",
            f"Verdict of the criterion: {name}.",
            "code",
            words=words.VERDICTS,
        ),
        Column(
            f"{name}_evidence",
            f"{label} : preuves",
            "Ce qui en décide, une preuve par ligne.",
            "What decides it, one line each (French).",
        ),
        Column(
            f"{name}_id",
            f"{label} : id.",
            "Ce que l'on donne à « impact trace » pour ce critère.",
            "What `impact trace` takes for this criterion.",
            technical=True,
        ),
    )


_COLUMNS = (
    Column(
        "as_of", "Depuis le", "Le jour depuis lequel cela vaut.", "The day from which this holds.", "date"
    ),
    Column(
        "designated",
        "Désigné",
        "Vrai si le programme l'a désigné service à impact national.",
        "True when the programme designated it.",
        "boolean",
        required=True,
    ),
    Column("cohort", "Promotion", "Année de sa désignation.", "Year of its cohort.", "year"),
    Column(
        "verdict",
        "Selon les règles",
        "Ce que disent les trois critères réunis ; « indéterminé » n'est jamais un non.",
        "What the three criteria give together; unknown is never a no.",
        "code",
        words=words.VERDICTS,
        required=True,
    ),
    *(column for name in words.CRITERIA for column in _criterion(name)),
    Column(
        "missing",
        "Ce qui manque",
        "Ce qui manque pour que chaque critère soit rempli, une ligne chacun.",
        "What each criterion lacks, one line each (French).",
    ),
    Column(
        "disagreement",
        "Désaccord",
        "Pourquoi les règles et la désignation diffèrent ; vide quand elles s'accordent.",
        "Why rules and designation differ (French); empty when they agree.",
    ),
    Column("rule_set", "Règles", "Le jeu de règles appliqué.", "Id of the rule set.", required=True),
)


def _rows(publication: Publication) -> Iterator[Row]:
    connection, at = publication.connection, publication.night.at
    judged = current(connection, qualifications, ("service_id", "rule_set"), at)
    if not judged:
        return
    rules = max(judged, key=lambda row: (row["known_at"], row["rule_set"]))["rule_set"]
    found = current(
        connection, criteria, ("service_id", "rule_set", "criterion"), at, criteria.c.rule_set == rules
    )
    lacking = current(
        connection,
        missing_evidence,
        ("service_id", "rule_set", "criterion", "lacks"),
        at,
        missing_evidence.c.rule_set == rules,
    )
    by_service = _by_service(found), _by_service(in_order(lacking, "criterion", "lacks"))
    for row in in_order(judged, "service_id"):
        if row["rule_set"] == rules:
            yield _row(publication, row, *(group.get(row["service_id"], []) for group in by_service))


def _by_service(rows: Iterable[Row]) -> dict[str, list[Row]]:
    grouped: dict[str, list[Row]] = {}
    for row in rows:
        grouped.setdefault(row["service_id"], []).append(row)
    return grouped


def _row(publication: Publication, judged: Row, found: list[Row], lacking: list[Row]) -> Row:
    names = ("id", "service_id", "as_of", "designated", "cohort", "verdict", "disagreement", "rule_set")
    by_criterion = {row["criterion"]: row for row in found}
    told = {name: judged[name] for name in names} | {"service": publication.name(judged["service_id"])}
    for name in words.CRITERIA:
        told |= _told(name, by_criterion.get(name))
    lines = [f"{words.CRITERIA[row['criterion']]} : {_continued(row['sentence'])}" for row in lacking]
    return told | {"missing": "\n".join(lines) or None}


def _continued(sentence: str) -> str:
    """A sentence after a colon."""
    return sentence[:1].lower() + sentence[1:]


def _told(name: str, row: Row | None) -> Row:
    evidence = "\n".join(one["sentence"] for one in row["evidence"] or ()) if row else ""
    return {
        name: row["verdict"] if row else None,
        f"{name}_evidence": evidence or None,
        f"{name}_id": row["id"] if row else None,
    }


TABLE = Table(
    "impact_national",
    "Impact national",
    "Pour chaque service du portefeuille : les trois critères d'impact national, leurs preuves, ce qui"
    " manque, et la désignation officielle à côté.",
    "For each service of the portfolio: the three criteria of national impact, their evidence, what is"
    " missing, and the official designation beside.",
    (TRACE, SERVICE_ID, SERVICE, *_COLUMNS),
    _rows,
)
