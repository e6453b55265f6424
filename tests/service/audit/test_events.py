"""Events are audited as sessions are: what is sold of them are tickets."""

from holds import keys
from service.audit.auditor import look_at_all_sessions
from service.postgres import Connection
from service.resources import Resources
from tests.service.api import as_user
from tests.service.audit.conftest import Look, Raw, kinds, only
from tests.service.conftest import Client
from tests.service.factories import Factory
from tests.service.ticketing.tickets.conftest import BoxOffice, Buyer


async def test_tickets_are_no_drift_and_lost_ones_are(
    look: Look, client: Client, factory: Factory, resources: Resources, connection: Connection, raw: Raw
) -> None:
    office, account = BoxOffice(resources), await factory.user()
    buyer, event = Buyer(as_user(client, account), account), await office.event()
    await buyer.booked(event, 3)
    await buyer.reserved(event, 2)
    assert (await buyer.cancel(event)).status == 200
    report = await look()
    assert (kinds(report), report.pools, report.held) == ([], 1, 2)
    everywhere = [drift async for _, drifts in look_at_all_sessions(connection) for drift in drifts]
    assert everywhere == []

    await connection.execute("UPDATE inventory SET sold = sold + 1 WHERE id = $1", event.number)
    assert only(await look()).postgres == {"sold": 3, "seats_of_confirmed_bookings": 2}
    [drift] = [drift async for _, drifts in look_at_all_sessions(connection) for drift in drifts]
    assert (drift.pool, drift.kind) == (event.pool, "bookings")


async def test_a_register_of_an_event_is_compared_with_its_row(
    look: Look, client: Client, factory: Factory, resources: Resources, raw: Raw
) -> None:
    office, account = BoxOffice(resources), await factory.user()
    buyer, event = Buyer(as_user(client, account), account), await office.event()
    await buyer.booked(event, 3)
    await raw.hset(keys.pool(event.pool), "sold", "2")
    await raw.hincrby(keys.pool(event.pool), "free", 1)
    drift = only(await look())
    assert (drift.pool, drift.redis, drift.postgres) == (event.pool, {"sold": 2}, {"sold": 3})
