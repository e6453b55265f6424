"""The line of a pool: how it gets from Postgres into the pool's slot and back, small enough to look at every state.

One seat, and two who join the line for it, one after the other. Rows and lines are read slowly, and written to Redis
at any time later, or never; so is the news of a change. A worker reads the offers that were made, records them in
Postgres, and acknowledges them in Redis, and may die anywhere. Whoever holds the seat gives it up at any time. Redis
may be wiped.

`Guards` has a switch for each rule of `holds/README.md`; with one off, `explore` gives the shortest way to a flaw.
"""

from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass
from enum import IntEnum, StrEnum
from typing import NamedTuple

LEASE = 1
"""Ticks for which a row decides."""
MAX_VERSION = 4
"""The version up to which offers that lapsed untold are made again."""
PUBLIC = -1


@dataclass(frozen=True, slots=True)
class Guards:
    """`wipes`: of Redis, how many; the others are rules."""

    wipes: int = 0
    due_decides_nothing: bool = True
    line_of_the_row_or_later: bool = True
    offers_are_left_out: bool = True
    acknowledging_makes_due: bool = True
    recording_changes_the_version: bool = True
    recording_before_acknowledging: bool = True
    status_decides: bool = True


class Status(IntEnum):
    """An entry in Postgres. `OVER`: its offer was told; nothing more happens to it."""

    NONE = 0
    WAITING = 1
    OVER = 2


class Flaw(StrEnum):
    OVERTAKEN = "the seat is given to somebody while one who joined a lease before waits"
    OFFERED_AGAIN = "the seat is offered again to one who was told of an offer"
    TOLD_TWICE = "somebody is told twice"
    LOST = "somebody waits, and is offered nothing although everything works"


class Row(NamedTuple):
    """A read of the pool's row, or news of it, on its way to Redis. `age`: ticks since before it was read."""

    version: int
    age: int


class Read(NamedTuple):
    """A read of the line, on its way to Redis."""

    version: int
    entries: tuple[int, ...]


class Slot(NamedTuple):
    """The pool in Redis. `line` None: it is due. `offers`: those made and not acknowledged."""

    version: int
    fresh: int
    line: tuple[int, ...] | None
    offers: tuple[int, ...] = ()


class Worker(NamedTuple):
    """What it does about the offers that it read; `version` is that of its transaction, None before."""

    offers: tuple[int, ...]
    version: int | None = None
    acknowledged: bool = False


class World(NamedTuple):
    """`statuses` and `version` are in Postgres; `waited` is for how many ticks, `told` how often."""

    statuses: tuple[Status, ...] = (Status.NONE, Status.NONE)
    version: int = 0
    waited: tuple[int, ...] = (0, 0)
    told: tuple[int, ...] = (0, 0)
    slot: Slot | None = None
    holder: int | None = PUBLIC
    row: Row | None = None
    read: Read | None = None
    worker: Worker | None = None
    wiped: int = 0

    @property
    def waiting(self) -> tuple[int, ...]:
        return tuple(entry for entry, status in enumerate(self.statuses) if status is Status.WAITING)


Step = tuple[str, World]


@dataclass(frozen=True, slots=True)
class Explored:
    """How many states there are, and the shortest way to a flaw, if there is one."""

    states: int
    steps: frozenset[str]
    flaw: Flaw | None = None
    path: tuple[str, ...] = ()


def explore(guards: Guards) -> Explored:
    """Every state that can be reached, breadth first, until there is a flaw."""
    parents: dict[World, Step | None] = {World(): None}
    settled: dict[World, bool] = {}
    queue, kinds = deque([World()]), set()
    while queue:
        world = queue.popleft()
        for what, after in steps(world, guards):
            kinds.add(what)
            if (flaw := _flaw(world, after, guards)) is None and after not in parents:
                parents[after] = (what, world)
                queue.append(after)
                alone = after._replace(row=None, read=None, worker=None, holder=None)
                if alone not in settled:
                    settled[alone] = not _settled(alone, guards).waiting
                flaw = None if settled[alone] else Flaw.LOST
            if flaw is not None:
                return Explored(len(parents), frozenset(kinds), flaw, (*_path(parents, world), what))
    return Explored(len(parents), frozenset(kinds))


def _path(parents: dict[World, Step | None], world: World) -> tuple[str, ...]:
    steps: list[str] = []
    while (step := parents[world]) is not None:
        steps.append(step[0])
        world = step[1]
    return tuple(reversed(steps))


def _flaw(before: World, after: World, guards: Guards) -> Flaw | None:
    granted = after.holder if before.holder is None else None
    if granted is not None:
        ahead = before.waiting if granted is PUBLIC else before.waiting[: _place(before, granted)]
        unserved = [entry for entry in ahead if before.slot and entry not in before.slot.offers]
        if any(before.waited[entry] >= LEASE for entry in unserved):
            return Flaw.OVERTAKEN
        if granted is not PUBLIC and before.told[granted] and not guards.wipes:
            return Flaw.OFFERED_AGAIN
    return Flaw.TOLD_TWICE if max(after.told) > 1 else None


def _place(world: World, entry: int) -> int:
    return sum(other < entry for other in world.waiting)


def _settled(world: World, guards: Guards) -> World:
    """What becomes of it when nothing new happens and nothing fails: a worker ticks, and every hold lapses."""
    for _ in range(3 * len(world.statuses)):
        world = world._replace(holder=None, row=Row(world.version, 0))
        world = _write_row(world)
        world = _write_line(world._replace(read=Read(world.version, world.waiting)), guards)
        world = _serve(world) or world
        if world.slot and world.slot.offers:
            world = _record(world._replace(worker=Worker(world.slot.offers)), guards)
            world = _acknowledge(world, guards)
    return world


