"""What concurrent submitters of a group share, and what each gets for itself."""

import asyncio
from collections.abc import Sequence

import pytest

from service.group_commit import GroupCommit


class Journal:
    """Takes batches of numbers, slowly, and refuses negative ones."""

    def __init__(self, *, max_items: int = 100, max_batches: int = 1) -> None:
        self.batches: list[list[int]] = []
        self.writing = 0
        self.most_writing = 0
        self.group: GroupCommit[int, int] = GroupCommit(self._write, max_items=max_items, max_batches=max_batches)

    async def _write(self, items: Sequence[int]) -> Sequence[int | Exception]:
        self.batches.append(list(items))
        self.writing += 1
        self.most_writing = max(self.most_writing, self.writing)
        await asyncio.sleep(0.005)
        self.writing -= 1
        if 404 in items:
            raise LookupError
        return [item * 2 if item >= 0 else ValueError(item) for item in items]


async def test_one_after_the_other() -> None:
    """Hangs when a writer that found nothing left is still counted as writing."""
    journal = Journal()
    async with asyncio.timeout(5):
        assert [await journal.group.submit(number) for number in range(10)] == list(range(0, 20, 2))
    assert len(journal.batches) == 10


async def test_what_waits_shares_the_next_batch() -> None:
    journal = Journal()
    assert await asyncio.gather(*map(journal.group.submit, range(50))) == list(range(0, 100, 2))
    assert len(journal.batches) <= 2


async def test_bounds() -> None:
    journal = Journal(max_items=10, max_batches=3)
    await asyncio.gather(*map(journal.group.submit, range(100)))
    assert max(map(len, journal.batches)) == 10
    assert journal.most_writing == 3


async def test_each_has_an_outcome_of_its_own() -> None:
    journal = Journal()
    results = await asyncio.gather(*map(journal.group.submit, (1, -1, 2)), return_exceptions=True)
    assert results[0] == 2
    assert isinstance(results[1], ValueError)
    assert results[2] == 4


async def test_a_batch_that_fails_fails_for_all_of_it_alone() -> None:
    journal = Journal(max_items=2)
    results = await asyncio.gather(*map(journal.group.submit, (404, 1, 2)), return_exceptions=True)
    assert [isinstance(result, LookupError) for result in results] == [True, True, False]
    assert await journal.group.submit(5) == 10


async def test_a_cancelled_submitter_does_not_stop_its_batch() -> None:
    journal = Journal()
    impatient = asyncio.create_task(journal.group.submit(1))
    patient = asyncio.create_task(journal.group.submit(2))
    await asyncio.sleep(0.001)
    impatient.cancel()
    assert await patient == 4
    with pytest.raises(asyncio.CancelledError):
        await impatient
    assert [item for batch in journal.batches for item in batch] == [1, 2]


async def test_drain_waits_for_everything() -> None:
    journal = Journal(max_items=1)
    tasks = [asyncio.create_task(journal.group.submit(number)) for number in range(5)]
    await asyncio.sleep(0)
    await journal.group.drain()
    assert len(journal.batches) == 5
    await asyncio.gather(*tasks)
