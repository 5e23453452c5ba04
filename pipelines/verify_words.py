"""Verified, in words: each difference, what could not be derived here and why, and the sum of all."""

from collections.abc import Iterator

from pipelines.verify import Verified

SHOWN = 20
"""Differences told one by one; the others are counted."""


def in_words(verified: Verified) -> Iterator[str]:
    """What was verified, line by line; the last line is the sum."""
    yield from _unknown(verified)
    for finding in verified.findings[:SHOWN]:
        yield str(finding)
    if len(verified.findings) > SHOWN:
        yield f"And {_many(len(verified.findings) - SHOWN, 'difference')} more: the first is where to begin."
    yield from _left(verified)
    if verified.head:
        yield f"The last manifest's SHA-256 vouches for all before it; note it elsewhere: {verified.head}"
    compared = verified.compared
    sum_of_all = (
        f"{_many(compared.rows, 'row')} of {_many(compared.tables, 'table')} re-derived "
        f"from {_many(verified.records, 'record')}"
    )
    if not verified.findings:
        left = f"; {_many(verified.compared.left, 'row')} not re-derived" if verified.unknown else ""
        yield f"{sum_of_all}: all equal{_decided(verified)}{left}."
    else:
        yield f"{sum_of_all} are equal{_decided(verified)}; {_many(len(verified.findings), 'difference')}."


def _decided(verified: Verified) -> str:
    """How many of the equal rows no machine can vouch for alone."""
    decisions = verified.taken.get("claim_decisions", 0)
    if not decisions:
        return ""
    return f" ({verified.compared.decided} of them rest on {_many(decisions, 'decision')} of a person)"


def _unknown(verified: Verified) -> Iterator[str]:
    """That other service files than those of the nights were given: before all else."""
    if verified.unknown:
        services = sorted({service for service, _ in verified.unknown})
        more = [f"and {len(services) - SHOWN} more"] if len(services) > SHOWN else []
        yield (
            f"{_many(len(verified.unknown), 'figure')} read with a version of the service file that is not "
            f"here: {_many(verified.compared.left, 'row')} not re-derived. Give the folder of the files that "
            f"those nights had (--services DIR). Services: {', '.join([*services[:SHOWN], *more])}."
        )


_TAKEN = {
    "metrics": "what the service files said",
    "claim_decisions": "what persons decided",
    "confirmations": "when nothing had changed",
}


def _left(verified: Verified) -> Iterator[str]:
    """What could not be derived here, and why."""
    if verified.older:
        yield f"{_many(verified.older, 'row')} made by a reader that is not here, taken as they are."
    if verified.on_the_way:
        yield f"{_many(verified.on_the_way, 'absence')} without a body that could tell, taken as they are."
    given = [f"{count} {name} ({_TAKEN[name]})" for name, count in verified.taken.items() if count]
    if given:
        yield f"No archive gives {', '.join(given)}: taken as they are, each row true to its id."


def _many(count: int, noun: str) -> str:
    return f"{count:,} {noun}{'' if count == 1 else 's'}".replace(",", "\u202f")
