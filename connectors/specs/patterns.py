"""What a service file writes in another language: CSS selectors, JSONPath queries, regular expressions."""

import re

import jsonpath_rfc9535
import soupsieve


def css_fault(text: str) -> str | None:
    """Why a text is no CSS selector."""
    try:
        soupsieve.compile(text)
    except soupsieve.SelectorSyntaxError as error:
        return f"{text!r} is not a CSS selector: {str(error).splitlines()[0]}"
    return None


def jsonpath_fault(text: str) -> str | None:
    """Why a text is no RFC 9535 query."""
    try:
        jsonpath_rfc9535.compile(text)
    except jsonpath_rfc9535.JSONPathError as error:
        return f"{text!r} is not a JSONPath (RFC 9535): {error}"
    return None


def pattern_fault(text: str, group: str = "figure") -> str | None:
    """Why a text is no regular expression with one group of this name."""
    try:
        pattern = re.compile(text)
    except re.error as error:
        return f"{text!r} is not a regular expression: {error}"
    if pattern.groups != 1 or group not in pattern.groupindex:
        return f"{text!r} needs exactly one group, named: (?P<{group}>…)"
    return None
