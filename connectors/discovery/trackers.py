"""The site of Matomo that counts a page's visits: use, not impact, for want of anything better."""

import re
from urllib.parse import urljoin

from connectors.discovery.periods import dated
from connectors.discovery.proposal import Proposal
from connectors.errors import ReadingError
from connectors.extraction import Document
from connectors.extractor import Extractor, read_now
from connectors.locators import MatomoLocator
from connectors.service import Metric, Page

_HOST = r"(?P<url>(?:https?:|:)?//[\w.:-]{1,253}(?:/[\w.-]{1,80}){0,6}/?)"
_SITE = re.compile(
    r"[\"']setSiteId[\"']\s*,\s*[\"']?(?P<call>\d{1,6})"
    r"|(?:matomo|piwik)\.php\?(?:[^\"'\s<>]{0,400}?&(?:amp;)?)?idsite=(?P<image>\d{1,6})",
    re.IGNORECASE,
)
_WHOLE = re.compile(rf"{_HOST}(?:matomo|piwik)\.(?:php|js)")
_PIECES = re.compile(rf"=\s*(?:\([^<>]{{0,120}}\)\s*\+\s*)?[\"']{_HOST}[\"'][^<]{{0,400}}?setTrackerUrl")
"""A tracker's address written in one piece, or put together from the address of its host."""


def tracker(text: str, base: str) -> str | None:
    """The address of the site that counts the visits of a page, as Matomo shows it to people."""
    site = _SITE.search(text)
    host = _PIECES.search(text) or _WHOLE.search(text)
    if not site or not host:
        return None
    root = urljoin(base, host["url"].lstrip(":"))
    return f"{root.rstrip('/')}/index.php?idSite={site['call'] or site['image']}"


def visits_page(site: str) -> Page:
    """A page for the visits per month of a site."""
    metric = Metric(
        label="Visites",
        unit="visite",
        nature="flow",
        period="dated",
        periodicity="month",
        dimension="utilisé",
        kind="usage",
        reach="uses",
        locate=MatomoLocator(value="nb_visits"),
    )
    return Page.model_validate({"url": site, "protocol": "matomo", "metrics": {"visits": metric}})


def visits_address(site: str) -> str | None:
    """What to ask Matomo; nothing when the address names no site."""
    try:
        return Extractor().address(visits_page(site))
    except (ReadingError, ValueError):
        return None


def propose_visits(site: str, answer: Document) -> tuple[Proposal, ...]:
    """The visits of the last month that has ended; nothing where the site is closed to anonymous visitors."""
    points = [
        each for each in read_now("discovered", visits_page(site), [answer]).extractions if each.period_text
    ]
    ended = sorted(points, key=lambda each: each.period_text or "")[:-1]  # the last month runs still
    return tuple(
        Proposal(
            label="Visites",
            exact=each.exact,
            locator=MatomoLocator(value="nb_visits"),
            notation=each.notation,
            around="Visites par mois",
            unit_words="visites",
            nature="flow",
            period="dated",
            reach="uses",
            dimension="utilisé",
            kind="usage",
            confidence=0.2,
            reasons=("counted by Matomo on every page of the site", "visits are use, and no impact"),
            points=dated(points),
        )
        for each in ended[-1:]
    )
