"""How Superset says no: by a status, under 200, or by leading to its login page."""

import json
import re
from urllib.parse import urlsplit

from connectors.errors import ClosedToVisitors, LoginPage, ReadingError, Refused
from connectors.extraction import Document
from connectors.text.html_text import decode, sign_of
from connectors.text.json_text import is_html
from connectors.text.soup import soup_of

_CHART = re.compile(r"/api/v1/chart/\d+/data/?$")
_LOGIN = re.compile(r"/login/?$")


def refusal(document: Document) -> ReadingError | None:
    """Why an answer holds nothing to read, in Superset's own words; None when it may hold something.

    A chart that its dashboard lists and that is "not found" is one that visitors may not see; a dashboard
    that is not found may simply be gone, and its status says so.
    """
    of_chart = _CHART.search(urlsplit(document.url).path) is not None
    what = "A chart of the dashboard" if of_chart else "The dashboard"
    if _leads_to_login(document):
        return ClosedToVisitors(f"{what} is closed to anonymous visitors: Superset leads to its login page.")
    said = _message(document)
    quoted = f"Superset answered {document.status}{f' {said!r}' if said else ''}"
    if document.status in (401, 403) or (of_chart and document.status == 404):
        return ClosedToVisitors(f"{what} is closed to anonymous visitors: {quoted}.")
    if document.status == 200 and said:
        return ClosedToVisitors(f"{what} is closed to anonymous visitors: {quoted}.")
    if said and document.status in (400, 422):
        return Refused(f"{what} cannot be read: {quoted}.")
    return None


def _leads_to_login(document: Document) -> bool:
    if _LOGIN.search(urlsplit(document.final_url).path):
        return True
    text = decode(document) if document.status == 200 else ""
    return is_html(text) and isinstance(sign_of(soup_of(text)), LoginPage)


def _message(document: Document) -> str | None:
    """What an answer without ``result`` says for itself, in a few words."""
    try:
        value = json.loads(document.content)
    except (ValueError, RecursionError):
        return None
    if not isinstance(value, dict) or "result" in value:
        return None
    said = next((value[key] for key in ("message", "msg") if isinstance(value.get(key), str)), "")
    return " ".join(said.split())[:200] or None
