"""What Postgres knows of seats that were sold."""

from service.postgres import Postgres
from tests.service.factories import Showing


async def owners(postgres: Postgres, showing: Showing) -> dict[str, int]:
    """The booking that owns each seat, having checked that all that Postgres keeps of the session agrees.

    Each bit of the inventory is a seat with an owner, at its position in the plan; confirmed bookings have as many
    seats as they say, at what was to be paid for them.
    """
    async with postgres.acquire() as connection, connection.transaction(isolation="repeatable_read"):
        row = await connection.fetchrow(
            "SELECT sold, sold_seats::text AS bits, seat_plan_id FROM inventory WHERE id = $1", showing.session_id
        )
        seats = await connection.fetch(
            "SELECT * FROM booking_seats WHERE session_id = $1 AND NOT released", showing.session_id
        )
        bookings = await connection.fetch(
            """
            SELECT id, seats, seats::bigint * unit_price + supplements AS total
            FROM bookings WHERE session_id = $1 AND status = 'confirmed'
            """,
            showing.session_id,
        )
        revenue = await connection.fetchval(
            "SELECT coalesce(sum(revenue), 0) FROM session_sales WHERE session_id = $1", showing.session_id
        )
    assert row is not None
    assert {position for position, bit in enumerate(row["bits"]) if bit == "1"} == {seat["position"] for seat in seats}
    assert row["sold"] == len(seats) == sum(booking["seats"] for booking in bookings)
    for booking in bookings:
        prices = [seat["price"] for seat in seats if seat["booking_id"] == booking["id"]]
        assert (len(prices), sum(prices)) == (booking["seats"], booking["total"])
    assert revenue == sum(booking["total"] for booking in bookings)
    assert len({seat["label"] for seat in seats}) == len(seats)
    return {seat["label"]: seat["booking_id"] for seat in seats}
