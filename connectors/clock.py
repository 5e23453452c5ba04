"""What time it is, for whoever needs a clock that can be replaced."""

from datetime import UTC, datetime


def utc_now() -> datetime:
    """The present moment, aware, in UTC."""
    return datetime.now(UTC)
