"""Group commit: what concurrent requests write shares one transaction, each still answered with its own outcome."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from typing import Generic, TypeVar

Item = TypeVar("Item")
Result = TypeVar("Result")


class GroupCommit(Generic[Item, Result]):
    """Collects items while a batch is being written, then writes them all in the next one.

    `write` takes the items in order and returns as many results; a result that is an exception is raised to its
    own submitter alone. When `write` itself raises, every item of the batch gets that exception. At most
    `max_batches` run at once, each of at most `max_items`. A submitter that is cancelled does not stop its batch.
    """

    def __init__(
        self,
        write: Callable[[Sequence[Item]], Awaitable[Sequence[Result | Exception]]],
        *,
        max_items: int,
        max_batches: int = 1,
    ) -> None:
        self._loop = asyncio.get_running_loop()
        self._write = write
        self._max_items = max_items
        self._max_batches = max_batches
        self._waiting: list[tuple[Item, asyncio.Future[Result]]] = []
        self._writers = 0
        self._batches: set[asyncio.Task[None]] = set()

    async def submit(self, item: Item) -> Result:
        """Write `item` in a batch with others and return its own result, or raise its own exception."""
        outcome: asyncio.Future[Result] = self._loop.create_future()
        self._waiting.append((item, outcome))
        if self._writers < self._max_batches:
            self._start_batch()
        return await outcome

    @property
    def is_idle(self) -> bool:
        """Whether nothing is being written."""
        return self._writers == 0

    async def drain(self) -> None:
        """Wait until everything submitted so far has been written."""
        while self._batches:
            await asyncio.wait(self._batches)

    def _start_batch(self) -> None:
        self._writers += 1
        task = asyncio.create_task(self._run_batches())
        self._batches.add(task)
        task.add_done_callback(self._batches.discard)

    async def _run_batches(self) -> None:
        while self._waiting:
            batch, self._waiting = self._waiting[: self._max_items], self._waiting[self._max_items :]
            await self._run_batch(batch)
        # Here, in the turn that found nothing waiting: whoever submits next must know to start another.
        self._writers -= 1

    async def _run_batch(self, batch: Sequence[tuple[Item, "asyncio.Future[Result]"]]) -> None:
        try:
            results = await self._write([item for item, _ in batch])
            answered = list(zip(batch, results, strict=True))
        except Exception as error:
            answered = [(submitted, error) for submitted in batch]
        for (_, outcome), result in answered:
            if outcome.done():  # its submitter was cancelled
                continue
            if isinstance(result, Exception):
                outcome.set_exception(result)
            else:
                outcome.set_result(result)
