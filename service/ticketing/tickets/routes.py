"""The paths of tickets."""

from service.http.endpoint import Access, Endpoint
from service.ticketing import errors
from service.ticketing.tickets import handlers

_FAULTS = {
    "invalid_event_id": errors.INVALID_UUID,
    "missing_event_id": errors.INVALID_UUID,
    "missing_count": errors.TOO_FEW_TICKETS,
}

ENDPOINTS = [
    Endpoint(
        "POST",
        "/ticket/reserve/",
        handlers.reserve_tickets,
        Access.USER,
        errors=(errors.EVENT_NOT_FOUND, errors.EVENT_OVER, errors.TOO_FEW_TICKETS, errors.TOO_MANY_TICKETS),
        idempotent=True,
        faults=_FAULTS,
    ),
    Endpoint(
        "POST",
        "/ticket/book/",
        handlers.book_tickets,
        Access.USER,
        errors=(errors.TOO_FEW_TICKETS, errors.TICKET_NOT_RESERVED, errors.NOT_YOUR_TICKET),
        faults={"invalid_ticket_ids": errors.INVALID_UUID, "missing_ticket_ids": errors.TOO_FEW_TICKETS},
    ),
    Endpoint(
        "POST",
        "/ticket/cancel/",
        handlers.cancel_tickets,
        Access.USER,
        errors=(errors.TOO_FEW_TICKETS, errors.NOT_YOUR_TICKET),
        idempotent=True,
        faults=_FAULTS,
    ),
]
