"""XLSX: one workbook for staff, a sheet to a table, French formats, figures linked to their proof."""

from collections.abc import Iterable, Sequence
from datetime import UTC, date, datetime, time
from decimal import Decimal
from pathlib import Path
from typing import Any

import xlsxwriter
from xlsxwriter.exceptions import FileCreateError

from pipelines.exports.cell import clean, is_like_a_formula
from warehouse.history import Row
from warehouse.publication.column import Column, Table
from warehouse.publication.publication import Publication

LONGEST = 32_767
"""Characters that a cell may have; a longer text ends in an ellipsis."""

_LONGEST_LINK = 1_000
_MOST_LINKS = 32_000
"""Characters of a link, and links of a sheet: half of what Excel takes; a figure beyond has none."""

_FRENCH = "[$-40C]"
_WIDTHS = {
    "text": 28,
    "code": 20,
    "url": 40,
    "integer": 11,
    "year": 11,
    "number": 16,
    "boolean": 11,
    "date": 12,
    "moment": 18,
}
_SUFFIXES = {"%": '"\u00a0%"', "€": '"\u00a0€"'}
_A4 = 9
_LINKED = ("value", "display")
"""The cells that lead to the proof of their row."""


def write(tables: Sequence[Table], publication: Publication, path: Path, site: str | None = None) -> None:
    """Write the workbook.

    Args:
        tables: those to show; the ones that are too long for a spreadsheet are left out.
        publication: what may be read.
        path: the file.
        site: where the site is, from the workbook or as an address: a figure then leads to its page there,
            ``figures/<id>.html``; else to the page that printed it.
    """
    book = Workbook(path, publication.night.day)
    shown = [table for table in tables if table.in_workbook]
    book.read_me(shown, publication)
    for table in shown:
        book.table(table, table.read(publication), site)
    book.dictionary(shown)
    book.close()


def for_people(table: Table) -> list[Column]:
    """The columns of a table as its sheet has them: what only programs and proofs need comes last."""
    return sorted(table.columns, key=lambda column: column.technical)


