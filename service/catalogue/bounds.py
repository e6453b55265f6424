"""Bounds in time of a list: a moment, or a day, which means all of it."""

import re
from datetime import UTC, date, datetime
from typing import Annotated

from pydantic import PlainValidator, WithJsonSchema
from pydantic_core import PydanticCustomError

_DAY = re.compile(r"\d{4}-\d\d-\d\d", re.ASCII)
_MOMENT = re.compile(
    r"(\d{4}-\d\d-\d\d)[Tt ]([01]\d|2[0-3])(:\d\d:\d\d)(?:\.(\d{1,9}))?(?:[Zz]|([+ -])(\d\d:\d\d))", re.ASCII
)


def parse_moment(value: object) -> datetime:
    """A timestamp with its offset from UTC (RFC 3339), cut to milliseconds, in UTC.

    The space that an unescaped `+` of a query becomes counts as one. Raises `PydanticCustomError`.
    """
    match = _MOMENT.fullmatch(value) if isinstance(value, str) else None
    if match is None:
        raise PydanticCustomError("moment", "The timestamp must look like 2026-06-05T18:00:00Z, with an offset or Z.")
    day, hour, rest, fraction, sign, offset = match.groups()
    milliseconds = (fraction or "").ljust(3, "0")[:3]
    zone = "+00:00" if sign is None else f"{sign.replace(' ', '+')}{offset}"
    try:
        return datetime.fromisoformat(f"{day}T{hour}{rest}.{milliseconds}{zone}").astimezone(UTC)
    except (ValueError, OverflowError):
        raise PydanticCustomError("moment", "There is no such time.") from None


def parse_day(value: object) -> date:
    """A day of the calendar. Raises `PydanticCustomError`."""
    if not isinstance(value, str) or not _DAY.fullmatch(value):
        raise PydanticCustomError("day", "The day must look like 2026-06-05.")
    try:
        return date.fromisoformat(value)
    except ValueError:
        raise PydanticCustomError("day", "There is no such day.") from None


def parse_bound(value: object) -> date:
    """A `datetime` for a timestamp, a mere `date` for a day. Raises `PydanticCustomError`."""
    if not isinstance(value, str) or not _DAY.fullmatch(value):
        return parse_moment(value)
    return parse_day(value)


Day = Annotated[
    date,
    PlainValidator(parse_day),
    WithJsonSchema({"type": "string", "format": "date", "examples": ["2026-06-05"]}),
]

Bound = Annotated[
    date,
    PlainValidator(parse_bound),
    WithJsonSchema(
        {
            "anyOf": [{"type": "string", "format": "date-time"}, {"type": "string", "format": "date"}],
            "examples": ["2026-06-05"],
        }
    ),
]
"""A bound in time: a `datetime` with an offset, or a `date` for the whole day."""
