"""The SQL of the waitlist. Whoever changes who waits calls `change_line` first, which locks the inventory row."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from asyncpg import Record

from service.postgres import Connection


async def change_line(connection: Connection, pool: int) -> Record | None:
    """Lock the pool's inventory row and count a change of its line; the row, and whether sales have ended."""
    return await connection.fetchrow(
        """
        UPDATE inventory SET line_version = line_version + 1 WHERE id = $1
        RETURNING id, capacity, sold, sales_end, version, line_version, sales_end <= now() AS is_over
        """,
        pool,
    )


async def change_lines_of(connection: Connection, user_id: int) -> list[Record]:
    """The same for each pool that the user waits for, or has an offer of, in the order of their ids; their rows."""
    return await connection.fetch(
        """
        WITH locked AS (
            SELECT id FROM inventory
            WHERE id IN (SELECT pool FROM events JOIN waitlist_entries AS entries ON entries.event_id = events.id
                         WHERE user_id = $1 AND status IN ('waiting', 'offered'))
            ORDER BY id FOR UPDATE
        )
        UPDATE inventory SET line_version = line_version + 1 FROM locked WHERE inventory.id = locked.id
        RETURNING inventory.id, capacity, sold, sales_end, version, line_version
        """,
        user_id,
    )


async def lock_user(connection: Connection, user_id: int) -> None:
    """Keep the user from joining a line until the commit. Inventory rows are locked before."""
    await connection.execute("SELECT FROM users WHERE id = $1 FOR UPDATE", user_id)


async def line(connection: Connection, pool: int) -> list[Record]:
    """Who waits, in the order of joining, with the line's version; one row without an entry where nobody does."""
    return await connection.fetch(
        """
        SELECT line_version, entries.id, user_id, ticket_ids, passed
        FROM inventory LEFT JOIN events ON events.pool = inventory.id
        LEFT JOIN waitlist_entries AS entries ON entries.event_id = events.id AND status = 'waiting'
        WHERE inventory.id = $1 ORDER BY position
        """,
        pool,
    )


async def join(
    connection: Connection, entry_id: UUID, event_id: UUID, user_id: int, ticket_ids: Sequence[UUID]
) -> bool:
    """Put a user at the end of the line; False when the account is erased.

    The index `waitlist_entries_once_per_event` refuses who is in it.
    """
    return bool(
        await connection.fetchval(
            """
            INSERT INTO waitlist_entries (id, event_id, user_id, ticket_ids, joined_at)
            SELECT $1, $2, id, $4, statement_timestamp() FROM users WHERE id = $3 AND erased_at IS NULL FOR KEY SHARE
            RETURNING true
            """,
            entry_id,
            event_id,
            user_id,
            ticket_ids,
        )
    )


async def leave(connection: Connection, event_id: UUID, user_id: int) -> Record | None:
    """Take a user who waits, or has an offer, out of the line; the tickets, and whether they had been offered."""
    return await connection.fetchrow(
        """
        UPDATE waitlist_entries AS entries SET status = 'left' FROM waitlist_entries AS before
        WHERE before.id = entries.id AND entries.user_id = $2 AND entries.event_id = $1
          AND entries.status IN ('waiting', 'offered')
        RETURNING entries.ticket_ids, before.status = 'offered' AS was_offered
        """,
        event_id,
        user_id,
    )


async def leave_all(connection: Connection, user_id: int) -> list[Record]:
    """The same for every line; their pools, the tickets, and whether they had been offered."""
    return await connection.fetch(
        """
        UPDATE waitlist_entries AS entries SET status = 'left'
        FROM waitlist_entries AS before JOIN events ON events.id = event_id
        WHERE before.id = entries.id AND entries.user_id = $1 AND entries.status IN ('waiting', 'offered')
        RETURNING pool, entries.ticket_ids, before.status = 'offered' AS was_offered
        """,
        user_id,
    )


async def of_user(connection: Connection, user_id: int, limit: int) -> list[Record]:
    """A user's newest entries but those that were left, with the place in line of those that wait."""
    return await connection.fetch(
        """
        SELECT event_id, name AS event_name, cardinality(ticket_ids) AS count, status, joined_at, ticket_ids, closes_at,
               CASE status WHEN 'waiting' THEN (
                   SELECT count(*) FROM waitlist_entries AS others
                   WHERE others.event_id = entries.event_id AND others.status = 'waiting'
                     AND others.position <= entries.position
               ) END AS place
        FROM waitlist_entries AS entries JOIN events ON events.id = event_id
        WHERE user_id = $1 AND status <> 'left'
        ORDER BY position DESC LIMIT $2
        """,
        user_id,
        limit,
    )


