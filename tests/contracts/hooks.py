"""What schemathesis cannot know of the API from its document."""

import os
from datetime import UTC, date, datetime
from itertools import count
from typing import Any
from uuid import uuid4

import requests
import schemathesis
from hypothesis import strategies as st

from tests.service.factories import PASSWORD

_numbers = count(1)

# JSON Schema has no bounds for formats. Nobody was born before 1900 or after today, no session starts in another age.
schemathesis.openapi.format("date", st.dates(date(1900, 1, 1), datetime.now(UTC).date()).map(str))
days, times = st.dates(date(1900, 1, 2), date(2200, 12, 30)), st.times(timezones=st.just(UTC))
schemathesis.openapi.format("date-time", st.builds(datetime.combine, days, times).map(datetime.isoformat))
# The library that checks addresses refuses those of RFC 5321 that no mail server takes.
schemathesis.openapi.format("email", st.from_regex(r"[a-z0-9]{1,20}@[a-z]{2,20}\.(com|fr|museum)", fullmatch=True))


UNSAID_BY_SCHEMAS = {
    "list_sessions": {"invalid_from"},
    "change_account": {"invalid_date_of_birth"},
    "reset_password": {"invalid_token"},
    "discovery_get_movie": {"UNAVAILABLE_IN_COUNTRY"},
    "discovery_save_movie": {"UNAVAILABLE_IN_COUNTRY"},
}
"""With what an operation may answer 422 to valid input: `from` after `to`, birth tomorrow, no such movie there."""
RULES_OF_TICKETING = {
    "register": {"USER-09"},
    "login": {"USER-03", "USER-04"},
    "list_events": {"EVENT-03"},
    "admin_create_event": set[str](),
    "admin_delete_event": {"EVENT-03", "EVENT-06"},
    "admin_change_event": {"EVENT-03", "EVENT-05", "EVENT-07"},
    "reserve_tickets": {"EVENT-03", "EVENT-07", "TICKET-01", "TICKET-04"},
    "book_tickets": {"TICKET-01", "TICKET-02", "TICKET-03"},
    "cancel_tickets": {"TICKET-01", "TICKET-03"},
    "add_to_waitlist": {"EVENT-03", "EVENT-07", "WAITLIST-01", "WAITLIST-02"},
}
"""With what an operation of the ticketing API may refuse valid input, but for the token."""
ENDS_TOKENS = ["sign_out", "erase_account", "change_password"]


class _Bearer:
    def set(self, case: schemathesis.Case[Any], data: str, context: schemathesis.AuthContext) -> None:
        case.headers["Authorization"] = f"Bearer {data}"


@schemathesis.auth().skip_for(operation_id=ENDS_TOKENS)
class SharedAccount(_Bearer):
    """The account whose bookings are there."""

    def get(self, case: schemathesis.Case[Any], context: schemathesis.AuthContext) -> str:
        return os.environ["CONTRACT_TOKEN"]


@schemathesis.auth(refresh_interval=None).apply_to(operation_id=ENDS_TOKENS)
class OwnAccount(_Bearer):
    """What ends a token is called with a new account's each time, so that the shared one stays good."""

    def get(self, case: schemathesis.Case[Any], context: schemathesis.AuthContext) -> str:
        credentials = {"email": f"{uuid4().hex}@example.com", "password": PASSWORD}
        base = case.operation.schema.get_base_url().rstrip("/")
        requests.post(f"{base}/v1/auth/signup", json=credentials, timeout=10).raise_for_status()
        answer = requests.post(f"{base}/v1/auth/signin", json=credentials, timeout=10)
        answer.raise_for_status()
        return str(answer.json()["token"])


@schemathesis.hook
def before_call(context: schemathesis.HookContext, case: schemathesis.Case[Any], **_: Any) -> None:
    """A valid key is new for each request, as its schema cannot say: used twice, it is rightly refused."""
    key = case.headers.get("Idempotency-Key")
    if key is not None and case.meta and case.meta.generation.mode.is_positive:
        case.headers["Idempotency-Key"] = f"{key[:240]}{next(_numbers)}"


@schemathesis.check
def valid_input_is_refused_for_known_reasons(
    context: schemathesis.CheckContext, response: schemathesis.Response, case: schemathesis.Case[Any]
) -> None:
    """Where some valid input is rightly answered 422, `positive_data_acceptance` would let pass whatever is."""
    known = UNSAID_BY_SCHEMAS.get(case.operation.definition.raw.get("operationId", ""))
    if known and response.status_code == 422 and case.meta and case.meta.generation.mode.is_positive:
        answer = response.json()
        assert {error["code"] for error in answer.get("errors") or [answer["error"]]} <= known, answer


@schemathesis.check
def valid_input_is_refused_by_rules(
    context: schemathesis.CheckContext, response: schemathesis.Response, case: schemathesis.Case[Any]
) -> None:
    """The same for the ticketing API, where what is refused is 400."""
    _, is_ticketing, name = case.operation.definition.raw.get("operationId", "").partition("ticketing_")
    if is_ticketing and response.status_code == 400 and case.meta and case.meta.generation.mode.is_positive:
        assert response.json()["category_code"] in RULES_OF_TICKETING.get(name, set()), response.json()
