"""Every error that the service answers: one table of code, status and message, whatever the dialect."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True, slots=True)
class ErrorKind:
    """A row of the table. `retry_after` is in seconds and is sent as the `Retry-After` header."""

    code: str
    status: int
    message: str
    retry_after: int | None = None


MALFORMED_JSON = ErrorKind("malformed_json", 400, "The request body is not valid JSON.")
UPLOAD_INTERRUPTED = ErrorKind("upload_interrupted", 400, "The upload broke off; nothing was taken in.")
INVALID_CURSOR = ErrorKind("invalid_cursor", 400, "The cursor is damaged or belongs to another list.")
MISSING_TOKEN = ErrorKind("missing_token", 401, "A bearer token is required.")
INVALID_TOKEN = ErrorKind("invalid_token", 401, "The bearer token is not valid.")
EXPIRED_TOKEN = ErrorKind("expired_token", 401, "The bearer token has expired.")
INVALID_CREDENTIALS = ErrorKind("invalid_credentials", 401, "The e-mail address or the password is wrong.")
FORBIDDEN = ErrorKind("forbidden", 403, "Your role does not allow this.")
NOT_YOURS = ErrorKind("forbidden", 403, "This belongs to another account.")
NOT_FOUND = ErrorKind("not_found", 404, "There is nothing at this path.")
MOVIE_NOT_FOUND = ErrorKind("movie_not_found", 404, "No such movie.")
PLACE_NOT_FOUND = ErrorKind("place_not_found", 404, "No such place.")
SESSION_NOT_FOUND = ErrorKind("session_not_found", 404, "No such session.")
SEAT_PLAN_NOT_FOUND = ErrorKind("seat_plan_not_found", 404, "The seats of the session have no numbers.")
BOOKING_NOT_FOUND = ErrorKind("booking_not_found", 404, "No such booking.")
GENRE_NOT_FOUND = ErrorKind("genre_not_found", 404, "No such genre.")
ACTOR_NOT_FOUND = ErrorKind("actor_not_found", 404, "No such actor.")
POSTER_NOT_FOUND = ErrorKind("poster_not_found", 404, "No poster of the movie was uploaded.")
USER_NOT_FOUND = ErrorKind("user_not_found", 404, "No such user.")
NOT_SAVED = ErrorKind("not_saved", 404, "The movie is not saved.")
JOB_NOT_FOUND = ErrorKind("job_not_found", 404, "No such job; those that are done are not kept.")
METHOD_NOT_ALLOWED = ErrorKind("method_not_allowed", 405, "This path does not answer this method.")
EMAIL_TAKEN = ErrorKind("email_taken", 409, "An account with this e-mail address already exists.")
SEATS_UNAVAILABLE = ErrorKind("seats_unavailable", 409, "Not enough seats are free.")
SEATS_TAKEN = ErrorKind("seats_unavailable", 409, "Somebody else has some of these seats.")
NO_SEATS_RESERVED = ErrorKind("no_seats_reserved", 409, "The booking has no reserved seats.")
BOOKING_CONFIRMED = ErrorKind("booking_confirmed", 409, "The booking is confirmed and cannot change.")
BOOKING_CANCELLED = ErrorKind("booking_cancelled", 409, "The booking is cancelled and cannot change.")
BOOKING_CONFIRMING = ErrorKind("booking_confirming", 409, "Another request is confirming or cancelling the booking.", 1)
SESSION_STARTED = ErrorKind("session_started", 409, "The session has started.")
SESSION_CANCELLED = ErrorKind("session_cancelled", 409, "The session is cancelled.")
TOO_MANY_OPEN_BOOKINGS = ErrorKind("too_many_open_bookings", 409, "You have too many open bookings.")
SESSION_OVERLAPS = ErrorKind("session_overlaps", 409, "Another session occupies the place at that time.")
HAS_BOOKINGS = ErrorKind("has_bookings", 409, "There are confirmed bookings.")
CAPACITY_BELOW_SOLD = ErrorKind("capacity_below_sold", 409, "A coming session has sold more seats than that.")
NAME_TAKEN = ErrorKind("name_taken", 409, "There is another one with this name.")
LAST_ADMIN = ErrorKind("last_admin", 409, "This is the last administrator, and there must be one.")
BOOKING_NOT_CONFIRMED = ErrorKind(
    "booking_not_confirmed", 409, "The booking is not confirmed: there is nothing to refund."
)
REFUND_TOO_LATE = ErrorKind("refund_too_late", 409, "Bookings are refunded until two hours before the session starts.")
DUPLICATE_SAVE = ErrorKind("duplicate_save", 409, "The movie is saved already.")
IMPORT_IN_PROGRESS = ErrorKind("import_in_progress", 409, "Another import is running.", 10)
JOB_NOT_FAILED = ErrorKind("job_not_failed", 409, "The job has not failed: it is waiting or running.")
JOB_WAITING = ErrorKind("job_waiting", 409, "Another job for the same thing is waiting or running.")
IDEMPOTENCY_IN_PROGRESS = ErrorKind(
    "idempotency_in_progress", 409, "The first request with this idempotency key is still running.", 1
)
BOOKING_EXPIRED = ErrorKind("booking_expired", 410, "The booking has expired; its seats are free again.")
BODY_TOO_LARGE = ErrorKind("body_too_large", 413, "The request body is larger than 64 KiB.")
IMPORT_TOO_LARGE = ErrorKind("body_too_large", 413, "The file is larger than imports may be.")
IMAGE_TOO_LARGE = ErrorKind("body_too_large", 413, "The image is larger than 5 MiB.")
UNSUPPORTED_MEDIA_TYPE = ErrorKind("unsupported_media_type", 415, "The request body must be application/json.")
UNSUPPORTED_UPLOAD = ErrorKind(
    "unsupported_media_type", 415, "The request body must be of one of the media types that are documented, in UTF-8."
)
IDEMPOTENCY_KEY_REUSED = ErrorKind(
    "idempotency_key_reused", 422, "This idempotency key was used for a different request."
)
UNAVAILABLE_IN_COUNTRY = ErrorKind("unavailable_in_country", 422, "The movie is not available in this country.")
IMPORT_REFUSED = ErrorKind("import_refused", 422, "The file has faulty rows; nothing was imported.")
RATE_LIMITED = ErrorKind("rate_limited", 429, "Too many attempts; try again later.")
INTERNAL_ERROR = ErrorKind("internal_error", 500, "Something went wrong on our side.")
SERVICE_UNAVAILABLE = ErrorKind("service_unavailable", 503, "The service cannot answer right now.", 1)
OUTCOME_UNKNOWN = ErrorKind(
    "service_unavailable", 503, "The outcome is not known yet; ask again with the same request.", 5
)


@dataclass(frozen=True, slots=True)
class InputFault:
    """One thing wrong with the request's input, at the dotted place `field`; always a 422."""

    code: str
    message: str
    field: str


@dataclass(eq=False)
class ApiError(Exception):
    """A refusal. `extra` joins the error object; `retry_after` (seconds) overrides the kind's."""

    kind: ErrorKind
    extra: Mapping[str, Any] = field(default_factory=dict)
    retry_after: int | None = None

    @property
    def retry_seconds(self) -> int | None:
        return self.kind.retry_after if self.retry_after is None else self.retry_after


@dataclass(eq=False)
class InvalidInput(Exception):
    """The input's faults, every one of the request. `kind` is what they are where the endpoint has a name for them."""

    faults: list[InputFault]
    kind: ErrorKind | None = None
