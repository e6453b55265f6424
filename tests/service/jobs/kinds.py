"""Every kind of job, with work for one: rows to begin with, and what they must become."""

from dataclasses import dataclass
from uuid import UUID

from service.ids import Entity
from service.jobs.job import Payload
from service.postgres import Connection

ENTRY = UUID(int=7)
ROWS = """
    INSERT INTO users (id, email) VALUES (1, 'ada@example.com'), (2, 'bob@example.com');
    INSERT INTO movies (id, title, description, duration, year) VALUES (1, 'Amélie', '', 122, 2001);
    INSERT INTO places (id, name, address, capacity) VALUES (1, 'Lumière', '', 100);
    INSERT INTO inventory (id, capacity, sold, sales_end) VALUES (1, 100, 2, '2099-01-01'), (2, 100, 0, '2099-01-01');
    INSERT INTO sessions (id, movie_id, place_id, starts_at, price) VALUES (1, 1, 1, '2099-01-01', 1200);
    INSERT INTO bookings (id, session_id, user_id, seats, status, unit_price, currency, created_at, closes_at,
                          confirmed_at, cancelled_at)
    VALUES (1, 1, 1, 2, 'confirmed', 1200, 'EUR', now(), now(), now(), NULL),
           (2, 1, 1, 2, 'cancelled', 1200, 'EUR', now(), now(), now(), now()),
           (3, 1, 1, 2, 'confirmed', 1200, 'EUR', now(), now(), now(), NULL);
    INSERT INTO events (id, pool, name, starts_at, address, description)
    VALUES (gen_random_uuid(), 2, 'Jazz', '2099-01-01 20:00Z', '', '');
    INSERT INTO waitlist_entries (id, event_id, user_id, ticket_ids, status, joined_at, offered_at, closes_at)
    SELECT '00000000-0000-0000-0000-000000000007', id, 1, ARRAY[gen_random_uuid()], 'offered', now(), now(), now()
    FROM events;
"""
"""What e-mails are about."""
OLD = 3
"""Of five rows, three are too old."""


@dataclass(frozen=True, slots=True)
class Kind:
    """Jobs of one name. E-mails have a key; chores `fill` and tidy up a `table`, of which the `young` rows stay."""

    payloads: tuple[Payload, ...] = ({},)
    mails: tuple[str, ...] = ()
    table: str = ""
    fill: str = ""
    young: str = "true"
    among: str = "true"

    async def prepare(self, connection: Connection) -> None:
        """Make its rows."""
        if self.fill:
            await connection.execute(f"{self.fill} FROM generate_series(1, 5) AS n")

    async def counted(self, connection: Connection) -> tuple[int, int]:
        """How many old rows there are, and how many young ones."""
        counts = f"count(*) FILTER (WHERE NOT ({self.young})), count(*) FILTER (WHERE {self.young})"
        row = await connection.fetchrow(f"SELECT {counts} FROM {self.table} WHERE {self.among}")  # noqa: S608  # constants
        assert row is not None
        return row[0], row[1]

    async def lock_old(self, connection: Connection) -> None:
        """Keep anybody else from deleting the old rows while the transaction lasts."""
        statement = f"SELECT FROM {self.table} WHERE {self.among} AND NOT ({self.young}) FOR UPDATE"
        await connection.execute(statement)


def _aged(old: str) -> str:
    """A moment: so long ago in three rows, now in two."""
    return f"now() - CASE WHEN n <= {OLD} THEN interval '{old}' ELSE interval '0' END"


BOOKING = [Entity.BOOKING.public(number) for number in range(4)]
KINDS = {
    "booking-confirmed-mail": Kind(
        ({"bookings": [BOOKING[1], BOOKING[3]]}, {"bookings": [BOOKING[1]]}, {"bookings": [BOOKING[2]]}),
        mails=(f"booking-confirmed.{BOOKING[1]}", f"booking-confirmed.{BOOKING[3]}"),
    ),
    "booking-cancelled-mail": Kind(({"booking": BOOKING[2]},), mails=(f"booking-cancelled.{BOOKING[2]}",)),
    "password-reset": Kind(({"user": "usr_1", "reset": "5"},), mails=("password-reset.5",)),
    "waitlist-offer": Kind(({"entry": str(ENTRY), "offer": 1},), mails=(f"waitlist-offer.{ENTRY}.1",)),
    "forget-visits": Kind(
        table="page_visits",
        fill=f"""
            INSERT INTO page_visits (id, tracking_id, type, scheme, path, query, received_at)
            SELECT n, 'ada', 'page_enter', 'https', '/', '{{}}', {_aged("400 days")}
        """,
        young="received_at > now() - interval '10 days'",
        among="path = '/'",
    ),
    "forget-lapses": Kind(
        table="lapsed_holds",
        fill=f"""
            INSERT INTO lapsed_holds (id, session_id, user_id, seats, opened_at, closes_at, reason)
            SELECT n, 1, 1, 2, {_aged("400 days")}, now(), 'lapsed'
        """,
        young="opened_at > now() - interval '10 days'",
        among="id <= 5",
    ),
    "forget-password-resets": Kind(
        table="password_resets",
        fill=f"""
            INSERT INTO password_resets (token_hash, user_id, expires_at)
            SELECT decode(repeat('0' || n, 32), 'hex'), 2, {_aged("3 days")}
        """,
        young="expires_at > now() - interval '1 day'",
        among="user_id = 2",
    ),
    "forget-token-revocations": Kind(
        table="token_revocations",
        fill=f"INSERT INTO token_revocations (jti, user_id, revoked_at) SELECT gen_random_uuid(), 1, {_aged('3 days')}",
        young="revoked_at > now() - interval '1 day'",
    ),
    "forget-idempotency-keys": Kind(
        table="idempotency_keys",
        fill=f"""
            INSERT INTO idempotency_keys (user_id, digest, fingerprint, used_at)
            SELECT 1, 'key' || n, '', {_aged("3 days")}
        """,
        young="used_at > now() - interval '1 day'",
    ),
    "forget-done-jobs": Kind(
        table="pgqueuer_log",
        fill=f"""
            INSERT INTO pgqueuer_log (created, job_id, status, priority, entrypoint)
            SELECT {_aged("40 days")}, 1000000 + n, 'successful', 0, 'any'
        """,
        young="created > now() - interval '10 days'",
        among="job_id > 1000000",
    ),
}
CHORES = {name: kind for name, kind in KINDS.items() if kind.table}
MAILS = {mail for kind in KINDS.values() for mail in kind.mails}
