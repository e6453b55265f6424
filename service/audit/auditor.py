"""Looking at every pool once."""

import asyncio
from collections.abc import AsyncIterator, Iterator, Sequence
from dataclasses import dataclass, field

from asyncpg import Record

from holds import scanning
from holds.inspection import PoolState, state_of
from holds.runner import ScriptRunner
from service.audit import queries
from service.audit.comparing import Drift, Kind, compare_bookings, compare_held, compare_lease, compare_register
from service.inventory import number_of, pool_of_event, pool_of_session
from service.postgres import Connection

POOLS_AT_ONCE = 50
NO_ROW = 2**63
"""The version that stands for a deleted row: newer than any."""


@dataclass(slots=True)
class Report:
    """What one look found. `behind`: pools whose row is newer than their register, to be looked at after a lease."""

    drifts: list[Drift] = field(default_factory=list)
    pools: int = 0
    sessions: int = 0
    held: int = 0
    unsummed: list[str] = field(default_factory=list)
    """Pools with too many holds for their sum to be checked."""
    behind: set[str] = field(default_factory=set)


@dataclass(frozen=True, slots=True)
class _Behind:
    """When a row was first seen newer than the register, and its version then."""

    version: int
    seen_at: int


class Auditor:
    """Compares Redis with Postgres, and remembers from look to look which registers were behind.

    `lease` is the engine's, in ms. Every look may raise `StoreUnavailable` and what asyncpg raises.
    """

    def __init__(self, runner: ScriptRunner, redis_url: str, lease: int) -> None:
        self._runner = runner
        self._redis_url = redis_url
        self._lease = lease
        self._behind: dict[str, _Behind] = {}

    async def look(self, connection: Connection) -> Report:
        """Look at every pool that Redis knows."""
        report, seen = Report(), set[str]()
        async for batch in scanning.pools(self._redis_url):
            new = [pool for pool in dict.fromkeys(batch) if pool not in seen]
            seen.update(new)
            for first in range(0, len(new), POOLS_AT_ONCE):
                await self._look_at(connection, new[first : first + POOLS_AT_ONCE], report)
        self._behind = {pool: behind for pool, behind in self._behind.items() if pool in report.behind}
        return report

    async def look_again(self, connection: Connection, pools: set[str]) -> Report:
        """Look at these pools."""
        report, names = Report(), sorted(pools)
        for first in range(0, len(names), POOLS_AT_ONCE):
            await self._look_at(connection, names[first : first + POOLS_AT_ONCE], report)
        return report

    async def _look_at(self, connection: Connection, pools: Sequence[str], report: Report) -> None:
        states = await asyncio.gather(*(state_of(self._runner, pool) for pool in pools))
        numbers = {pool: number_of(pool) for pool in pools}
        # Redis first: then a row is older than its register only if Postgres went back.
        rows = await queries.inventory_with_bookings(connection, [number for number in numbers.values() if number])
        by_number = {row["id"]: row for row in rows}
        for pool, state in zip(pools, states, strict=True):
            if state is not None:
                number = numbers[pool]
                report.drifts += self._compare(pool, state, number, by_number.get(number), report)

    def _compare(
        self, pool: str, state: PoolState, number: int | None, row: Record | None, report: Report
    ) -> Iterator[Drift]:
        report.pools += 1
        if state.seats is None:
            report.unsummed.append(pool)
        report.held += state.held - state.lapsed
        yield from compare_held(pool, state)
        yield from compare_lease(pool, state, self._lease)
        if row is not None:
            report.sessions += 1
            yield from compare_register(pool, state, row)
            yield from compare_bookings(pool, row)
        if number is not None:
            version = NO_ROW if row is None else row["version"]
            yield from self._compare_age(pool, state, version, report)

    def _compare_age(self, pool: str, state: PoolState, version: int, report: Report) -> Iterator[Drift]:
        """Whether the register decides although a newer row has been there for longer than a lease.

        Past its lease it decides nothing, however old it is.
        """
        known, behind = state.register.version, self._behind.get(pool)
        if known >= version or state.closed or state.now >= state.fresh_until:
            self._behind.pop(pool, None)
            return
        report.behind.add(pool)
        if behind is None or known >= behind.version:
            self._behind[pool] = _Behind(version, state.now)
        elif state.now > behind.seen_at + self._lease:
            yield Drift(pool, Kind.LEASE, {"version": known}, {} if version == NO_ROW else {"version": version})


async def look_at_all_sessions(connection: Connection) -> AsyncIterator[tuple[int, list[Drift]]]:
    """Every pool's row with its bookings, in Redis or not: how many each step compared, and what disagrees."""
    after = 0
    while rows := await queries.page_of_inventory(connection, after, POOLS_AT_ONCE):
        yield len(rows), [drift for row in rows for drift in compare_bookings(_pool_of(row), row)]
        after = rows[-1]["id"]


def _pool_of(row: Record) -> str:
    return (pool_of_event if row["of_event"] else pool_of_session)(row["id"])
