"""What a person reads when a service file has the wrong shape: one sentence for each of pydantic's errors."""

import difflib
import re
from collections.abc import Iterable, Iterator

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

from connectors.locators import TokenLocator
from connectors.service import Expect, First, Metric, Page, Service
from connectors.specs.rules import KINDS
from connectors.specs.yaml_lines import Location

MODELS: dict[Location, type[BaseModel]] = {
    (): Service,
    ("pages",): Page,
    ("pages", "first"): First,
    ("pages", "first", "token"): TokenLocator,
    ("pages", "metrics"): Metric,
    ("pages", "metrics", "expect"): Expect,
}
"""The class of each level of a file, by the names on the way (indexes and metric ids left out)."""

SENTENCES = {
    "missing": "field required",
    "literal_error": "{input!r} is none of {ctx[expected]}",
    "string_pattern_mismatch": "{input!r} does not match {ctx[pattern]}",
    "string_type": "a text is required here",
    "model_type": "a mapping (key: value) is required here",
    "model_attributes_type": "a mapping (key: value) is required here",
    "dict_type": "a mapping (key: value) is required here",
    "tuple_type": "a list is required here",
    "too_short": "at least one is required",
}
"""Our words for pydantic's errors, by its error type; the others keep its own."""


def explained(
    errors: ValidationError, model: type[BaseModel] | None = None
) -> Iterator[tuple[Location, str]]:
    """The location and the sentence of each error, relative to what was validated.

    ``model`` is the class that was validated when it is a locator; else it is found on the way.
    """
    details = errors.errors()
    # A key of another kind of locator explains by itself why the right one is missing.
    foreign = [error for error in details if _foreign(error, model)][:1]
    told = [error for error in foreign or details if not _is_echo(error, details, model)]
    for error in told:
        yield _location(error), _sentence(error, _model(error, model))


def _location(error: ErrorDetails) -> Location:
    return tuple(step for step in error["loc"] if step != "[key]")


def _model(error: ErrorDetails, model: type[BaseModel] | None) -> type[BaseModel] | None:
    return model or MODELS.get(_names(_location(error)[:-1]))


def _names(location: Location) -> Location:
    """The keys on the way that the format knows: no index and no id, which are every other step of a page."""
    return ("pages", *location[2:]) if location[2:3] == ("first",) else location[::2]


def _is_echo(error: ErrorDetails, details: list[ErrorDetails], model: type[BaseModel] | None) -> bool:
    """Whether another error tells the same mistake: a list too short of its wrong items, a key misspelt."""
    if error["type"] == "too_short":
        return bool(error["input"])
    misspelt = (other for other in details if other["type"] == "extra_forbidden")
    meant = ((*other["loc"][:-1], _nearest(other["loc"][-1], _keys(other, model))) for other in misspelt)
    return error["type"] == "missing" and error["loc"] in meant


def _keys(error: ErrorDetails, model: type[BaseModel] | None) -> list[str]:
    of = _model(error, model)
    return list(of.model_fields) if of else []


def _foreign(error: ErrorDetails, model: type[BaseModel] | None) -> str | None:
    """The protocol whose locators have the key that this locator does not know."""
    if error["type"] != "extra_forbidden" or model not in KINDS.values():
        return None
    return next((name for name, kind in KINDS.items() if error["loc"][-1] in kind.model_fields), None)


def _sentence(error: ErrorDetails, model: type[BaseModel] | None) -> str:
    kind, given = error["type"], error["input"]
    known = list(model.model_fields) if model else []
    if kind == "extra_forbidden":
        other = _foreign(error, model)
        if other:
            return f"a key for protocol {other}; this page's locators have {', '.join(known) or 'no key'}"
        return "unknown key" + _did_you_mean(error["loc"][-1], known)
    if given is None:
        return "a value is required here"
    if kind in SENTENCES:
        context = error.get("ctx", {})
        hint = _did_you_mean(given, str(context.get("expected", "")).split("'"))
        return SENTENCES[kind].format(input=given, ctx=context) + hint
    sentence = re.sub(r"^[A-Z](?=[a-z])", lambda initial: initial[0].lower(), error["msg"])
    return f"{sentence} (got {given!r})"


def _did_you_mean(given: object, known: Iterable[str]) -> str:
    near = _nearest(given, known)
    return f"; did you mean {near!r}?" if near else ""


def _nearest(given: object, known: Iterable[str]) -> str | None:
    return next(iter(difflib.get_close_matches(str(given), list(known), n=1)), None)
