"""Columns and tables as they are published: a name for scripts, a label and a sentence for staff.

A published table is read by people and by programs long after the warehouse behind it changed: a column
is added at the end, never renamed and never given another meaning.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Literal

from warehouse.history import Row
from warehouse.publication.publication import Publication

Type = Literal["text", "code", "integer", "year", "number", "boolean", "date", "moment", "url"]


@dataclass(frozen=True, slots=True)
class Column:
    """One column.

    ``label`` and ``fr`` are what staff read, ``en`` the same for engineers.  A ``code`` is one of the keys
    of ``words``, which says each in French; a code that it does not have is shown as it is.  ``unit`` is
    that of the whole column; a column ``in_unit`` has that of the row, which its column ``unit`` says.
    A ``technical`` column is for programs and for proofs: staff find it after all the others.
    """

    name: str
    label: str
    fr: str
    en: str
    type: Type = "text"
    unit: str = ""
    words: Mapping[str, str] = field(default_factory=dict)
    required: bool = False
    in_unit: bool = False
    technical: bool = False

    def in_words(self, value: object) -> object:
        """The value as staff read it: a code in French, anything else as it is."""
        return self.words.get(value, value) if isinstance(value, str) else value


@dataclass(frozen=True, slots=True)
class Table:
    """One published table.

    ``rows`` gives mappings with exactly the names of ``columns``, in an order that no database decides.
    ``in_workbook`` is False for a table too long for a spreadsheet.
    """

    name: str
    title: str
    fr: str
    en: str
    columns: tuple[Column, ...]
    rows: Callable[[Publication], Iterable[Row]]
    in_workbook: bool = True

    def read(self, publication: Publication) -> Iterable[Row]:
        """The rows; of a table that a workbook holds, read once for all who ask: nobody changes them."""
        if not self.in_workbook:
            return self.rows(publication)
        if self.name not in publication.tables:
            publication.tables[self.name] = list(self.rows(publication))
        return publication.tables[self.name]


TRACE = Column(
    "id",
    "Identifiant",
    "Ce que l'on donne à « impact trace » pour remonter jusqu'à la page archivée.",
    "What `impact trace` takes, to walk back to the archived page.",
    required=True,
    technical=True,
)
SERVICE_ID = Column(
    "service_id", "Id. du service", "Identifiant du service dans le portefeuille.", "Portfolio id.",
    required=True, technical=True,
)  # fmt: skip
SERVICE = Column(
    "service", "Service", "Nom du service.", "Name of the service, or its id when the portfolio has none."
)
METRIC_ID = Column(
    "metric_id", "Id. du chiffre", "Identifiant du chiffre dans son service.", "Id within the service.",
    required=True, technical=True,
)  # fmt: skip
LABEL = Column(
    "label", "Chiffre", "Ce qui est mesuré, comme le dit l'équipe du service.", "What is measured (French)."
)
