"""Moments: aware datetimes within the service, milliseconds since the Unix epoch in Redis, ISO 8601 in JSON."""

from datetime import UTC, datetime, timedelta
from functools import lru_cache

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MILLISECOND = timedelta(milliseconds=1)
_ENDINGS = [f".{milliseconds:03}Z" for milliseconds in range(1_000)]


def format_timestamp(moment: datetime) -> str:
    """ISO 8601 in UTC with milliseconds, cut off rather than rounded: `2026-06-05T18:00:00.000Z`."""
    return format_milliseconds(to_milliseconds(moment))


def format_milliseconds(milliseconds: int) -> str:
    """The same for a moment in milliseconds since the Unix epoch."""
    seconds, rest = divmod(milliseconds, 1_000)
    return _format_second(seconds) + _ENDINGS[rest]


@lru_cache(1_024)
def _format_second(seconds: int) -> str:
    """A crowd's moments lie within few seconds."""
    return datetime.fromtimestamp(seconds, UTC).strftime("%Y-%m-%dT%H:%M:%S")


def from_milliseconds(milliseconds: int) -> datetime:
    """The moment `milliseconds` after the Unix epoch."""
    return _EPOCH + milliseconds * _MILLISECOND


def to_milliseconds(moment: datetime) -> int:
    """Whole milliseconds from the Unix epoch to `moment`."""
    return (moment - _EPOCH) // _MILLISECOND
