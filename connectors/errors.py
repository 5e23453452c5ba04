"""Everything that can go wrong between a service and its extractions.

::

    ConnectorError
    ├── InvalidSpec              a service file cannot be used: mend the file
    ├── InvalidPortfolio         the portfolio is not what the API promises: the last good copy serves
    ├── FetchError               one HTTP exchange did not give a body
    │   ├── Unreachable          no answer: again
    │   │   ├── NameNotResolved  the host has no address: again, then mend the spec
    │   │   ├── DeadlinePassed   the whole transfer took too long: again
    │   │   └── TlsFailure       the certificate does not prove the host: ask the service
    │   ├── ServerTrouble        429 or 5xx: again, after the delay it asked for
    │   ├── Forbidden            401, 403, 451: ask the service
    │   ├── RobotsRefused        its robots.txt closes the page to us: ask the service
    │   ├── Gone                 404, 410 and the other 4xx: mend the spec
    │   ├── TooLarge             more bytes than we accept: mend the spec
    │   ├── TooManyRedirects     a loop, or more hops than we follow: mend the spec
    │   ├── RefusedAddress       the URL or its address is not on the public internet: mend the spec
    │   ├── NotKept              the answer came, and the archive cannot hold it as it is: ask us
    │   └── NotVisited           a past night that nobody collected: nothing to do
    └── ReadingError             a body came, but not this figure
        ├── NotAStatisticsPage   another page answers 200: ask the service
        │   ├── LoginPage        it wants an account: ask the service
        │   ├── ChallengePage    it wants proof that we are no robot, or blocks us: ask the service
        │   ├── MaintenancePage  the site is in maintenance or in trouble: again
        │   ├── CookieWall       it wants consent before it shows anything: ask the service
        │   ├── SoftNotFound     it says that the page does not exist: mend the spec
        │   └── EmptyShell       only a browser fills it: mend the spec
        ├── NotFound             nothing matches the locator: mend the spec
        ├── Ambiguous            several things match the locator: mend the spec
        ├── SplitFigure          the number goes on outside the place: mend the spec
        ├── ScaleUnclear         "millions" stands beside the figure, not in it: mend the spec
        ├── CountUp              a zero that a script counts up from: mend the spec
        ├── Empty                the place is there and holds no text: again
        ├── Refused              the API answered an error in place of figures: ask the service
        │   └── ClosedToVisitors the dashboard, or its data, is for those who log in: ask the service
        ├── WrongFormat          the body is not HTML / JSON as announced: mend the spec
        ├── UnreadableReport     a printed report whose text cannot be had: save it in another format
        └── ReadingTooLong       reading the body took more time or memory than allowed: ask us

Each class says by itself whether to try again (``again``), under which short
name it is kept in the ``absences`` table (``code``), and what a person should do
(``advice``).  ``str(error)`` is one sentence about this very case.
"""

from typing import ClassVar

from connectors.secrets import without_tokens


class ConnectorError(Exception):
    """Root of the tree; never raised itself."""

    code: ClassVar[str] = "connector_error"
    again: ClassVar[bool] = False
    advice: ClassVar[str] = "Read the sentence; it names the cause."

    def __init__(self, *said: object) -> None:
        # Sentences quote addresses, and go to the tables, the log and the letters.
        super().__init__(*(without_tokens(one) if isinstance(one, str) else one for one in said))


class InvalidSpec(ConnectorError):
    """A service file cannot be used; the message lists every fault as ``file:line: field: what``."""

    code = "invalid_spec"
    advice = "Mend the service file at the line given."


class InvalidPortfolio(ConnectorError):
    """The portfolio's bytes are not the shape its API promises."""

    code = "invalid_portfolio"
    again = True
    advice = "The last good copy serves; tell the programme that its API is broken."


class FetchError(ConnectorError):
    """One exchange did not give a body.  ``url`` is the address that failed (the hop, not the first)."""

    code = "fetch_error"

    def __init__(self, sentence: str, *, url: str = "", status: int | None = None) -> None:
        super().__init__(sentence)
        self.url = url
        self.status = status


class Unreachable(FetchError):
    """No answer: refused, reset, or no route."""

    code = "unreachable"
    again = True
    advice = "Run the night again; if it lasts, ask the service whether the site moved."


class NameNotResolved(Unreachable):
    """The host name has no address."""

    code = "name_not_resolved"
    advice = "Run the night again; if it lasts, the site moved: mend the URL in the service file."


class DeadlinePassed(Unreachable):
    """The whole transfer, redirects included, did not end within the deadline."""

    code = "deadline_passed"
    advice = "Run the night again; if it lasts, ask the service for a lighter endpoint."


class TlsFailure(Unreachable):
    """The certificate does not prove the host; we never connect without proof."""

    code = "tls_failure"
    advice = "Ask the service to renew its certificate."


class ServerTrouble(FetchError):
    """429 or 5xx.  ``retry_after`` is the delay in seconds that the server asked for, if it did."""

    code = "server_trouble"
    again = True
    advice = "Run the night again later; the service itself is in trouble."

    def __init__(
        self, sentence: str, *, url: str = "", status: int | None = None, retry_after: float | None = None
    ) -> None:
        super().__init__(sentence, url=url, status=status)
        self.retry_after = retry_after


