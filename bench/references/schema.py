"""The tables of the reference on `SELECT … FOR UPDATE`, beside the service's own."""

from service.postgres import Postgres

_TABLES = """
CREATE SCHEMA IF NOT EXISTS for_update;
CREATE TABLE IF NOT EXISTS for_update.pools (
    session_id bigint PRIMARY KEY,
    capacity int NOT NULL,
    sold int NOT NULL DEFAULT 0,
    CHECK (sold <= capacity)
);
CREATE TABLE IF NOT EXISTS for_update.bookings (
    id bigint PRIMARY KEY,
    session_id bigint NOT NULL REFERENCES sessions (id),
    user_id bigint NOT NULL REFERENCES users (id),
    seats int NOT NULL DEFAULT 0,
    status text NOT NULL DEFAULT 'open',
    created_at timestamptz NOT NULL DEFAULT now(),
    closes_at timestamptz NOT NULL
);
CREATE INDEX IF NOT EXISTS bookings_open ON for_update.bookings (session_id) WHERE status = 'open';
INSERT INTO for_update.pools (session_id, capacity) SELECT id, capacity FROM inventory ON CONFLICT DO NOTHING;
"""


async def create(postgres: Postgres) -> None:
    """Make the tables, if they are not there, and a pool for each session."""
    async with postgres.acquire() as connection:
        await connection.execute(_TABLES)
