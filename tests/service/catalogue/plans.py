"""How Postgres answers the statements of queries."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from typing import Any, cast

import asyncpg
import orjson

from service.postgres import Connection

_EXPLAIN = "EXPLAIN (ANALYZE, BUFFERS, TIMING OFF, FORMAT JSON) "


@dataclass
class Plan:
    """An executed plan."""

    root: dict[str, Any]

    @property
    def nodes(self) -> list[dict[str, Any]]:
        return list(_walk(self.root))

    @property
    def kinds(self) -> set[str]:
        return {node["Node Type"] for node in self.nodes}

    @property
    def indexes(self) -> set[str]:
        return {node["Index Name"] for node in self.nodes if "Index Name" in node}

    @property
    def blocks(self) -> int:
        """The blocks that were read, from memory or disk."""
        return int(self.root["Shared Hit Blocks"] + self.root["Shared Read Blocks"])

    @property
    def rows_read(self) -> int:
        """The rows that scans of tables and indexes looked at, kept or not."""
        scans = [node for node in self.nodes if "Relation Name" in node or "Index Name" in node]
        return sum(
            int((node["Actual Rows"] + node.get("Rows Removed by Filter", 0)) * node["Actual Loops"]) for node in scans
        )


@dataclass
class ExplainingConnection:
    """Explains what a query function fetches, as the last of `plans`, and then fetches it."""

    connection: "asyncpg.Connection[asyncpg.Record]"
    plans: list[Plan] = field(default_factory=list)

    @property
    def as_connection(self) -> Connection:
        return cast("Connection", self)

    @property
    def plan(self) -> Plan:
        return self.plans[-1]

    async def fetch(  # as asyncpg has it
        self,
        statement: str,
        *values: object,
        timeout: float | None = None,  # noqa: ASYNC109
    ) -> list[asyncpg.Record]:
        explained = await self.connection.fetchval(_EXPLAIN + statement, *values)
        self.plans.append(Plan(orjson.loads(explained)[0]["Plan"]))
        return await self.connection.fetch(statement, *values, timeout=timeout)


class RepeatingConnection(ExplainingConnection):
    """Explains how a statement is answered once Postgres may have settled on one plan for all values."""

    TIMES = 12

    async def fetch(  # as asyncpg has it
        self,
        statement: str,
        *values: object,
        timeout: float | None = None,  # noqa: ASYNC109
    ) -> list[asyncpg.Record]:
        execute = f"EXECUTE repeated ({', '.join(map(_literal, values))})"
        await self.connection.execute(f"PREPARE repeated AS {statement}")
        for _ in range(self.TIMES):
            await self.connection.execute(execute)
        explained = await self.connection.fetchval(_EXPLAIN + execute)
        await self.connection.execute("DEALLOCATE repeated")
        self.plans.append(Plan(orjson.loads(explained)[0]["Plan"]))
        return []


def _literal(value: object) -> str:
    if value is None:
        return "NULL"
    return f"'{value}'" if isinstance(value, str | date) else str(value)


def _walk(node: dict[str, Any]) -> Iterator[dict[str, Any]]:
    yield node
    for child in node.get("Plans", ()):
        yield from _walk(child)