def steps(world: World, guards: Guards) -> Iterator[Step]:
    """Whatever may happen next."""
    yield "a tick", _tick(world)
    if world.holder is not None:
        yield "the seat comes free", world._replace(holder=None)
    yield from _changes(world)
    yield "a row is read", world._replace(row=Row(world.version, 0))
    if world.row is not None:
        yield "a row is written", _write_row(world)
    if world.slot is not None and world.slot.line is None:
        yield "the line is read", world._replace(read=Read(world.version, world.waiting))
    if world.read is not None:
        yield "the line is written", _write_line(world, guards)
    yield from _grants(world, guards)
    yield from _recording(world, guards)
    if world.slot is not None and world.wiped < guards.wipes:
        yield "Redis is wiped", world._replace(slot=None, holder=None, wiped=world.wiped + 1)


def _tick(world: World) -> World:
    slot, row = world.slot, world.row
    return world._replace(
        slot=slot and slot._replace(fresh=max(slot.fresh - 1, 0)),
        row=row and row._replace(age=min(row.age + 1, LEASE)),
        waited=tuple(
            min(waited + 1, LEASE) if status is Status.WAITING else 0
            for waited, status in zip(world.waited, world.statuses, strict=True)
        ),
    )


def _changes(world: World) -> Iterator[Step]:
    for entry, status in enumerate(world.statuses):
        if status is Status.NONE and (entry == 0 or world.statuses[entry - 1] is not Status.NONE):
            yield "somebody joins", _change(world, entry, Status.WAITING)


def _change(world: World, entry: int, status: Status) -> World:
    statuses = tuple(status if other == entry else old for other, old in enumerate(world.statuses))
    return world._replace(statuses=statuses, version=world.version + 1)


def _write_row(world: World) -> World:
    """The row makes the line due where it knows of another one. Only a load creates the pool."""
    row, slot = world.row, world.slot
    assert row is not None
    if slot is None:
        slot = Slot(row.version, LEASE - row.age, () if row.version == 0 else None)
    elif row.version >= slot.version:
        line = slot.line if row.version == slot.version else None
        slot = slot._replace(version=row.version, fresh=max(slot.fresh, LEASE - row.age), line=line)
    return world._replace(row=None, slot=slot)


def _write_line(world: World, guards: Guards) -> World:
    read, slot = world.read, world.slot
    assert read is not None
    world = world._replace(read=None)
    if slot is None or (read.version == slot.version and slot.line is not None):
        return world
    if read.version < slot.version and guards.line_of_the_row_or_later:
        return world
    out = slot.offers if guards.offers_are_left_out else ()
    line = tuple(entry for entry in read.entries if entry not in out)
    return world._replace(slot=slot._replace(version=read.version, line=line))


def _grants(world: World, guards: Guards) -> Iterator[Step]:
    slot = world.slot
    if slot is None or slot.fresh == 0 or world.holder is not None:
        return
    if (served := _serve(world)) is not None:
        yield "the seat is offered", served
    if not slot.line and (slot.line is not None or not guards.due_decides_nothing):
        yield "the public gets the seat", world._replace(holder=PUBLIC)


def _serve(world: World) -> World | None:
    slot = world.slot
    if slot is None or not slot.line or world.holder is not None:
        return None
    first, *rest = slot.line
    offers = (*slot.offers, first)
    return world._replace(holder=first, slot=slot._replace(line=tuple(rest), offers=offers))


def _recording(world: World, guards: Guards) -> Iterator[Step]:
    worker, slot = world.worker, world.slot
    if worker is None:
        if slot is not None and slot.offers:
            yield "a worker reads the offers", world._replace(worker=Worker(slot.offers))
        return
    yield "a worker dies", world._replace(worker=None)
    if worker.version is None:
        yield "a worker records the offers", _record(world, guards)
    if not worker.acknowledged and (worker.version is not None or not guards.recording_before_acknowledging):
        yield "a worker acknowledges the offers", _acknowledge(world, guards)


def _record(world: World, guards: Guards) -> World:
    """One transaction, which tells those whose status it changes. Who has lost the offer by then waits on."""
    worker = world.worker
    assert worker is not None
    waiting = [entry for entry in worker.offers if world.statuses[entry] is Status.WAITING or not guards.status_decides]
    told = [entry for entry in waiting if entry == world.holder or world.version >= MAX_VERSION]
    version = world.version + 1 if guards.recording_changes_the_version and waiting else world.version
    return world._replace(
        statuses=tuple(Status.OVER if entry in told else old for entry, old in enumerate(world.statuses)),
        told=tuple(min(count + (entry in told), 2) for entry, count in enumerate(world.told)),
        version=version,
        worker=None if worker.acknowledged else worker._replace(version=version),
    )


def _acknowledge(world: World, guards: Guards) -> World:
    worker, slot = world.worker, world.slot
    assert worker is not None
    world = world._replace(worker=worker._replace(acknowledged=True) if worker.version is None else None)
    if slot is None:
        return world
    offers = tuple(entry for entry in slot.offers if entry not in worker.offers)
    version = max(slot.version, worker.version or 0)
    line = None if guards.acknowledging_makes_due or version != slot.version else slot.line
    return world._replace(slot=slot._replace(version=version, line=line, offers=offers))
