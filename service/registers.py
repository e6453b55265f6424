"""Telling Redis what was committed about pools.

Nothing is refused when Redis is out of reach by then: the row is committed, and what Redis believes of it is a lease
that ends by itself.
"""

import asyncio
from collections.abc import Callable, Coroutine, Sequence

import structlog
from asyncpg import Record

from holds.engine import HoldEngine
from holds.errors import StoreUnavailable
from service.inventory import as_inventory

log = structlog.get_logger(__name__)


async def write_registers(engine: HoldEngine, pool_of: Callable[[int], str], rows: Sequence[Record]) -> None:
    """Tell the pools of inventory rows as they are committed now."""
    await _tell([engine.write(pool_of(row["id"]), as_inventory(row)) for row in rows])


async def close_pools(engine: HoldEngine, pool_of: Callable[[int], str], rows: Sequence[Record]) -> None:
    """Close the pools of inventory rows that sell nothing any more, and end their holds."""
    await _tell([engine.drop(pool_of(row["id"]), row["version"]) for row in rows])


async def drop_pools(engine: HoldEngine, pool_of: Callable[[int], str], rows: Sequence[Record]) -> None:
    """Close the pools of inventory rows that are deleted, and end their holds."""
    # Above the deleted row's own version, so that one who read that row late cannot bring the pool back.
    await _tell([engine.drop(pool_of(row["id"]), row["version"] + 1) for row in rows])


async def _tell(calls: Sequence[Coroutine[object, object, None]]) -> None:
    for result in await asyncio.gather(*calls, return_exceptions=True):
        if isinstance(result, StoreUnavailable):
            log.warning("change_not_told_to_redis", reason=str(result))
        elif isinstance(result, BaseException):
            raise result
