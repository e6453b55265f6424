"""Reports on many bookings, against the read of a single row."""

from datetime import datetime, timedelta
from functools import partial
from zoneinfo import ZoneInfo

import asyncpg

from bench import load, queries, servers
from bench.load import Load, Phase
from bench.rounds import Row, Sizes, compare, in_turns
from bench.servers import Server
from bench.stack import Stack
from service.ids import Entity
from service.postgres import Postgres
from service.tracking.summing import sum_up_visits

CLIENTS = 4
REPORT = "report"
ADMIN = 1
PLACES, SESSIONS_A_DAY, BOOKINGS_A_DAY = 50, 4, 20_000
"""The schedule: a hundred bookings of each session."""
LEAST_DAYS = 31
HOME = "Europe/Paris"
TARGET = 10


def paths() -> dict[str, str]:
    """Of each report its path and query. Without days it is of the last thirty."""
    today = datetime.now(ZoneInfo(HOME)).date()
    week, day = f"from={today - timedelta(days=6)}&to={today}", f"from={today}&to={today}"
    return {
        "sales by day": "sales?group_by=day",
        "sales by movie": "sales?group_by=movie",
        "sales by place": "sales?group_by=place",
        "holds by day": "holds?group_by=day",
        "pages": "pages?",
        "sales of a week by day": f"sales?{week}&group_by=day",
        "sales of a week by movie": f"sales?{week}&group_by=movie",
        "sales of a day by session": f"sales?{day}&group_by=session",
        "holds of a week by day": f"holds?{week}&group_by=day",
        "pages of a week": f"pages?{week}",
    }


async def rows(stack: Stack, sizes: Sizes) -> list[Row]:
    """The time of each report against that of a session, both over HTTP as an administrator."""
    token = stack.world.resources.tokens.issue(ADMIN, "admin", 0)
    url = await stack.new_database("reports")
    await _fill(url, sizes.bookings)
    found = []
    async with servers.running(servers.SERVICE, stack.workers, {**stack.environment, "DATABASE_URL": url}) as server:
        single = partial(_ask, sizes, server, f"/v1/admin/sessions/{Entity.SESSION.public(1)}", token)
        for name, path in paths().items():
            report = partial(_ask, sizes, server, f"/v1/admin/reports/{path}", token)
            pairs = await in_turns(sizes.rounds, report, single)
            times = [(CLIENTS / one.rate(REPORT) * 1e3, CLIENTS / row.rate(REPORT) * 1e3) for one, row in pairs]
            case = f"{name}, {sizes.bookings:,} {'visits' if 'pages' in name else 'bookings'}"
            found.append(compare(case, "ms", times, "a single row", target=TARGET, at_least=False))
    return found


async def _ask(sizes: Sizes, server: Server, path: str, token: str) -> Phase:
    client = {"label": REPORT, "method": "GET", "path": path, "token": token}
    [phase] = await load.run(Load("repeat", [client] * CLIENTS, sizes.seconds / 2, sizes.warm_up / 2), server.port, {})
    phase.expect(REPORT, 200)
    return phase


async def _fill(database_url: str, bookings: int) -> None:
    days = max(LEAST_DAYS, bookings // BOOKINGS_A_DAY)
    connection = await asyncpg.connect(database_url)
    try:
        await queries.insert_admin(connection, ADMIN)
        await queries.generate_schedule(connection, PLACES, SESSIONS_A_DAY, days)
        await queries.generate_bookings(connection, ADMIN, bookings)
        await queries.generate_visits(connection, bookings, days)
        async with Postgres.open(database_url) as postgres:
            await sum_up_visits(postgres, HOME)
        await connection.execute("VACUUM ANALYZE")
    finally:
        await connection.close()