class Workbook:
    """A workbook on its way; ``created`` stands in for the clock: the same rows make the same bytes."""

    def __init__(self, path: Path, created: date) -> None:
        self.book = xlsxwriter.Workbook(
            str(path), {"strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
        )
        self.book.set_properties({"created": datetime.combine(created, time())})
        self._formats: dict[tuple[tuple[str, Any], ...], Any] = {}

    def close(self) -> None:
        """Write it.

        Raises:
            OSError: there is no room for it, or its folder cannot be written.
        """
        try:
            self.book.close()
        except FileCreateError as error:
            raise error.args[0] from error

    def table(self, table: Table, rows: Iterable[Row], site: str | None) -> None:
        """A sheet with the rows of a table."""
        columns = for_people(table)
        sheet = self._sheet(table.title, [column.label for column in columns])
        last = 0
        for last, row in enumerate(rows, 1):
            link = _link(row, site) if last * len(_LINKED) <= _MOST_LINKS else None
            for place, column in enumerate(columns):
                self._cell(sheet, last, place, column, row, link)
        for place, column in enumerate(columns):
            sheet.set_column(place, place, _WIDTHS[column.type])
        sheet.autofilter(0, 0, max(last, 1), len(columns) - 1)

    def read_me(self, tables: Sequence[Table], publication: Publication) -> None:
        """The first sheet: which night, what is not shown, what each sheet holds."""
        sheet = self._sheet("À lire", ["Feuille", "Ce qu'elle contient"])
        lines = [
            ("Nuit", f"Chiffres connus à l'issue de la nuit du {publication.night.day:%d/%m/%Y}."),
            *([("Attention", publication.notice)] if publication.notice else []),
            *((table.title, table.fr) for table in tables),
            ("Dictionnaire", "Ce que veut dire chaque colonne."),
        ]
        self._lines(sheet, lines, (22, 110))

    def dictionary(self, tables: Sequence[Table]) -> None:
        """The last sheet: every column of every table."""
        sheet = self._sheet(
            "Dictionnaire",
            ["Feuille", "Colonne", "Ce qu'elle veut dire", "Nom", "Type", "Unité", "Mots", "English"],
        )
        lines = [
            (
                table.title,
                column.label,
                column.fr,
                f"{table.name}.{column.name}",
                column.type,
                column.unit,
                " ; ".join(f"{code} = {word}" for code, word in column.words.items()),
                column.en,
            )
            for table in tables
            for column in for_people(table)
        ]
        self._lines(sheet, lines, (20, 24, 70, 30, 10, 10, 50, 70))
        sheet.autofilter(0, 0, len(lines), 7)

    # --- cells -------------------------------------------------------------------------------

    def _sheet(self, title: str, labels: Sequence[str]) -> Any:
        sheet = self.book.add_worksheet(title)
        sheet.freeze_panes(1, 0)
        sheet.set_landscape()
        sheet.set_paper(_A4)
        sheet.repeat_rows(0)
        for place, label in enumerate(labels):
            sheet.write_string(0, place, label, self._format(bold=True, text_wrap=True, valign="top"))
        return sheet

    def _lines(self, sheet: Any, lines: Iterable[Sequence[str]], widths: Sequence[int]) -> None:
        for number, line in enumerate(lines, 1):
            for place, text in enumerate(line):
                self._text(sheet, number, place, text)
        for place, width in enumerate(widths):
            sheet.set_column(place, place, width)

    def _cell(self, sheet: Any, line: int, place: int, column: Column, row: Row, link: str | None) -> None:
        value = column.in_words(row[column.name])
        if column.name in _LINKED and link and value is not None:
            sheet.write_url(line, place, link)  # the value that follows takes its cell, and keeps the link
        else:
            link = None
        linked = {"font_color": "#000091", "underline": 1} if link else {}
        match value:
            case None:
                pass
            case bool():
                sheet.write_boolean(line, place, value)
            case Decimal() | int():
                shape = _shape(Decimal(value), column, row)
                sheet.write_number(line, place, float(value), self._format(num_format=shape, **linked))
            case datetime():
                shape = self._format(num_format=f"{_FRENCH}dd/mm/yyyy hh:mm")
                sheet.write_datetime(line, place, value.astimezone(UTC).replace(tzinfo=None), shape)
            case date():
                shape = self._format(num_format=f"{_FRENCH}dd/mm/yyyy")
                sheet.write_datetime(line, place, value, shape)
            case _:
                self._text(sheet, line, place, str(value), **linked)

    def _text(self, sheet: Any, line: int, place: int, text: str, **look: Any) -> None:
        """A text is typed as such and never run; marked as quoted, it is not run when edited either."""
        shown = clean(text)
        if len(shown) > LONGEST:
            shown = f"{shown[: LONGEST - 1]}…"
        if is_like_a_formula(shown):
            look["quote_prefix"] = True
        sheet.write_string(line, place, shown, self._format(**look) if look else None)

    def _format(self, **look: Any) -> Any:
        key = tuple(sorted(look.items()))
        if key not in self._formats:
            self._formats[key] = self.book.add_format(look)
        return self._formats[key]


def _shape(value: Decimal, column: Column, row: Row) -> str:
    """The number format: thousands apart, the decimals that there are, the sign of percent or euros."""
    if column.type == "year":
        return "0"
    exponent = value.normalize().as_tuple().exponent
    decimals = -exponent if isinstance(exponent, int) and exponent < 0 else 0
    suffix = _SUFFIXES.get(row["unit"] or "", "") if column.in_unit else ""
    return f"{_FRENCH}#,##0{'.' if decimals else ''}{'0' * decimals}{suffix}"


def _link(row: Row, site: str | None) -> str | None:
    """The proof of a figure or of a growth: its page on the site, else the page that printed it."""
    if site is None:
        address = row.get("source_url") or ""
    else:
        observation = row.get("observation_id") or (row["id"] if "source_url" in row else None)
        address = f"{site.rstrip('/')}/figures/{observation}.html" if observation else ""
    if not address or len(address) > _LONGEST_LINK:
        return None
    return address if address.startswith(("http://", "https://")) else f"external:{address}"
