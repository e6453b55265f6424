"""The rows that the examples of the OpenAPI document name, so that who sends the examples finds something."""

from service.accounts.reset_tokens import digest
from service.accounts.schemas import PasswordReset
from service.ids import Entity
from service.inventory import pool_of_session
from service.resources import Resources
from tests.service.factories import Account

EXAMPLE = 7291038475629184000
"""The number of the ids in the examples."""

_ROWS = [
    """
    INSERT INTO movies (id, title, description, duration, year)
    SELECT generate_series($1::bigint, $1 + 9), 'Amélie', '', 122, 2001
    """,
    """
    INSERT INTO pgqueuer (id, priority, status, entrypoint, payload)
    SELECT generate_series($1::bigint, $1 + 99), 0, 'failed', 'booking-confirmed-mail', '{}'
    """,
    "INSERT INTO genres (id, name) SELECT $1::bigint + n, 'Comedy ' || n FROM generate_series(0::bigint, 9) AS n",
    "INSERT INTO actors (id, name) SELECT generate_series($1::bigint, $1 + 9), 'Audrey Tautou'",
    "INSERT INTO posters (movie_id, digest, image) VALUES ($1, 'example', '')",
    "INSERT INTO movie_genres (movie_id, genre_id) SELECT generate_series($1::bigint, $1 + 9), $1",
    "INSERT INTO movie_cast (movie_id, actor_id, position) VALUES ($1, $1, 1)",
    "INSERT INTO movie_availability (movie_id, country_code) SELECT generate_series($1::bigint, $1 + 9), 'FR'",
    """
    INSERT INTO places (id, name, address, capacity)
    SELECT generate_series($1::bigint, $1 + 9), 'Lumière', '1 rue Première', 1000
    """,
    """
    INSERT INTO inventory (id, capacity, sold, sales_end)
    SELECT generate_series($1::bigint, $1 + 9), 1000, 2, now() + interval '1 day'
    """,
    """
    INSERT INTO sessions (id, movie_id, place_id, starts_at, price)
    SELECT $1 + n, $1, $1, now() + interval '1 day' * (n + 1), 1200 FROM generate_series(0::bigint, 9) AS n
    """,
    """
    INSERT INTO seat_plans (id, place_id, plan) VALUES ($1, $1, jsonb_build_object(
        'rows', (SELECT jsonb_agg(jsonb_build_object('label', chr(64 + r), 'seats', (
            SELECT jsonb_agg(jsonb_build_object('number', n, 'kind', 'standard')) FROM generate_series(1, 20) AS n
        ))) FROM generate_series(1, 26) AS r),
        'focal_point', NULL, 'supplements', '{}'::jsonb
    ))
    """,
    """
    INSERT INTO inventory (id, capacity, sales_end, seat_plan_id, sold_seats)
    SELECT $1::bigint + 10, capacity, now() + interval '11 days', id, repeat('0', cells)::bit varying
    FROM seat_plans WHERE id = $1
    """,
    """
    INSERT INTO sessions (id, movie_id, place_id, starts_at, price)
    VALUES ($1::bigint + 10, $1, $1, now() + interval '11 days', 1200)
    """,
]
_CONFIRMED_BOOKINGS = """
    INSERT INTO bookings
        (id, session_id, user_id, seats, status, unit_price, currency, created_at, closes_at, confirmed_at)
    SELECT $1::bigint + id, $1 + session, $2, 2, 'confirmed', 1200, 'EUR', now(), now(), now()
    FROM (VALUES (1, 0), (20, 5), (21, 6)) AS sold (id, session)
"""
_FORGETFUL = """
    WITH forgetful AS (INSERT INTO users (id, email) VALUES ($1, 'forgetful@example.com'))
    INSERT INTO password_resets (token_hash, user_id, expires_at) VALUES ($2, $1, now() + interval '1 hour')
"""
_SAVED_MOVIES = """
    INSERT INTO saved_movies (user_id, movie_id) SELECT $2, generate_series($1::bigint + 5, $1 + 7)
"""


async def insert_examples(resources: Resources, account: Account) -> None:
    """A movie, a place, its session, and an open booking of `account`; the next one is confirmed, the others open.

    With a confirmed booking, nothing deletes the session. The next numbers are of rows that can be deleted, and two of
    confirmed bookings of other sessions. All movies can be seen in France, and `account` has saved some. The session
    10 has a seat plan, and 30 is an open booking of it.
    """
    async with resources.postgres.acquire() as connection:
        for statement in _ROWS:
            await connection.execute(statement, EXAMPLE)
        await connection.execute(_CONFIRMED_BOOKINGS, EXAMPLE, account.user_id)
        await connection.execute(_SAVED_MOVIES, EXAMPLE, account.user_id)
        token = PasswordReset.model_fields["token"].examples or []
        await connection.execute(_FORGETFUL, EXAMPLE, digest(token[0]))
    seats = {Entity.BOOKING.public(EXAMPLE + n): 2 for n in range(10) if n != 1}
    owner = Entity.USER.public(account.user_id)
    await resources.engine.open(pool_of_session(EXAMPLE), owner, seats, lifetime=3_600_000, owner_limit=10)
    numbered = {Entity.BOOKING.public(EXAMPLE + 30): 0}
    await resources.engine.open(pool_of_session(EXAMPLE + 10), owner, numbered, lifetime=3_600_000, owner_limit=11)


async def assign_examples(resources: Resources, manager: Account) -> None:
    """Let a manager schedule the places of the examples."""
    async with resources.postgres.acquire() as connection:
        await connection.execute(
            "INSERT INTO manager_places (user_id, place_id) SELECT $1, id FROM places", manager.user_id
        )
