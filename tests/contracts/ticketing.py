"""The events and tickets that the examples of the OpenAPI document name."""

from uuid import UUID

from service.ids import uuid7
from service.inventory import pool_of_event
from service.resources import Resources
from service.ticketing.tickets.holds import hold_of, owner_of
from service.ticketing.tickets.schemas import EVENT_ID, TICKET_ID
from tests.service.factories import Account

SEATS = 1_000_000
BOOKED = 500
SPARE_EVENTS = 4

_ROWS = """
WITH pools AS (
    INSERT INTO inventory (id, capacity, sold, sales_end)
    SELECT pool, $3, 0, timestamptz '2200-01-01 00:00Z' FROM unnest($2::bigint[]) AS pool RETURNING id, sales_end
)
INSERT INTO events (id, pool, name, starts_at, address, description)
SELECT event_id, pool, 'Jazz by the river', sales_end, 'There', 'Three bands.'
FROM unnest($1::uuid[], $2::bigint[]) AS event (event_id, pool) JOIN pools ON pools.id = pool
"""
_TICKETS = """
WITH booking AS (
    INSERT INTO ticket_bookings (id, event_id, user_id, booked_at) VALUES ($1, $2, $3, now()) RETURNING *
), sold AS (
    UPDATE inventory SET sold = cardinality($4::uuid[]) FROM events WHERE events.id = $2 AND pool = inventory.id
)
INSERT INTO tickets (id, booking_id, event_id, user_id, booked_at)
SELECT ticket_id, booking.id, event_id, user_id, booked_at FROM booking, unnest($4::uuid[]) AS ticket_id
"""


async def insert_events(resources: Resources, account: Account) -> None:
    """An event of which `account` has reserved a ticket and booked many; others can be deleted or changed."""
    first = UUID(EVENT_ID)
    ids = [UUID(int=first.int + number) for number in range(1 + SPARE_EVENTS)]
    pools = [resources.ids.next() for _ in ids]
    async with resources.postgres.acquire() as connection:
        await connection.execute(_ROWS, ids, pools, SEATS)
        booked = [uuid7() for _ in range(BOOKED)]
        await connection.execute(_TICKETS, resources.ids.next(), first, account.user_id, booked)
    reserved = {hold_of(UUID(TICKET_ID)): 1}
    owner = owner_of(account.user_id)
    await resources.engine.open(pool_of_event(pools[0]), owner, reserved, lifetime=3_600_000, owner_limit=10)
