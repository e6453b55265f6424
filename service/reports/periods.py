"""The days that a report covers."""

import re
from datetime import date, datetime, timedelta
from typing import Annotated
from zoneinfo import ZoneInfo

from pydantic import Field, PlainValidator, WithJsonSchema
from pydantic_core import PydanticCustomError

from service.errors import InvalidInput
from service.http.fields import QueryModel
from service.http.input import invalid

USUAL_DAYS = 30
MOST_DAYS = 366
_DAY = re.compile(r"\d{4}-\d\d-\d\d", re.ASCII)


def _parse_day(value: object) -> date:
    try:
        if isinstance(value, str) and _DAY.fullmatch(value):
            return date.fromisoformat(value)
    except ValueError:
        pass
    raise PydanticCustomError("day", "The date must be a day of the calendar such as 2026-06-05.")


Day = Annotated[
    date,
    PlainValidator(_parse_day),
    WithJsonSchema({"type": "string", "format": "date", "examples": ["2026-06-05"]}),
]


class Period(QueryModel):
    """The query of every report."""

    from_: Day | None = Field(None, alias="from", description=f"The first day; {USUAL_DAYS} days up to `to` if absent.")
    to: Day | None = Field(None, description="The last day; today if absent.")

    def days(self, timezone: str, most: int = MOST_DAYS) -> tuple[date, date]:
        """The first and the last day. Raises `InvalidInput` when they are not in order, or more than `most`."""
        last = self.to or datetime.now(ZoneInfo(timezone)).date()
        first = self.from_ or last - min(timedelta(USUAL_DAYS - 1), last - date.min)
        if first > last:
            raise InvalidInput([invalid("from", "`from` must not be after `to`.")])
        if (last - first).days >= most:
            raise InvalidInput([invalid("from", f"The report may cover {most} days at most.")])
        return first, last
