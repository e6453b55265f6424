"""What an API user reads first: the conventions of every endpoint, and the table of errors."""

from collections.abc import Iterator

from service import errors
from service.errors import ErrorKind

_CONVENTIONS = """\
Browse a cinema chain's movies, find where and when each is shown, rate them, and buy seats: open a booking, reserve
seats for it, confirm it before it closes.

- JSON in UTF-8. Timestamps are ISO 8601 in UTC with milliseconds, dates `YYYY-MM-DD`, prices integers in cents.
- Ids are a prefix and a number below 2^63, such as `mov_7291038475629184000`. Later ids sort later.
- Text must not contain the NUL character. Request bodies are at most 64 KiB. Unknown fields and parameters are
  refused by name.
- Lists are paged by cursor: pass `metadata.end_cursor` as `cursor` while `has_more` is true, with the same sort and
  filters. A walk neither repeats nor skips a row that stays.
- Get a token from `POST /v1/auth/signin` and send it as `Authorization: Bearer …`.
- Send an `Idempotency-Key` where it is taken, and a request whose answer was lost can be sent again safely.
- `X-Request-Id` is returned with every answer, and logged with errors.

## Errors
Every error is `{"errors": [{"code", "message", "field"?}]}`. `code` is for programs and stable; `message` is for
people; `field` is the dotted place of a fault in the input. All faults of the input are reported at once.

<details><summary>Every error</summary>

| status | code | message |
|---|---|---|
"""

_INPUT_ROWS = """\
| 422 | `invalid_<field>` | What the field must be. |
| 422 | `missing_<field>` | This field is required. |
| 422 | `unknown_field` | There is no such field. |
| 422 | `unknown_parameter` | There is no such parameter. |
"""


def _rows() -> Iterator[str]:
    kinds: dict[str, ErrorKind] = {}
    for value in vars(errors).values():
        if isinstance(value, ErrorKind):
            kinds.setdefault(value.code, value)
    for kind in sorted(kinds.values(), key=lambda kind: kind.status):
        yield f"| {kind.status} | `{kind.code}` | {kind.message} |\n"


DESCRIPTION = f"{_CONVENTIONS}{''.join(_rows())}{_INPUT_ROWS}\n</details>\n"
