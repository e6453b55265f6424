"""Answers that are tables, as CSV (RFC 4180) for who prefers that to JSON."""

import csv
from collections.abc import Sequence
from io import StringIO
from typing import Any, get_args

from aiohttp import hdrs, web
from pydantic import BaseModel

from service.http.fields import AnswerModel

CSV, JSON = "text/csv", "application/json"
_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")  # noqa: RUF001  # full width is meant
"""What makes a spreadsheet run a text as a formula (OWASP, "CSV Injection"): titles and paths are other people's."""


class Table(AnswerModel):
    """An answer whose `rows`, all of one model, are the table. What else it has is in the JSON alone."""

    rows: Sequence[Any]


def prefers_csv(request: web.Request) -> bool:
    """Whether `Accept` names CSV before JSON: by quality, then by place."""
    ranges = ",".join(request.headers.getall(hdrs.ACCEPT, ())).lower().split(",")
    weighed = [(_quality(parameters), name.strip()) for name, *parameters in (one.split(";") for one in ranges)]
    named = [(quality, name) for quality, name in weighed if quality > 0 and name in (CSV, JSON)]
    return bool(named) and max(named, key=lambda one: one[0])[1] == CSV


def as_csv(table: Table) -> bytes:
    """The rows under a line with the names of their fields; what JSON has as null is empty."""
    text = StringIO()
    write = csv.writer(text)
    write.writerow(_columns(type(table)))
    for row in table.rows:
        write.writerow(map(_cell, row.model_dump(mode="json").values()))
    return text.getvalue().encode()


def table_head(model: type[Table]) -> str:
    """The first line of the table."""
    return ",".join(_columns(model)) + "\r\n"


def _columns(model: type[Table]) -> list[str]:
    row: type[BaseModel] = get_args(model.model_fields["rows"].annotation)[0]
    return list(row.model_fields)


def _cell(value: object) -> object:
    return f"'{value}" if isinstance(value, str) and value.startswith(_FORMULA) else value


def _quality(parameters: Sequence[str]) -> float:
    for parameter in parameters:
        name, _, value = parameter.partition("=")
        if name.strip() == "q":
            try:
                return float(value)
            except ValueError:
                return 0
    return 1
