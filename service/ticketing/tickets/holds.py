"""What the engine calls tickets and those who hold them."""

from uuid import UUID

from service.ids import Entity

_PREFIX = "tkt_"


def hold_of(ticket_id: UUID) -> str:
    """The name of the ticket's hold."""
    return f"{_PREFIX}{ticket_id}"


def ticket_of(hold_id: str) -> UUID:
    """The ticket whose hold has this name."""
    return UUID(hold_id.removeprefix(_PREFIX))


def owner_of(user_id: int) -> str:
    """The owner of a user's tickets: another one than that of bookings, so that their bounds do not mix."""
    return f"{Entity.USER.public(user_id)}:tickets"
