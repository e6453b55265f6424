"""The report of pages is exact, however much of the visits is summed up, in whatever order they came."""

import asyncio
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from itertools import count
from random import Random
from typing import Any
from zoneinfo import ZoneInfo

import asyncpg
import pytest

from service.jobs.resources import JobResources
from service.mail.mailer import Mailer
from service.postgres import Postgres
from service.reports import queries
from service.resources import Resources
from service.tracking import summing, sums
from service.tracking.jobs import forget_visits
from service.tracking.summing import sum_up_visits
from service.worker import TICKS
from tests.service.catalogue.plans import ExplainingConnection

PARIS, NEW_YORK = "Europe/Paris", "America/New_York"
DAYS = 5
BEGIN = datetime(2026, 6, 1, 20, tzinfo=UTC)
"""Before midnight in Paris."""
Visit = tuple[int, str, str, str, datetime]
"""Number, visitor, type, path and time."""


@pytest.fixture(autouse=True)
def few_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(summing, "AT_ONCE", 7)


def visits(random: Random, number: int) -> Iterator[Visit]:
    """So many, in the order of their time; some at one moment."""
    moment = BEGIN
    for one in range(number):
        moment += timedelta(
            milliseconds=random.choice([0, 1_500, 60_000]) + random.randint(0, DAYS * 86_400_000 // number)
        )
        kind = random.choice(["page_enter", "page_enter", "page_exit"])
        yield one + 1, f"visitor{random.randint(1, 5)}", kind, f"/{random.choice('abc')}", moment


async def insert(postgres: Postgres, some: Sequence[Visit]) -> None:
    async with postgres.acquire() as connection:
        await connection.execute(
            """
            INSERT INTO page_visits (id, tracking_id, type, scheme, path, query, received_at)
            SELECT id, visitor, type, 'https', path, '{}', received_at
            FROM unnest($1::bigint[], $2::text[], $3::text[], $4::text[], $5::timestamptz[])
                 AS visit (id, visitor, type, path, received_at)
            """,
            *zip(*some, strict=True),
        )


@dataclass
class Sums:
    """What is known of one path."""

    views: int = 0
    visitors: set[str] = field(default_factory=set)
    seconds: list[float] = field(default_factory=list)


async def by_hand(postgres: Postgres, first: date, last: date, zone: str) -> list[dict[str, Any]]:
    """What the report should have, by looking at every visit in turn."""
    async with postgres.acquire() as connection:
        every = await connection.fetch(
            "SELECT path, tracking_id, type, received_at FROM page_visits ORDER BY received_at, id"
        )
    entered: dict[tuple[str, str], datetime | None] = {}
    paths: dict[str, Sums] = defaultdict(Sums)
    for path, visitor, kind, at in map(tuple, every):
        within, since = first <= at.astimezone(ZoneInfo(zone)).date() <= last, entered.get((path, visitor))
        entered[path, visitor] = at if kind == "page_enter" else None
        if within and kind == "page_enter":
            paths[path].views += 1
            paths[path].visitors.add(visitor)
        elif within and since is not None:
            paths[path].seconds.append((at - since).total_seconds())
    return [
        {
            "path": path,
            "views": found.views,
            "visitors": len(found.visitors),
            "average_seconds": pytest.approx(sum(found.seconds) / len(found.seconds)) if found.seconds else None,
        }
        for path, found in sorted(paths.items(), key=lambda item: (-item[1].views, item[0]))
        if found.views
    ]


async def check(postgres: Postgres, zone: str = PARIS) -> None:
    """Compare the reports of all periods."""
    start = BEGIN.date() - timedelta(days=1)
    days = [start + timedelta(days=number) for number in range(DAYS + 3)]
    for first in days:
        for last in days:
            if first <= last:
                async with postgres.acquire() as connection:
                    rows = await queries.pages(connection, first, last, zone, 100)
                assert [dict(row) for row in rows] == await by_hand(postgres, first, last, zone), (first, last)


async def summed(postgres: Postgres) -> tuple[int, int]:
    """How many visits are summed up, and how many are not."""
    async with postgres.acquire() as connection:
        row = await connection.fetchrow(
            "SELECT (SELECT count(*) FROM page_visits) AS all, (SELECT count(*) FROM unsummed_visits) AS rest"
        )
    assert row is not None
    return row["all"] - row["rest"], row["rest"]


async def test_it_is_exact_before_while_and_after_visits_are_summed_up(postgres: Postgres) -> None:
    """Made to fail by sums that forget what a visitor did before the batch, and by visitors counted per day."""
    every = list(visits(Random(6), 160))  # noqa: S311
    for first in range(0, len(every), 40):
        await insert(postgres, every[first : first + 40])
        if first < 120:
            await check(postgres)
        await sum_up_visits(postgres, PARIS)
        await check(postgres)
    assert await summed(postgres) == (160, 0)


async def test_visits_that_come_late_are_summed_up_in_their_place(postgres: Postgres) -> None:
    """Made to fail by `overtaken_pages` that finds none."""
    random = Random(7)  # noqa: S311
    every = list(visits(random, 120))
    late = random.sample(every, 12)
    await insert(postgres, [one for one in every if one not in late])
    await sum_up_visits(postgres, PARIS)
    for one in late:
        await insert(postgres, [one])
        await sum_up_visits(postgres, PARIS)
    await check(postgres)
    assert await summed(postgres) == (120, 0)


async def test_another_time_zone_has_them_summed_up_anew(postgres: Postgres) -> None:
    """Made to fail by summing up whatever zone there are sums of."""
    await insert(postgres, list(visits(Random(8), 80)))  # noqa: S311
    await sum_up_visits(postgres, PARIS)
    await sum_up_visits(postgres, NEW_YORK)
    await check(postgres, NEW_YORK)


async def test_two_workers_and_visits_that_go_on(postgres: Postgres) -> None:
    """Made to fail by sums without the lock: visits were added twice."""
    every, numbers = list(visits(Random(9), 240)), count(0, 30)  # noqa: S311

    async def write() -> None:
        for first in (next(numbers) for _ in range(8)):
            await insert(postgres, every[first : first + 30])

    await asyncio.gather(write(), *(sum_up_visits(postgres, PARIS) for _ in range(3)))
    await asyncio.gather(*(sum_up_visits(postgres, PARIS) for _ in range(3)))
    await check(postgres)
    assert await summed(postgres) == (240, 0)


async def test_a_round_that_is_broken_off_changes_nothing(postgres: Postgres, monkeypatch: pytest.MonkeyPatch) -> None:
    """Made to fail by statements that are transactions of their own."""
    await insert(postgres, list(visits(Random(10), 40)))  # noqa: S311

    async def add_and_die(connection: Any, timezone: str, until: datetime) -> None:
        await adding(connection, timezone, until)
        raise asyncpg.ConnectionDoesNotExistError

    adding = sums.add_visits
    monkeypatch.setattr(sums, "add_visits", add_and_die)
    with pytest.raises(asyncpg.ConnectionDoesNotExistError):
        await sum_up_visits(postgres, PARIS)
    assert await summed(postgres) == (0, 40)
    await check(postgres)


async def test_what_has_just_come_is_read_from_its_row(postgres: Postgres) -> None:
    """It may still be overtaken."""
    now = datetime.now(UTC)
    await insert(
        postgres, [(1, "ann", "page_enter", "/", now - timedelta(minutes=2)), (2, "ann", "page_exit", "/", now)]
    )
    await sum_up_visits(postgres, PARIS)
    assert await summed(postgres) == (1, 1)
    day = now.astimezone(ZoneInfo(PARIS)).date()
    async with postgres.acquire() as connection:
        [row] = await queries.pages(connection, day - timedelta(days=1), day, PARIS, 100)
    assert dict(row) == {"path": "/", "views": 1, "visitors": 1, "average_seconds": pytest.approx(120)}


async def test_sums_are_forgotten_with_their_visits(resources: Resources) -> None:
    own = (resources.settings, resources.postgres, resources.redis, resources.engine, resources.ids)
    now, postgres = datetime.now(UTC), resources.postgres
    ages = {1: 500, 2: 400, 3: 380, 4: 2}
    every = [
        (number, visitor, "page_enter", path, now - timedelta(days=days))
        for number, (visitor, path, days) in enumerate(
            [*(("ann", "/", days) for days in ages.values()), ("bob", "/", 2), ("ann", "/old", 500)], 1
        )
    ]
    await insert(postgres, every)
    await sum_up_visits(postgres, PARIS)
    await forget_visits(JobResources(*own, Mailer(resources.settings)), {})
    async with postgres.acquire() as connection:
        assert await connection.fetchval("SELECT count(*) FROM page_visits") == 3
        assert [row["path"] for row in await connection.fetch("SELECT path FROM pages")] == ["/"]
        assert await connection.fetchval("SELECT count(*) FROM page_days") == 2
        for first in (now - timedelta(days=365), now - timedelta(days=600)):
            [row] = await queries.pages(connection, first.date(), now.date(), PARIS, 100)
            assert (row["visitors"], row["views"]) == (2, 2 if first > now - timedelta(days=380) else 3)


async def test_paths_of_any_length_are_told_apart(postgres: Postgres) -> None:
    now, long = datetime.now(UTC) - timedelta(hours=1), "/é" * 4_000
    every = [(number, "ann", "page_enter", f"{long}{number % 2}", now) for number in range(1, 4)]
    await insert(postgres, every)
    await sum_up_visits(postgres, PARIS)
    assert await summed(postgres) == (3, 0)
    async with postgres.acquire() as connection:
        rows = await queries.pages(connection, now.date() - timedelta(days=1), now.date() + timedelta(days=1), PARIS, 9)
    assert [(row["path"], row["views"]) for row in rows] == [(f"{long}1", 2), (f"{long}0", 1)]


async def test_of_100_000_visits_none_is_read_that_is_summed_up(
    postgres_url: str, postgres: Postgres, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Made to fail by the report of all visits that this one took the place of: it read them all."""
    monkeypatch.setattr(summing, "AT_ONCE", 50_000)
    monkeypatch.setattr(sums, "SECONDS", 60.0)
    connection = await asyncpg.connect(postgres_url)
    try:
        await connection.execute(
            """
            INSERT INTO page_visits (id, tracking_id, type, scheme, path, query, received_at)
            SELECT n, 'visitor' || n / 2 % 700, CASE n % 2 WHEN 0 THEN 'page_enter' ELSE 'page_exit' END, 'https',
                   '/page/' || n / 2 % 31, '{}', timestamptz '2026-06-01 00:00+02' + n * interval '20 seconds'
            FROM generate_series(0, 99999) AS n
            """
        )
        await sum_up_visits(postgres, PARIS)
        await connection.execute("VACUUM ANALYZE")
        explaining = ExplainingConnection(connection)
        rows = await queries.pages(explaining.as_connection, date(2026, 6, 1), date(2026, 6, 30), PARIS, 100)
        assert sum(row["views"] for row in rows) == 50_000
        assert explaining.plan.rows_read < 12_000
        scans = [node for node in explaining.plan.nodes if node.get("Relation Name") == "page_visits"]
        assert sum(node["Actual Rows"] * node["Actual Loops"] for node in scans) == 0
    finally:
        await connection.close()


def test_the_worker_sums_up() -> None:
    assert summing.sum_up in [tick.run for tick in TICKS]
