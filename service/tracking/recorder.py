"""Recording page visits: those of concurrent requests share one insert, and one commit."""

from collections.abc import Mapping, Sequence

from service.group_commit import GroupCommit
from service.ids import SnowflakeGenerator
from service.postgres import Postgres
from service.tracking import queries
from service.tracking.schemas import Visit

MAX_BATCH = 500
MAX_BATCHES = 2


class VisitRecorder:
    """Writes visits to Postgres in groups."""

    def __init__(self, postgres: Postgres, ids: SnowflakeGenerator) -> None:
        self._postgres = postgres
        self._ids = ids
        self._group: GroupCommit[Mapping[str, object], None] = GroupCommit(
            self._insert, max_items=MAX_BATCH, max_batches=MAX_BATCHES
        )

    async def record(self, visit: Visit, user_id: int | None) -> None:
        """Returns once the visit is committed. Raises `NoNode`, and what `Postgres` raises."""
        page = visit.page
        await self._group.submit(
            {
                "id": self._ids.next(),
                "tracking_id": visit.tracking_id,
                "type": visit.type,
                "scheme": page.scheme,
                "path": page.path,
                "query": page.query,
                "user_id": user_id,
            }
        )

    async def drain(self) -> None:
        """Wait until every visit so far has been written."""
        await self._group.drain()

    async def _insert(self, visits: Sequence[Mapping[str, object]]) -> Sequence[None]:
        async with self._postgres.acquire() as connection:
            await queries.insert_visits(connection, visits)
        return [None] * len(visits)
