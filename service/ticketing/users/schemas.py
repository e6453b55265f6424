"""What requests of the ticketing API's users carry, and what they are answered."""

from typing import Annotated

from asyncpg import Record
from pydantic import MISSING, ConfigDict, Field, RootModel

from service.accounts.emails import EmailAddress
from service.accounts.schemas import NewPassword
from service.http.fields import STORABLE, AnswerModel
from service.ticketing.fields import THERE, EventId, TicketingBody, UnixTime, unix_time


class NewUser(TicketingBody):
    """A new user's name, address and password."""

    name: Annotated[str, Field(min_length=1, max_length=200, examples=["Ada Lovelace"]), STORABLE, THERE]
    email: Annotated[EmailAddress, THERE]
    password: Annotated[NewPassword, THERE]


class Credentials(TicketingBody):
    """A user's address and password: of any form, since it may have been another when they were chosen."""

    email: Annotated[str, Field(min_length=1, examples=["ada@example.com"]), STORABLE, THERE]
    password: Annotated[str, Field(min_length=1, examples=["correct horse battery"]), THERE]


class Token(AnswerModel):
    """A bearer token."""

    token: str = Field(examples=["eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiJ1c3JfMSJ9.c2lnbmF0dXJl"])


class PastBooking(AnswerModel):
    """What one call booked of one event."""

    model_config = ConfigDict(json_schema_serialization_defaults_required=False)

    event_id: EventId
    event_name: str = Field(examples=["Jazz by the river"])
    event_unix_time: UnixTime
    event_address: str = Field(examples=["1 quai Premier, Lyon"])
    event_description: str = Field(examples=["Three bands, one night."])
    event_latitude: float | MISSING = Field(MISSING, examples=[45.764])
    event_longitude: float | MISSING = Field(MISSING, examples=[4.8357])
    number_of_tickets: int = Field(description="Those that were not cancelled.", examples=[2])
    booking_unix_time: UnixTime

    @classmethod
    def of(cls, row: Record) -> "PastBooking":
        """The booking of `queries.bookings_of_user`."""
        place = {name: row[name] for name in ("event_latitude", "event_longitude") if row[name] is not None}
        return cls(
            event_id=row["event_id"],
            event_name=row["event_name"],
            event_unix_time=unix_time(row["starts_at"]),
            event_address=row["event_address"],
            event_description=row["event_description"],
            number_of_tickets=row["number_of_tickets"],
            booking_unix_time=unix_time(row["booked_at"]),
            **place,
        )


class PastBookings(RootModel[list[PastBooking]]):
    """What the user has booked, the newest first."""
