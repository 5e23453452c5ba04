"""The state that a framework leaves in a page for its scripts: one value, read by path."""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import partial

from connectors.embedded.calls import calls
from connectors.embedded.data import Carried, Text, carried
from connectors.errors import ReadingError, WrongFormat
from connectors.text import js_literal
from connectors.text.js_literal import NOT_DATA
from connectors.text.json_text import Location, decoded, spans
from connectors.text.mapped_text import Mapped, Span, joined, plain, unescaped

MOST_SHARED = 200_000
"""Values of a Nuxt payload; a few that share one another can stand for many more in a few bytes."""

_ASSIGNED = (
    r"(?:\b(?:window|self|globalThis)\s*\.\s*|\b(?:var|let|const)\s+)(?P<name>[A-Za-z_$][\w$]*)\s*=(?![=>])"
)
_PARSED = re.compile(rf"JSON\s*\.\s*parse\s*\(\s*(?P<string>{js_literal.STRINGS})\s*\)")
_FUNCTION = re.compile(r"\(?\s*function\s*\((?P<parameters>[^()]*)\)\s*\{\s*return\b")
_CALLED = re.compile(r"\s*;?\s*\}\s*\)?\s*\(")
_FLIGHT_ROW = re.compile(r"\n*(?P<id>[0-9a-f]*):(?:T(?P<bytes>[0-9a-f]{1,8}),)?")
_WRAPPERS = ("Reactive", "ShallowReactive", "Ref", "ShallowRef", "EmptyRef", "EmptyShallowRef")


# --------------------------------------------------------------------------------- JSON


def _json(mapped: Mapped, *names: str) -> Carried | ReadingError:
    """A JSON text; what is wrong with one costs no other."""
    try:
        return Carried(names, decoded(mapped.text), partial(_json_spans, mapped))
    except WrongFormat as error:
        return error


def _json_spans(mapped: Mapped, locations: Iterable[Location]) -> dict[Location, Span]:
    wanted = list(locations)
    found = spans(mapped.text, wanted)
    return {location: mapped.span(*_inside(mapped.text, found[location])) for location in wanted}


def _inside(text: str, span: Span) -> Span:
    """The span of a string without its quotes; any other as it is."""
    start, end = span
    return (start + 1, end - 1) if text[start] == '"' and end - start > 2 else span


def json_scripts(page: Text, wanted: Callable[[str, str], bool]) -> Iterator[Carried | ReadingError]:
    """The scripts that hold JSON and whose id and type are ``wanted``."""
    for tag, span in page.scripts(data=True):
        name, kind = page.of(tag, "id") or "", page.of(tag, "type") or ""
        if wanted(name, kind) and page.text[slice(*span)].strip():
            yield _json(plain(page.text, *span), name)


# ------------------------------------------------------------------------------- flight


def flight(page: Text) -> Iterator[Carried | ReadingError]:
    """The rows of Next's flight, which is cut into chunks anywhere: one value under each row's id."""
    stream = joined(_chunks(page))
    rows = dict(_flight_rows(stream.text))
    texts = {name: stream.text[start:end] for name, (start, end) in rows.items()}
    read = {name: _json(Mapped(text, (), ())) for name, text in texts.items()}
    values = {name: row.value for name, row in read.items() if isinstance(row, Carried)}
    if values:
        starts = {name: start for name, (start, _) in rows.items()}
        yield Carried(
            (), values, partial(_flight_spans, stream, texts, starts), partial(_flight_token, texts)
        )


def _chunks(page: Text) -> Iterator[Mapped]:
    for _, args in calls(page, r"\bself\s*\.\s*__next_f\s*\.\s*push\s*\("):
        match args.value:
            case [[1, str()]]:
                yield unescaped(page.text, *args.spans[0, 1])


def _flight_rows(stream: str) -> Iterator[tuple[str, Span]]:
    """Each row and its span; a text row says its length in bytes, every other ends with its line."""
    at = 0
    while head := _FLIGHT_ROW.match(stream, at):
        if head["bytes"]:
            at = head.end() + _characters(stream, head.end(), int(head["bytes"], 16))
            continue
        end = stream.find("\n", head.end())
        end = len(stream) if end < 0 else end
        yield head["id"], (head.end(), end)
        at = end + 1


def _characters(text: str, at: int, size: int) -> int:
    """How many characters of ``text`` from ``at`` on fill ``size`` bytes of UTF-8."""
    return len(text[at : at + size].encode(errors="replace")[:size].decode(errors="ignore"))


def _flight_token(rows: Mapping[str, str], location: Location) -> str:
    row, inside = rows[str(location[0])], location[1:]
    return row[slice(*spans(row, [inside])[inside])]


