"""Calls that a page's scripts make with data in them."""

import re
from collections.abc import Iterator

from connectors.embedded.data import Carried, Text, carried
from connectors.errors import ReadingError, WrongFormat
from connectors.text import js_literal

_QUOTED = re.compile(r"[\"'`]#?([^\"'`]+)[\"'`]")


def calls(page: Text, pattern: str) -> Iterator[tuple[str, js_literal.Literal]]:
    """The first argument as written, and all arguments, of each call; one that cannot be read is none."""
    for _, span in page.scripts(data=False):
        code = page.text[: span[1]]
        names = _moved(js_literal.variables(page.text[slice(*span)]), span[0])
        for match in js_literal.in_code(pattern, code, span[0]):
            try:
                args = js_literal.arguments(code, match.end(), names)
            except WrongFormat:
                continue
            yield code[match.end() : match.end() + 200].partition(",")[0], args


def called(pattern: str, page: Text) -> Iterator[Carried | ReadingError]:
    """The arguments of each call of a chart library; the chart's id is in the first."""
    for first, args in calls(page, pattern):
        yield carried(args, *_QUOTED.findall(first))


def _moved(names: js_literal.Names, by: int) -> js_literal.Names:
    """The same variables, with spans in the whole page."""

    def known(name: str) -> js_literal.Literal | None:
        found = names(name)
        if found is None:
            return None
        moved = {place: (start + by, end + by) for place, (start, end) in found.spans.items()}
        return js_literal.Literal(found.value, moved, found.end + by)

    return known
