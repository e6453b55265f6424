"""What was sold, said by the API and by the database."""

from collections.abc import Sequence
from dataclasses import dataclass

from grab import queries, sessions
from grab.api import Api
from grab.database import Database
from grab.recording import Recording
from grab.sessions import Shown
from service.ids import Entity


@dataclass(frozen=True, slots=True)
class Line:
    """One session at the end. What only the database knows is None without it."""

    session: Shown
    confirmed: int
    sold: int | None
    booked: int | None
    held: int | None

    @property
    def oversold(self) -> int:
        """Seats beyond the capacity, whoever counts."""
        counts = [self.confirmed, self.sold or 0, self.booked or 0]
        return max(0, max(counts) - self.session.capacity)


@dataclass(frozen=True, slots=True)
class Verdict:
    """`lost`: bookings that were answered 200 and are not in the database as they were answered."""

    lines: Sequence[Line]
    lost: int

    @property
    def oversold(self) -> int:
        return sum(line.oversold for line in self.lines)

    @property
    def miscounted(self) -> int:
        """Sessions whose inventory is not what their bookings add up to."""
        return sum(line.sold != line.booked for line in self.lines)

    @property
    def sound(self) -> bool:
        return not (self.oversold or self.lost or self.miscounted)


async def reach(api: Api, database: Database | None, chosen: Sequence[Shown], recording: Recording) -> Verdict:
    """The verdict on the sessions as they are now. Raises `GrabError`, and what Postgres raises."""
    shown = [await sessions.show(api, session.id) for session in chosen]
    confirmed = {session.id: 0 for session in shown}
    for session_id, seats in recording.confirmed.values():
        confirmed[session_id] += seats
    if database is None:
        return Verdict([Line(session, confirmed[session.id], None, None, None) for session in shown], 0)
    answered = {Entity.BOOKING.number(booking) or 0: seats for booking, (_, seats) in recording.confirmed.items()}
    async with database.postgres.acquire() as connection:
        rows = {row["id"]: row for row in await queries.seats_of_sessions(connection, [s.number for s in shown])}
        kept = await queries.confirmed_seats(connection, list(answered))
    lines = []
    for session in shown:
        row = rows[session.number]
        held = max(0, row["capacity"] - session.available - row["sold"])
        lines.append(Line(session, confirmed[session.id], row["sold"], int(row["booked"]), held))
    return Verdict(lines, sum(kept.get(number) != seats for number, seats in answered.items()))