def _flight_spans(
    stream: Mapped, rows: Mapping[str, str], starts: Mapping[str, int], locations: Iterable[Location]
) -> dict[Location, Span]:
    asked: dict[str, list[Location]] = {}
    for location in locations:
        asked.setdefault(str(location[0]), []).append(location[1:])
    found: dict[Location, Span] = {}
    for name, inside in asked.items():
        for location, span in spans(rows[name], inside).items():
            start, end = _inside(rows[name], span)
            found[name, *location] = stream.span(starts[name] + start, starts[name] + end)
    return found


# ---------------------------------------------------------------------------- variables


def variables(page: Text) -> Iterator[Carried | ReadingError]:
    """What scripts assign to variables of the window or of their own."""
    for _, span in page.scripts(data=False):
        code = page.text[: span[1]]
        for match in js_literal.in_code(_ASSIGNED, code, span[0]):
            yield _assigned(code, match.end(), match["name"])


def _assigned(code: str, at: int, name: str) -> Carried | ReadingError:
    at = js_literal.after_blank(code, at)
    text = _PARSED.match(code, at)
    if text:
        return _json(unescaped(code, text.start("string") + 1, text.end("string") - 1), name)
    try:
        literal = _function_result(code, at) or js_literal.parse(code, at)
    except WrongFormat as error:
        return error
    if js_literal.continues(code, literal.end):
        return WrongFormat(f"{name} is an expression, not data")
    return carried(literal, name)


def _function_result(code: str, at: int) -> js_literal.Literal | None:
    """What ``(function(a,b){return {…a…b…}})(1,2)`` gives: Nuxt 2 writes its repeated values that way.

    Raises:
        WrongFormat: the function does more than return data.
    """
    function = _FUNCTION.match(code, at)
    if not function:
        return None
    end = js_literal.parse(code, function.end()).end
    call = _CALLED.match(code, end)
    if not call:
        raise WrongFormat("a function does more than return data")
    given = js_literal.arguments(code, call.end())
    names = [name.strip() for name in function["parameters"].split(",")]
    returned = js_literal.parse(code, function.end(), partial(_argument, names, given))
    return js_literal.Literal(returned.value, returned.spans, js_literal.after_closing(code, given.end))


def _argument(names: Sequence[str], given: js_literal.Literal, name: str) -> js_literal.Literal | None:
    values = given.value if isinstance(given.value, list) else []
    if names.count(name) != 1 or names.index(name) >= len(values):
        return None
    rank = names.index(name)
    inside = {place[1:]: span for place, span in given.spans.items() if place and place[0] == rank}
    return js_literal.Literal(values[rank], inside, given.end)


# --------------------------------------------------------------------------------- Nuxt


def nuxt(page: Text) -> Iterator[Carried | ReadingError]:
    """Nuxt's state: a payload (``_payload.json`` itself, or in the page), or ``window.__NUXT__``."""
    if page.text.lstrip()[:1] in ("[", "{"):
        yield _revived(_json(plain(page.text, 0, len(page.text))))
        return
    for each in json_scripts(page, lambda name, _: name == "__NUXT_DATA__"):
        yield _revived(each)
    for found in variables(page):
        if isinstance(found, Carried) and "__NUXT__" in found.names:
            yield found


def _revived(payload: Carried | ReadingError) -> Carried | ReadingError:
    """A payload in which every value is the rank of another (Nuxt 3 writes with ``devalue``) made whole."""
    flat = payload.value if isinstance(payload, Carried) else None
    if not isinstance(payload, Carried) or not isinstance(flat, list):
        return payload
    origins: dict[Location, Location] = {}
    try:
        value = _value_of(flat, 0, (), origins)
    except RecursionError:
        return WrongFormat("the payload is nested too deep to be read")
    except (WrongFormat, IndexError) as error:
        return WrongFormat(f"the payload cannot be made whole: {error}")
    return Carried(payload.names, value, partial(_payload_spans, payload, origins))


def _payload_spans(
    payload: Carried, origins: Mapping[Location, Location], asked: Iterable[Location]
) -> dict[Location, Span]:
    places = {each: origins.get(each, ()) for each in asked}
    found = payload.where(places.values())
    return {each: found[place] for each, place in places.items()}


def _value_of(
    flat: Sequence[object], rank: object, here: Location, origins: dict[Location, Location]
) -> object:
    """The value at a rank; negative ranks are ``undefined``, ``NaN`` and the like."""
    if not isinstance(rank, int) or rank < 0:
        return None
    if len(origins) > MOST_SHARED:
        raise WrongFormat(f"it has more than {MOST_SHARED} values")
    origins[here] = (rank,)
    match flat[rank]:
        case [str() as kind, int() as inner] if kind in _WRAPPERS:
            return _value_of(flat, inner, here, origins)
        case ["Date", str() as date]:
            origins[here] = (rank, 1)
            return date
        case [str(), *_]:
            return NOT_DATA
        case list() as ranks:
            return [_value_of(flat, inner, (*here, index), origins) for index, inner in enumerate(ranks)]
        case dict() as members:
            return {key: _value_of(flat, inner, (*here, key), origins) for key, inner in members.items()}
        case leaf:
            return leaf
