"""Redesigns of a replica's pages: what a mutation makes of the page of a service."""

import json
from collections.abc import Callable
from datetime import date

from bs4 import BeautifulSoup

from tests.connectors.drift.mutations import REPLACED, Mutation
from tests.tools.replica_server import PAGES, days


def redesign(service_id: str, day: date, mutate: Mutation) -> Callable[[bytes], bytes]:
    """A page of the service, as it stood on ``day``, after a mutation that knows its figures."""
    last = max(each for each in days(service_id) if each <= day)
    answers = json.loads((PAGES / service_id / str(last) / "answers.json").read_text("utf-8"))
    figures = [answer["exact"] for answer in answers.values() if "exact" in answer]

    def page(body: bytes) -> bytes:
        soup = BeautifulSoup(body, "html.parser")
        mutate(soup, figures)
        return str(soup).encode()

    return page


def replaced(code: str) -> Callable[[bytes], bytes]:
    """Another page in the place of the statistics: a login, a maintenance…, by the code that tells it."""
    return lambda _: REPLACED[code].encode()
