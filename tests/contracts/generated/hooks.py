"""What schemathesis cannot know of the API from its document."""

import os
from datetime import UTC, date, datetime
from itertools import count
from typing import Any
from uuid import uuid4

import requests
import schemathesis
from hypothesis import strategies as st

from service.backoffice.importing.routes import ENDPOINTS as IMPORTS
from tests.contracts.examples import EXAMPLE
from tests.service.factories import PASSWORD
from tests.service.posters.pictures import picture

_numbers = count(1)
SPARED = {
    "admin_change_user": ("user_id", "usr_", f"usr_{EXAMPLE}"),  # the account that asks keeps its role
    "admin_cancel_session": ("session_id", f"ses_{EXAMPLE // 100}", f"ses_{EXAMPLE + 7}"),
    "admin_cancel_reservation": ("booking_id", f"bkg_{EXAMPLE + 1}", f"bkg_{EXAMPLE + 20}"),
    "refund": ("booking_id", f"bkg_{EXAMPLE + 1}", f"bkg_{EXAMPLE + 21}"),
}
"""By operation: its parameter, what the ids begin with that are not for it, and the one that takes their place."""

# JSON Schema has no bounds for formats. Nobody was born before 1900 or after today, no session starts in another age.
schemathesis.openapi.format("date", st.dates(date(1900, 1, 1), datetime.now(UTC).date()).map(str))
days, times = st.dates(date(1900, 1, 2), date(2200, 12, 30)), st.times(timezones=st.just(UTC))
schemathesis.openapi.format("date-time", st.builds(datetime.combine, days, times).map(datetime.isoformat))
# The library that checks addresses refuses those of RFC 5321 that no mail server takes.
schemathesis.openapi.format("email", st.from_regex(r"[a-z0-9]{1,20}@[a-z]{2,20}\.(com|fr|museum)", fullmatch=True))

for name in ("JPEG", "PNG", "WEBP"):
    schemathesis.openapi.media_type(f"image/{name.lower()}", st.just(picture(name)))


@schemathesis.serializer("image/jpeg", "image/png", "image/webp")
def as_it_is(context: schemathesis.SerializationContext, value: Any) -> bytes:
    """An image is bytes already; what is no image is sent as text."""
    return value if isinstance(value, bytes) else str(value).encode()


OF_SEAT_PLANS = {
    *("missing_capacity", "invalid_capacity", "invalid_rows", "invalid_label", "invalid_seats", "invalid_number"),
    "invalid_focal_point",
}
UNSAID_BY_SCHEMAS = {
    "admin_create_place": OF_SEAT_PLANS,
    "admin_change_place": OF_SEAT_PLANS,
    "reserve": {"invalid_seat_labels", "invalid_wheelchair"},
    "admin_list_reservations": {"invalid_from"},
    "admin_create_movie": {"invalid_genres", "invalid_cast"},
    "admin_change_movie": {"invalid_genres", "invalid_cast"},
    "admin_change_user": {"invalid_places"},
    "admin_import_catalogue": {"import_refused"},
    "admin_report_sales": {"invalid_from"},
    "admin_report_holds": {"invalid_from"},
    "admin_report_pages": {"invalid_from"},
    "list_sessions": {"invalid_from"},
    "change_account": {"invalid_date_of_birth"},
    "reset_password": {"invalid_token"},
    "discovery_get_movie": {"UNAVAILABLE_IN_COUNTRY"},
    "discovery_save_movie": {"UNAVAILABLE_IN_COUNTRY"},
}
"""With what an operation may answer 422 to valid input: `from` after `to`, birth tomorrow, no such movie there, two
seats with one number."""
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
    "remove_from_waitlist": {"EVENT-03"},
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
    """A valid key is new for each request, as its schema cannot say: used twice, it is rightly refused.

    Ids that were found in lists are spared by what would end them for all that comes after.
    """
    parameter, spared, instead = SPARED.get(case.operation.definition.raw.get("operationId", ""), ("", "", ""))
    if str(case.path_parameters.get(parameter)).startswith(spared or "-"):
        case.path_parameters[parameter] = instead
    key = case.headers.get("Idempotency-Key")
    if key is not None and case.meta and case.meta.generation.mode.is_positive:
        case.headers["Idempotency-Key"] = f"{key[:240]}{next(_numbers)}"


@schemathesis.serializer(*IMPORTS[0].uploads)
def serialize_catalogue(context: schemathesis.SerializationContext, value: Any) -> bytes:
    """A catalogue as it is, or whatever is sent in its place."""
    return value if isinstance(value, bytes) else str(value).encode(errors="replace")


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
