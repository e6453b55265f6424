"""Reports on many bookings, against the read of a single row."""

from functools import partial

import asyncpg

from bench import load, queries, servers
from bench.load import Load, Phase
from bench.rounds import Row, Sizes, compare, in_turns
from bench.servers import Server
from bench.stack import Stack
from service.ids import Entity

CLIENTS = 4
REPORT = "report"
ADMIN = 1
PLACES, SESSIONS_A_DAY, BOOKINGS_A_DAY = 50, 4, 20_000
"""The schedule: a hundred bookings of each session."""
TARGET = 10
WEEK, DAY = "from=2031-01-06&to=2031-01-12", "from=2031-01-06&to=2031-01-06"
REPORTS = {
    "sales of a week by day": (f"sales?{WEEK}&group_by=day", TARGET),
    "sales of a week by movie": (f"sales?{WEEK}&group_by=movie", TARGET),
    "sales of a week by place": (f"sales?{WEEK}&group_by=place", TARGET),
    "sales of a day by session": (f"sales?{DAY}&group_by=session", TARGET),
    "holds of a week by day": (f"holds?{WEEK}&group_by=day", TARGET),
    "pages of a day": (f"pages?{DAY}", None),
}
"""Query and target of each; pages are read from the visits themselves, whose number nothing bounds."""


async def rows(stack: Stack, sizes: Sizes) -> list[Row]:
    """The time of each report against that of a session, both over HTTP as an administrator."""
    token = stack.world.resources.tokens.issue(ADMIN, "admin", 0)
    url = await stack.new_database("reports")
    await _fill(url, sizes.bookings)
    found = []
    async with servers.running(servers.SERVICE, stack.workers, {**stack.environment, "DATABASE_URL": url}) as server:
        single = partial(_ask, sizes, server, f"/v1/admin/sessions/{Entity.SESSION.public(1)}", token)
        for name, (path, target) in REPORTS.items():
            report = partial(_ask, sizes, server, f"/v1/admin/reports/{path}", token)
            pairs = await in_turns(sizes.rounds, report, single)
            times = [(CLIENTS / one.rate(REPORT) * 1e3, CLIENTS / row.rate(REPORT) * 1e3) for one, row in pairs]
            case = f"{name}, {sizes.bookings:,} bookings"
            found.append(compare(case, "ms", times, "a single row", target=target, at_least=False))
    return found


async def _ask(sizes: Sizes, server: Server, path: str, token: str) -> Phase:
    client = {"label": REPORT, "method": "GET", "path": path, "token": token}
    [phase] = await load.run(Load("repeat", [client] * CLIENTS, sizes.seconds / 2, sizes.warm_up / 2), server.port, {})
    phase.expect(REPORT, 200)
    return phase


async def _fill(database_url: str, bookings: int) -> None:
    days = max(7, bookings // BOOKINGS_A_DAY)
    connection = await asyncpg.connect(database_url)
    try:
        await queries.insert_admin(connection, ADMIN)
        await queries.generate_schedule(connection, PLACES, SESSIONS_A_DAY, days)
        await queries.generate_bookings(connection, ADMIN, bookings)
        await queries.generate_visits(connection, bookings // 10, days)
        await connection.execute("VACUUM ANALYZE")
    finally:
        await connection.close()