async def events_to_serve(connection: Connection) -> list[Record]:
    """The events that somebody waits for, or has an offer of that is neither booked nor closed.

    `is_due` where something is to be closed: somebody waits though the event is over, or an offer is over.
    """
    return await connection.fetch(
        """
        SELECT event.id, pool, is_over AND EXISTS (
                   SELECT FROM waitlist_entries WHERE event_id = event.id AND status = 'waiting'
               ) OR EXISTS (
                   SELECT FROM waitlist_entries
                   WHERE event_id = event.id AND status = 'offered' AND closes_at <= now()
               ) AS is_due
        FROM (
            SELECT event_id FROM waitlist_entries WHERE status = 'waiting'
            UNION SELECT event_id FROM waitlist_entries WHERE status = 'offered'
        ) AS lined
        CROSS JOIN LATERAL (
            -- One by one: nobody knows how few they are beside all events.
            SELECT events.id, pool, sales_end <= now() AS is_over
            FROM events JOIN inventory ON inventory.id = pool WHERE events.id = lined.event_id LIMIT 1
        ) AS event
        """
    )


async def open_offers(connection: Connection, pools: Sequence[int]) -> list[Record]:
    """The offers of the pools that nobody has booked, but for those that are over, or nearly so."""
    return await connection.fetch(
        """
        SELECT pool, entries.id, ticket_ids, closes_at
        FROM events JOIN waitlist_entries AS entries ON entries.event_id = events.id
        WHERE pool = ANY($1::bigint[]) AND status = 'offered' AND closes_at > now() + interval '1 second'
        """,
        pools,
    )


async def now(connection: Connection) -> datetime:
    """The time by the clock of Postgres."""
    moment: datetime = await connection.fetchval("SELECT clock_timestamp()")
    return moment


async def lapse(connection: Connection, event_id: UUID) -> None:
    """Close the event's offers whose time is over."""
    await connection.execute(
        """
        UPDATE waitlist_entries SET status = 'lapsed'
        WHERE event_id = $1 AND status = 'offered' AND closes_at <= now()
        """,
        event_id,
    )


async def put_back(connection: Connection, entry_ids: Sequence[UUID], closes_at: Sequence[datetime]) -> None:
    """Let those wait again, at their place, whose offers were lost, unless another one was made meanwhile."""
    await connection.execute(
        """
        UPDATE waitlist_entries AS entries SET status = 'waiting'
        FROM unnest($1::uuid[], $2::timestamptz[]) AS lost (id, closes_at)
        WHERE entries.id = lost.id AND status = 'offered' AND entries.closes_at = lost.closes_at
        """,
        entry_ids,
        closes_at,
    )


async def give_up_over(connection: Connection, event_id: UUID) -> None:
    """Close the line of an event that is over."""
    await connection.execute(
        """
        UPDATE waitlist_entries SET status = 'lapsed' FROM events JOIN inventory ON inventory.id = pool
        WHERE event_id = $1 AND events.id = event_id AND status = 'waiting' AND sales_end <= now()
        """,
        event_id,
    )


async def give_up_large(connection: Connection, event_id: UUID, seats: int) -> None:
    """Give up those who wait for more tickets than the event has seats."""
    await connection.execute(
        """
        UPDATE waitlist_entries SET status = 'lapsed'
        WHERE event_id = $1 AND status = 'waiting' AND cardinality(ticket_ids) > $2
        """,
        event_id,
        seats,
    )


async def record_offers(
    connection: Connection, entry_ids: Sequence[UUID], made_at: Sequence[datetime], closes_at: Sequence[datetime]
) -> list[Record]:
    """Write down what was offered to those who wait, and the new times of what had been offered before.

    Of each of the entries that is neither left nor booked, whether it had been waiting, and which offer it is.
    """
    return await connection.fetch(
        """
        UPDATE waitlist_entries AS entries
        SET status = 'offered', offered_at = offer.made_at, closes_at = offer.closes_at,
            offers = entries.offers + (before.status = 'waiting')::int
        FROM unnest($1::uuid[], $2::timestamptz[], $3::timestamptz[]) AS offer (id, made_at, closes_at)
        JOIN waitlist_entries AS before USING (id)
        WHERE entries.id = offer.id AND before.status IN ('waiting', 'offered')
        RETURNING entries.id, entries.position, entries.offers, before.status = 'waiting' AS is_new
        """,
        entry_ids,
        made_at,
        closes_at,
    )


async def count_passed(connection: Connection, event_id: UUID, positions: Sequence[int]) -> None:
    """Count for those who wait how many of the positions, which were served, are behind theirs."""
    await connection.execute(
        """
        UPDATE waitlist_entries AS entries
        SET passed = passed + (SELECT count(*) FROM unnest($2::bigint[]) AS served WHERE served > entries.position)
        WHERE event_id = $1 AND status = 'waiting'
          AND position < (SELECT max(served) FROM unnest($2::bigint[]) AS served)
        """,
        event_id,
        positions,
    )


async def offer(connection: Connection, entry_id: UUID) -> Record | None:
    """What an e-mail about an offer says; None once the account is erased, or the event deleted."""
    return await connection.fetchrow(
        """
        SELECT email, events.name, starts_at, address, cardinality(ticket_ids) AS count, ticket_ids, closes_at
        FROM waitlist_entries AS entries JOIN events ON events.id = event_id JOIN users ON users.id = user_id
        WHERE entries.id = $1 AND email IS NOT NULL AND closes_at IS NOT NULL
        """,
        entry_id,
    )
