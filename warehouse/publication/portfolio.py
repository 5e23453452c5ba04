"""Portfolio: how many services, by what, at the start of each year and since each change."""

from collections.abc import Iterator

from warehouse import words
from warehouse.history import Row, current
from warehouse.publication.column import TRACE, Column, Table
from warehouse.publication.publication import Publication, in_order
from warehouse.tables import portfolio_counts

PRODUCTS = Column(
    "products",
    "Produits comptés",
    "Identifiants des produits (ou des incubateurs) derrière le nombre.",
    "Ids of the products (or of the incubators) behind the number, separated by a comma and a space.",
)

_COLUMNS = (
    Column("as_of", "Au", "La date.", "The date.", "date", required=True),
    Column("measure", "Mesure", "Nom court de ce qui est compté.", "Short name of what is counted.",
           required=True, technical=True),
    Column("label", "Ce qui est compté", "Ce qui est compté.", "What is counted (French).", required=True),
    Column("value", "Nombre", "Combien.", "How many.", "integer", required=True),
    PRODUCTS,
)  # fmt: skip


def _rows(publication: Publication) -> Iterator[Row]:
    """As known at the moment asked: no check on figures bars what rests on the portfolio alone."""
    key = ("as_of", "measure")
    rows = current(publication.connection, portfolio_counts, key, publication.now.at)
    for row in in_order(rows, *key):
        named = {name: row[name] for name in ("id", *key, "value")}
        yield named | {"label": _label(row["measure"]), "products": listed(row["products"])}


def _label(measure: str) -> str:
    name, _, which = measure.partition(":")
    return f"{words.MEASURES.get(name, name)} {which}".strip()


def listed(ids: list[str] | None) -> str | None:
    """Ids as one cell."""
    return ", ".join(ids) if ids else None


TABLE = Table(
    "portfolio",
    "Portefeuille",
    "Les décomptes du portefeuille, au 1er janvier de chaque année et à chaque changement.",
    "Counts over the portfolio, at each 1 January and at each change.",
    (TRACE, *_COLUMNS),
    _rows,
)
