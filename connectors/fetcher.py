"""The fetcher: polite and safe.  The only way in to the modules that talk to the web.

One fetch is a chain of hops.  Each hop goes through the same gates, in this order: the URL
is checked (``addresses``), the site's robots.txt is obeyed (``robots``), our turn is waited
for (``pace``), and the exchange takes place at a checked address under a deadline and caps
(``transport``).  What the web does is a value here, never an exception.
"""

from collections.abc import Callable, Collection
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

from tenacity import RetryCallState, Retrying, retry_if_result, stop_after_attempt

from connectors.clock import utc_now
from connectors.errors import (
    DeadlinePassed,
    FetchError,
    Forbidden,
    Gone,
    RobotsRefused,
    ServerTrouble,
    TooManyRedirects,
)
from connectors.fetching.addresses import Resolver, Target, system_resolver
from connectors.fetching.cookies import Cookies
from connectors.fetching.deadline import Budget
from connectors.fetching.manners import USER_AGENT, Manners
from connectors.fetching.pace import Pace
from connectors.fetching.robots import OPEN, Robots, Rules
from connectors.fetching.transport import Transport
from connectors.snapshot import Snapshot

__all__ = ["USER_AGENT", "Cookies", "Fetched", "Fetcher", "Manners", "refusal"]

DEFAULT_MANNERS = Manners()

_REDIRECTS = frozenset({301, 302, 303, 307, 308})
_FORBIDDEN = frozenset({401, 403, 451})


@dataclass(frozen=True)
class Fetched:
    """What came of one URL.

    ``hops`` are the exchanges that took place, in order, refusals included; when there were
    several attempts, those of the last.  ``error`` says why the last hop is not an answer.
    """

    hops: tuple[Snapshot, ...]
    error: FetchError | None

    @property
    def answer(self) -> Snapshot:
        """The last hop.

        Raises:
            FetchError: there is no answer; the error says why.
        """
        if self.error is not None:
            raise self.error
        return self.hops[-1]


