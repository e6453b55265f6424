"""The errors of the ticketing API, under the codes that its contract has for them.

Business refusals are 400, and there is no 403.
"""

from service.errors import ErrorKind

NOT_DECODED = ErrorKind("SYS-01", 400, "The request does not have the form that it should have.")
UNKNOWN_ERROR = ErrorKind("SYS-02", 500, "Something went wrong on our side.")
INVALID_UUID = ErrorKind("SYS-03", 400, "The id is not a UUID.")

INVALID_ROLE = ErrorKind("USER-01", 401, "Your role does not allow this.")
EMPTY_PASSWORD = ErrorKind("USER-02", 400, "The password is empty.")
USER_NOT_FOUND = ErrorKind("USER-03", 401, "There is no user with this e-mail address.")
WRONG_PASSWORD = ErrorKind("USER-04", 401, "The password is wrong.")
TOKEN_NOT_SIGNED = ErrorKind("USER-05", 500, "The token could not be signed.")
INVALID_TOKEN = ErrorKind("USER-06", 401, "The token is missing or not valid.")
EMPTY_EMAIL = ErrorKind("USER-07", 400, "The e-mail address is empty.")
EMPTY_NAME = ErrorKind("USER-08", 400, "The name is empty.")
EMAIL_TAKEN = ErrorKind("USER-09", 400, "A user with this e-mail address already exists.")
INVALID_EMAIL = ErrorKind("USER-10", 400, "The e-mail address is not valid.")
INVALID_PASSWORD = ErrorKind("USER-11", 400, "The password is too short or too long.")

INVALID_SEAT_COUNT = ErrorKind("EVENT-01", 400, "The seat count is not valid.")
INVALID_EVENT_ID = ErrorKind("EVENT-02", 400, "The event's id is not a UUID.")
EVENT_NOT_FOUND = ErrorKind("EVENT-03", 400, "No event was found.")
INVALID_EVENT = ErrorKind("EVENT-04", 400, "The event is not valid.")
SEATS_IN_USE = ErrorKind("EVENT-05", 400, "More seats than that are booked or reserved.")
HAS_BOOKED_TICKETS = ErrorKind("EVENT-06", 400, "Tickets of the event are booked.")
EVENT_OVER = ErrorKind("EVENT-07", 400, "The event is over.")

TOO_FEW_TICKETS = ErrorKind("TICKET-01", 400, "There are too few tickets for that.")
TICKET_NOT_RESERVED = ErrorKind("TICKET-02", 400, "A ticket is not reserved.")
NOT_YOUR_TICKET = ErrorKind("TICKET-03", 400, "A ticket is not yours.")
TOO_MANY_TICKETS = ErrorKind("TICKET-04", 400, "These are too many tickets at once.")

ALREADY_WAITING = ErrorKind("WAITLIST-01", 400, "You are waiting for this event already.")
INVALID_WAITLIST_COUNT = ErrorKind("WAITLIST-02", 400, "The count is not valid.")

READ_FAILED = ErrorKind("DB-01", 503, "Nothing can be read right now.", 1)
WRITE_FAILED = ErrorKind("DB-02", 503, "Nothing can be written right now.", 1)
TRANSACTION_FAILED = ErrorKind("DB-03", 503, "The transaction cannot be completed right now.", 1)
