"""What an API user reads first: the conventions of all APIs, then those of each with the table of its errors."""

from collections.abc import Iterable
from itertools import chain

from service import errors
from service.errors import ApiError, ErrorKind
from service.http.api import Api
from service.openapi.errors import FAULTS, kinds_of

_CONVENTIONS = """\
Browse a cinema chain's movies, find where and when each is shown, rate them, and buy seats: open a booking, reserve
seats for it, confirm it before it closes. Or discover movies by country, and keep a list of them.

- JSON in UTF-8. Timestamps are ISO 8601 in UTC with milliseconds, dates `YYYY-MM-DD`, prices integers in cents.
- Ids are a prefix and a number below 2^63, such as `mov_7291038475629184000`. Later ids sort later.
- Text must not contain the NUL character. Request bodies are at most 64 KiB. Unknown fields and parameters are
  refused by name, and all faults of the input are reported at once.
- Get a token from `POST /v1/auth/signin` and send it as `Authorization: Bearer …`.
- `X-Request-Id` is returned with every answer, and logged with errors.

Where an API below differs from that, it says so.
"""
_HEAD = "| status | code | message |\n|---|---|---|\n"
_WITHOUT_ENDPOINT = (errors.NOT_FOUND, errors.METHOD_NOT_ALLOWED)


def description(apis: Iterable[Api]) -> str:
    """The document's description, in Markdown."""
    return _CONVENTIONS + "".join(f"\n{api.dialect.conventions}\n{_errors(api)}" for api in apis)


def _errors(api: Api) -> str:
    """Every error of the API, folded away."""
    dialect = api.dialect
    rows = [(dialect.refusal(ApiError(kind)).status, f"`{dialect.code(kind)}`", kind.message) for kind in _kinds(api)]
    rows.append((dialect.invalid_input(FAULTS).status, *dialect.input_faults))
    table = "".join(f"| {status} | {code} | {message} |\n" for status, code, message in sorted(rows, key=_status))
    return f"<details><summary>Every error</summary>\n\n{_HEAD}{table}\n</details>\n"


def _kinds(api: Api) -> Iterable[ErrorKind]:
    """What the API's endpoints answer, and what is answered where there is none; each once."""
    endpoints = chain.from_iterable(api.tags.values())
    return dict.fromkeys(chain(_WITHOUT_ENDPOINT, *map(kinds_of, endpoints)))


def _status(row: tuple[int, str, str]) -> int:
    return row[0]
