"""Which pool sells an event's tickets, remembered: it never changes."""

from collections import OrderedDict
from uuid import UUID

from service.postgres import Postgres

REMEMBERED = 10_000


class EventPools:
    """The numbers of events' pools, the last `REMEMBERED` of them remembered.

    What is remembered may outlive the event: its pool then is closed, or unknown to the engine.
    """

    def __init__(self, postgres: Postgres) -> None:
        self._postgres = postgres
        self._known: OrderedDict[UUID, int] = OrderedDict()

    async def find(self, event_id: UUID) -> int | None:
        """The number of the event's pool, None when there is no such event."""
        known = self._known.get(event_id)
        if known is None:
            known = await self.read(event_id)
            if known is not None:
                self._remember(event_id, known)
        return known

    async def read(self, event_id: UUID) -> int | None:
        """The same as Postgres has it now."""
        async with self._postgres.acquire() as connection:
            number: int | None = await connection.fetchval("SELECT pool FROM events WHERE id = $1", event_id)
        return number

    def _remember(self, event_id: UUID, pool: int) -> None:
        self._known[event_id] = pool
        if len(self._known) > REMEMBERED:
            self._known.popitem(last=False)