class Forbidden(FetchError):
    """401, 403 or 451."""

    code = "forbidden"
    advice = "Ask the service to open its statistics to our user agent."


class RobotsRefused(FetchError):
    """The site's robots.txt closes this page to us."""

    code = "robots_refused"
    advice = "Ask the service to allow our user agent in its robots.txt."


class Gone(FetchError):
    """404, 410, or another 4xx that says this address is not the one."""

    code = "gone"
    advice = "The page moved: mend the URL in the service file."


class TooLarge(FetchError):
    """More bytes than accepted, before or after decompression."""

    code = "too_large"
    advice = "Point the service file at a lighter page or endpoint."


class TooManyRedirects(FetchError):
    """A loop, or more hops than are followed."""

    code = "too_many_redirects"
    advice = "Put the final address in the service file."


class RefusedAddress(FetchError):
    """The URL is not http(s), carries credentials, or leads to an address that is not public."""

    code = "refused_address"
    advice = "Mend the URL; for a host of your own on a private network, name it with --allow-host."


class NotKept(FetchError):
    """The answer cannot be archived as it is, or its archived bytes are broken: nothing proves it."""

    code = "not_kept"
    advice = "Look at the archive's file named; what cannot be proved is not published."


class NotVisited(FetchError):
    """The night is past and its archive holds nothing for this page: a past page cannot be fetched."""

    code = "not_visited"
    advice = "Nothing to do: no one collected this page that night."


class ReadingError(ConnectorError):
    """A body came, but this figure could not be read on it."""

    code = "reading_error"


class NotAStatisticsPage(ReadingError):
    """Something else than a statistics page answers 200; where it can be told what, a class below does."""

    code = "not_a_statistics_page"
    advice = "Ask the service to let its statistics be read without an account."


class LoginPage(NotAStatisticsPage):
    """A page that asks who we are."""

    code = "login_page"


class ChallengePage(NotAStatisticsPage):
    """A firewall that blocks us, or wants proof that a person is looking."""

    code = "challenge_page"
    advice = "Ask the service to let our user agent through its firewall."


class MaintenancePage(NotAStatisticsPage):
    """The site says that it is in maintenance, or that it failed."""

    code = "maintenance_page"
    again = True
    advice = "Run the night again later; the site itself says that it is not available."


class CookieWall(NotAStatisticsPage):
    """Nothing is shown before cookies are accepted, and we accept none."""

    code = "cookie_wall"
    advice = "Ask the service to show its statistics to those who accept no cookies."


class SoftNotFound(NotAStatisticsPage):
    """The page says that it does not exist, under 200."""

    code = "soft_404"
    advice = "The page moved: mend the URL in the service file."


class EmptyShell(NotAStatisticsPage):
    """A page without words, which a script fills in the browser."""

    code = "empty_shell"
    advice = "The figures come from elsewhere: point the service file at the data that the page loads."


class NotFound(ReadingError):
    """Nothing on the page matches the locator."""

    code = "not_found"
    advice = "The page changed: mend the locator in the service file."


class Ambiguous(ReadingError):
    """Several places match the locator, and choosing one would be guessing."""

    code = "ambiguous"
    advice = "Make the locator narrower in the service file."


class SplitFigure(ReadingError):
    """The characters found are a part of a longer number, whose rest stands in the next element."""

    code = "split_figure"
    advice = "Locate the element that holds the whole number."


class ScaleUnclear(ReadingError):
    """A word of scale (millions, k€, %) stands beside the figure, not in it: read alone it is too small."""

    code = "scale_unclear"
    advice = "Locate the figure together with its word of scale, with a `pattern` if need be."


class CountUp(ReadingError):
    """The page prints zero until a script has counted up to the figure."""

    code = "count_up"
    advice = "Locate the attribute that holds the figure, or the data that the page loads."


class Empty(ReadingError):
    """The place is there, and holds no text."""

    code = "empty"
    again = True
    advice = "The page left the figure blank: run again, then tell the service."


class Refused(ReadingError):
    """An API answered that it will not give the figures; the sentence quotes it."""

    code = "refused"
    advice = "Ask the service to open its statistics to everyone; if they moved, mend the URL."


class ClosedToVisitors(Refused):
    """A dashboard, or a chart on it, that its instance shows only to those who log in."""

    code = "closed_to_visitors"
    advice = "Ask the team to give the Public role read access to the dashboard and to its datasets."


class WrongFormat(ReadingError):
    """The body is not what the protocol reads."""

    code = "wrong_format"
    advice = "The endpoint changed: mend the URL or the protocol in the service file."


class ReadingTooLong(ReadingError):
    """Reading was stopped: it took more time or memory than one page may."""

    code = "reading_too_long"
    advice = "The page is hostile or huge: point the service file at a lighter one."


class UnreadableReport(ReadingError):
    """A printed report is not text, HTML or a PDF with a text layer, or is larger than we read."""

    code = "unreadable_report"
    advice = "Save the report as HTML, Markdown, plain text in UTF-8, or a PDF with a text layer."
