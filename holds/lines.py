"""How scripts take a line of those who wait for seats, and how they tell of the offers that were made."""

from collections.abc import Awaitable, Callable, Iterator, Sequence

from holds.errors import PoolNotFound
from holds.models import Entry, Line, Offer
from holds.requests import Argument

ReadLine = Callable[[str], Awaitable[Line | None]]


async def no_line(pool: str) -> Line | None:
    """For engines whose pools have no lines."""
    raise PoolNotFound(pool)


def as_arguments(line: Line, keep: int) -> list[Argument]:
    """The line as its script takes it. `keep`: ms for which a pool outlives its last hold."""
    arguments: list[Argument] = [line.version]
    for entry in line.entries:
        arguments += (entry.id, _packed(entry, keep))
    return arguments


def _packed(entry: Entry, keep: int) -> str:
    return " ".join((str(entry.passed), str(entry.lifetime), str(keep), entry.owner, *entry.hold_ids))


def offers(now: int, words: Sequence[bytes]) -> tuple[Offer, ...]:
    """What `tick` answers after its moments."""
    return tuple(sorted(_offers(now, words), key=lambda offer: offer.made_at))


def _offers(now: int, words: Sequence[bytes]) -> Iterator[Offer]:
    i = 0
    while i < len(words):
        entry, closes_at, count = words[i].decode(), int(words[i + 1]), int(words[i + 2])
        _, lifetime, _, owner, *hold_ids = (word.decode() for word in words[i + 3 : i + 3 + count])
        yield Offer(entry, owner, tuple(hold_ids), closes_at - int(lifetime), closes_at, now)
        i += 3 + count