class Fetcher:
    """Fetches pages of the public web; one for a night, shared by all threads.

    ``allow_hosts`` ("host" or "host:port") exempts these hosts, and no other, from the rule
    that an address must be public.  ``resolve`` replaces the resolver of the system, and
    ``ca_file`` the authorities that certificates are checked against.
    """

    def __init__(
        self,
        *,
        manners: Manners = DEFAULT_MANNERS,
        allow_hosts: Collection[str] = (),
        clock: Callable[[], datetime] = utc_now,
        user_agent: str = USER_AGENT,
        resolve: Resolver = system_resolver,
        ca_file: str | None = None,
    ) -> None:
        self._manners = manners
        self._pace = Pace(manners.pace)
        self._robots = Robots()
        self._transport = Transport(
            manners,
            allow_hosts=allow_hosts,
            clock=clock,
            user_agent=user_agent,
            resolve=resolve,
            ca_file=ca_file,
        )

    def fetch(self, url: str, cookies: Cookies | None = None) -> Fetched:
        """Fetch ``url``, following its redirects, trying again when that may help.

        All attempts share one deadline, so a hostile host costs that and no more.  ``cookies`` are sent to
        the host that set them, at whichever hop; what this exchange sets is not kept.
        """
        budget = Budget(self._manners.deadline)
        attempts = Retrying(
            stop=stop_after_attempt(self._manners.attempts),
            retry=retry_if_result(self._worth_again),
            retry_error_callback=_last,
        )
        return attempts(self._follow, url, budget, cookies)

    def _worth_again(self, fetched: Fetched) -> bool:
        """Whether to ask again; the delay that a server asked for is taken care of by the pace."""
        error = fetched.error
        if error is None or not error.again or isinstance(error, DeadlinePassed):
            return False
        return (getattr(error, "retry_after", None) or 0.0) <= self._manners.max_retry_after

    def _follow(self, url: str, budget: Budget, cookies: Cookies | None = None, obey: bool = True) -> Fetched:
        """One attempt: from ``url`` through its redirects to an answer or an error."""
        hops: list[Snapshot] = []
        try:
            target = Target.parse(url)
            while True:
                hops.append(self._visit(target, budget, cookies, obey))
                onward = _next(target, hops[-1])
                if onward is None:
                    return Fetched(tuple(hops), self._refusal(target, hops[-1]))
                self._check_chain(onward, hops)
                target = onward
        except FetchError as error:
            return Fetched(tuple(hops), error)

    def _visit(self, target: Target, budget: Budget, cookies: Cookies | None, obey: bool) -> Snapshot:
        if obey:
            self._obey_robots(target, budget)
        self._pace.wait(target.authority)
        return self._transport.get(target, budget, cookies.header(target.url) if cookies else None)

    def _obey_robots(self, target: Target, budget: Budget) -> None:
        rules = self._robots.rules(target, lambda: self._ask_robots(target, budget))
        if not rules.allow(target.url):
            raise RobotsRefused(f"The robots.txt of {target.name} closes {target.url} to us.", url=target.url)

    def _ask_robots(self, target: Target, budget: Budget) -> Rules:
        """RFC 9309, 2.3.1: none means open, unknown means closed."""
        try:
            rules = Rules.parse(self._follow(target.robots.url, budget, obey=False).answer.content)
        except (Gone, Forbidden, TooManyRedirects):
            return OPEN
        self._pace.slow_down(target.authority, rules.delay)
        return rules

    def _check_chain(self, onward: Target, hops: list[Snapshot]) -> None:
        if onward.url in {hop.url for hop in hops}:
            raise TooManyRedirects(f"{onward.name} redirects in circles to {onward.url}.", url=onward.url)
        if len(hops) > self._manners.max_redirects:
            raise TooManyRedirects(
                f"{hops[0].url} redirects more than {self._manners.max_redirects} times.", url=onward.url
            )

    def _refusal(self, target: Target, snapshot: Snapshot) -> FetchError | None:
        """What a status other than 2xx means for us."""
        error = refusal(snapshot, target.name)
        delay = getattr(error, "retry_after", None)
        if delay is not None and delay <= self._manners.max_retry_after:
            self._pace.hold(target.authority, delay)
        return error


def refusal(snapshot: Snapshot, name: str) -> FetchError | None:
    """Why an exchange with the host ``name`` is no answer, by its status; None when it is one."""
    status, url = snapshot.status, snapshot.url
    said = f"{name} answered {status} {snapshot.reason}".rstrip()
    if 200 <= status < 300:
        return None
    if status in _FORBIDDEN:
        return Forbidden(f"{said}: it does not let us read {url}.", url=url, status=status)
    if status == 429 or status >= 500:
        delay = _retry_after(snapshot)
        return ServerTrouble(f"{said} for {url}.", url=url, status=status, retry_after=delay)
    return Gone(f"{said}: there is no page at {url}.", url=url, status=status)


def _last(state: RetryCallState) -> Fetched:
    """The result of the last attempt, when all of them failed."""
    assert state.outcome is not None
    result: Fetched = state.outcome.result()
    return result


def _next(target: Target, snapshot: Snapshot) -> Target | None:
    if snapshot.status not in _REDIRECTS or not snapshot.location:
        return None
    return target.join(snapshot.location)


def _header(snapshot: Snapshot, name: str) -> str:
    return next((value for key, value in snapshot.headers if key.lower() == name), "")


def _moment(text: str) -> datetime | None:
    """An HTTP date (RFC 9110, 5.6.7), or None."""
    try:
        moment = parsedate_to_datetime(text)
    except ValueError:
        return None
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


def _retry_after(snapshot: Snapshot) -> float | None:
    """The delay that the server asks for, in seconds; a date is counted from the server's own."""
    text = _header(snapshot, "retry-after")
    if text.isascii() and text.isdigit():
        return float(text)
    until = _moment(text)
    since = _moment(_header(snapshot, "date")) or snapshot.at
    return None if until is None else max(0.0, (until - since).total_seconds())
