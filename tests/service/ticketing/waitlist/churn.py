"""What became of a line, as Postgres saw it: a trigger of the test's own logs each change of an entry's status."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from service.postgres import Connection

LOG = """
CREATE TABLE line_log (
    n bigint GENERATED ALWAYS AS IDENTITY, entry uuid, old text, new text, offers int, offered_at timestamptz,
    at timestamptz DEFAULT clock_timestamp(), version bigint
);
CREATE FUNCTION log_line() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO line_log (entry, old, new, offers, offered_at, version)
    SELECT NEW.id, OLD.status, NEW.status, NEW.offers, NEW.offered_at, line_version
    FROM events JOIN inventory ON inventory.id = pool WHERE events.id = NEW.event_id;
    RETURN NULL;
END $$;
CREATE TRIGGER log_line AFTER UPDATE ON waitlist_entries
FOR EACH ROW WHEN (OLD.status <> NEW.status) EXECUTE FUNCTION log_line();
"""


Offers = Mapping[UUID, Collection[datetime]]
"""When offers were made, by their entries, whether they were written down or not."""


@dataclass(frozen=True, slots=True)
class Wait:
    """A time in which somebody waited: since when, and until an offer was made, by the transaction `until`, if it was.

    `made_at` is never later than Redis made it.
    """

    entry: UUID
    position: int
    count: int
    since: datetime
    until: int | None
    made_at: datetime | None
    offer: int | None


@dataclass(frozen=True, slots=True)
class Grant:
    """Tickets that the public got, between two moments."""

    count: int
    begun: datetime
    ended: datetime


async def waits(connection: Connection) -> list[Wait]:
    """Every time in which somebody waited, offers that were lost included."""
    entries = await connection.fetch(
        "SELECT id, position, cardinality(ticket_ids) AS count, joined_at FROM waitlist_entries"
    )
    log = await connection.fetch("SELECT entry, old, new, offers, offered_at, at, version FROM line_log ORDER BY n")
    found = []
    for entry in entries:
        since = entry["joined_at"]
        for change in (change for change in log if change["entry"] == entry["id"]):
            if change["new"] == "waiting":
                since = change["at"]
            elif change["old"] == "waiting":
                offered = (change["version"], change["offered_at"], change["offers"])
                found.append(Wait(entry["id"], entry["position"], entry["count"], since, *offered))
                since = None
        if since is not None:
            found.append(Wait(entry["id"], entry["position"], entry["count"], since, None, None, None))
    return found


def overtaken(all_waits: Sequence[Wait], seen: Offers, settled: timedelta) -> list[tuple[Wait, Wait]]:
    """Who was in line when somebody who had joined later, and needs no fewer, was served by an earlier transaction.

    Offers are written down in the order in which they were made, so that one made earlier has no later transaction.
    """
    return [
        (first, served)
        for served in all_waits
        if served.until is not None and served.made_at is not None
        for first in all_waits
        if first.position < served.position
        and first.count <= served.count
        and first.since + settled < served.made_at
        and (first.until is None or first.until > served.until)
        and not _seen(seen, first, served.made_at + settled)
    ]


def neglected(
    all_waits: Sequence[Wait], grants: Sequence[Grant], seen: Offers, settled: timedelta
) -> list[tuple[Wait, Grant]]:
    """Who was in line, and would have fitted, all the time while the public got tickets."""
    return [
        (wait, grant)
        for grant in grants
        for wait in all_waits
        if wait.count <= grant.count
        and wait.since + settled < grant.begun
        and (wait.made_at is None or wait.made_at > grant.ended)
        and not _seen(seen, wait, grant.ended)
    ]


def _seen(seen: Offers, wait: Wait, moment: datetime) -> bool:
    """Whether an offer had been made by that moment that lapsed untold: that served it, too, though it waits on."""
    return any(wait.since < made_at <= moment for made_at in seen.get(wait.entry, ()))
