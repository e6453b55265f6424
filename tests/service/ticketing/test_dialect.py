"""How the ticketing API writes refusals, byte for byte."""

import pytest
from aiohttp import web

from service import errors
from service.errors import ApiError, ErrorKind, InputFault, InvalidInput
from service.ticketing import errors as contract
from service.ticketing.dialect import TicketingDialect

DIALECT = TicketingDialect()
STATUSES = {
    "SYS": {"01": 400, "02": 500, "03": 400},
    "USER": {f"{n:02}": 400 for n in range(1, 12)} | {"01": 401, "03": 401, "04": 401, "05": 500, "06": 401},
    "EVENT": {f"{n:02}": 400 for n in range(1, 8)},
    "TICKET": {f"{n:02}": 400 for n in range(1, 5)},
    "WAITLIST": {"01": 400, "02": 400},
    "DB": {"01": 503, "02": 503, "03": 503},
}
SHARED = [
    (errors.MALFORMED_JSON, 400, "SYS-01"),
    (errors.BODY_TOO_LARGE, 413, "SYS-01"),
    (errors.UNSUPPORTED_MEDIA_TYPE, 415, "SYS-01"),
    (errors.NOT_FOUND, 404, "SYS-02"),
    (errors.METHOD_NOT_ALLOWED, 405, "SYS-02"),
    (errors.RATE_LIMITED, 429, "SYS-02"),
    (errors.IDEMPOTENCY_IN_PROGRESS, 409, "SYS-02"),
    (errors.IDEMPOTENCY_KEY_REUSED, 422, "SYS-02"),
    (errors.INTERNAL_ERROR, 500, "SYS-02"),
    (errors.MISSING_TOKEN, 401, "USER-06"),
    (errors.INVALID_TOKEN, 401, "USER-06"),
    (errors.EXPIRED_TOKEN, 401, "USER-06"),
    (errors.FORBIDDEN, 401, "USER-01"),
    (errors.INVALID_CREDENTIALS, 401, "USER-04"),
    (errors.EMAIL_TAKEN, 400, "USER-09"),
    (errors.SERVICE_UNAVAILABLE, 503, "DB-03"),
    (errors.OUTCOME_UNKNOWN, 503, "DB-03"),
]


def test_the_contract_has_every_code_once_with_its_status() -> None:
    kinds = [value for value in vars(contract).values() if isinstance(value, ErrorKind)]
    assert {kind.code: kind.status for kind in kinds} == {
        f"{category}-{number}": status for category, statuses in STATUSES.items() for number, status in statuses.items()
    }
    assert len({kind.code for kind in kinds}) == len(kinds)
    assert all(kind.retry_after for kind in kinds if kind.status == 503)


@pytest.mark.parametrize(("kind", "status", "code"), SHARED)
def test_what_all_apis_refuse(kind: ErrorKind, status: int, code: str) -> None:
    assert (DIALECT.refusal(ApiError(kind)).status, DIALECT.code(kind)) == (status, code)


def test_a_refusal() -> None:
    assert text(DIALECT.refusal(ApiError(contract.EVENT_NOT_FOUND))) == (
        '{"category":"EVENT","category_code":"EVENT-03","msg":"No event was found."}'
    )


def test_details_are_lines() -> None:
    refusal = DIALECT.refusal(ApiError(contract.TOO_FEW_TICKETS, {"available": 3, "wanted": 4}))
    assert text(refusal).endswith(',"error":"available: 3\\nwanted: 4"}')


def test_faults_have_the_name_that_the_endpoint_has_for_them() -> None:
    faults = [InputFault("missing_name", "This field is required.", "name"), InputFault("invalid_id", "No.", "id")]
    for kind in (contract.INVALID_EVENT, None):
        answer = DIALECT.invalid_input(InvalidInput(faults, kind))
        assert answer.status == 400
        assert f'"category_code":"{"EVENT-04" if kind else "SYS-01"}"' in text(answer)
        assert text(answer).endswith(',"error":"name: This field is required.\\nid: No."}')


def text(answer: web.Response) -> str:
    assert answer.content_type == "application/json"
    assert isinstance(answer.body, bytes)
    return answer.body.decode()
