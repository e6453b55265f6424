"""A sale of one seat in each of two pools, all or none: what it does to each pool is what a sale of one pool may do.

So whatever holds in the small world of `protocol`, which has loads, drops and grants too, holds in each of the pools:
every state of the two together is looked at, and each step compared with the steps that the protocol has there. And at
no moment is one seat sold and the other not, so that no crash can leave it so.

Workers claim the first pool, then the second one. If that is refused, or the transaction fails, they give back what
they claimed, pool by pool; if it commits, they settle, pool by pool. They die anywhere. `Guards` has a switch for each
rule that several pools add.
"""

from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

from tests.model import protocol
from tests.model.states import Attempt, Phase, Rules, State

World = tuple[State, State]
Step = tuple[str, World]
FAILS = "a sale fails"


@dataclass(frozen=True, slots=True)
class Guards:
    """`earliest_deadline`: the transaction ends `T` after the first claim. `one_transaction`: there is one for both."""

    earliest_deadline: bool = True
    one_transaction: bool = True


class Flaw(StrEnum):
    SOLD_IN_PART = "one seat is sold and the other is not"
    NOT_OF_THE_PROTOCOL = "a step does to a pool what no step of the protocol does"


@dataclass(frozen=True, slots=True)
class Explored:
    """How many states there are, and the shortest way to a flaw, if there is one."""

    states: int
    steps: frozenset[str]
    flaw: Flaw | None = None
    path: tuple[str, ...] = ()


def explore(rules: Rules, guards: Guards) -> Explored:
    """Every state that can be reached, breadth first, until there is a flaw."""
    alone = protocol.start(rules)._replace(register=None, loads=())
    parents: dict[World, Step | None] = {(alone, alone): None}
    queue, kinds = deque([(alone, alone)]), set()
    while queue:
        world = queue.popleft()
        allowed = [{state, *(after for _, after in protocol.steps(state, rules))} for state in world]
        for what, after in _steps(world, rules, guards):
            kinds.add(what)
            if (flaw := _flaw(after, allowed)) is not None:
                return Explored(len(parents), frozenset(kinds), flaw, (*_path(parents, world), what))
            successor = _canonical(after)
            if successor not in parents:
                parents[successor] = (what, world)
                queue.append(successor)
    return Explored(len(parents), frozenset(kinds))


def _flaw(world: World, allowed: list[set[State]]) -> Flaw | None:
    if any(state not in of_pool for state, of_pool in zip(world, allowed, strict=True)):
        return Flaw.NOT_OF_THE_PROTOCOL
    return Flaw.SOLD_IN_PART if world[0].postgres.outcome is not world[1].postgres.outcome else None


def _canonical(world: World) -> World:
    """Workers are alike: their order does not matter."""
    first, second = map(protocol.without_old_tokens, world)
    pairs = sorted(zip(first.attempts, second.attempts, strict=True))
    return (
        first._replace(attempts=tuple(pair[0] for pair in pairs)),
        second._replace(attempts=tuple(pair[1] for pair in pairs)),
    )


def _path(parents: dict[World, Step | None], world: World) -> tuple[str, ...]:
    steps: list[str] = []
    while (step := parents[world]) is not None:
        steps.append(step[0])
        world = step[1]
    return tuple(reversed(steps))


def _steps(world: World, rules: Rules, guards: Guards) -> Iterator[Step]:
    first, second = world
    yield "a tick", (protocol.tick(first, rules), protocol.tick(second, rules))
    for pool, state in enumerate(world):
        if state.hold is not None and state.hold.since is None:
            yield "the holder releases", _in_pool(world, pool, state._replace(hold=None))
    for i in range(rules.attempts):
        yield from _steps_of_worker(world, i, rules, guards)


def _steps_of_worker(world: World, i: int, rules: Rules, guards: Guards) -> Iterator[Step]:
    first, second = world
    phases = first.attempts[i].phase, second.attempts[i].phase
    if phases != (Phase.IDLE, Phase.IDLE):
        yield "a worker dies", (_idle(first, i), _idle(second, i))
    match phases:
        case Phase.IDLE, Phase.IDLE:
            yield from ((f"{what} the first", (state, second)) for what, state in protocol.claims(first, i, rules))
        case Phase.CLAIMED, Phase.IDLE:
            yield FAILS, (_failed(first, i), second)
            yield from ((f"{what} the second", (first, state)) for what, state in protocol.claims(second, i, rules))
        case Phase.CLAIMED, Phase.CLAIMED:
            yield FAILS, (_failed(first, i), _failed(second, i))
            yield from _commits(world, i, rules, guards)
        case _:
            yield from _ends(world, i, rules)


def _commits(world: World, i: int, rules: Rules, guards: Guards) -> Iterator[Step]:
    """The transaction, where it commits. Without the earliest deadline, the last claim's is the one that counts."""
    first, second = world
    if not guards.earliest_deadline:
        first = protocol.with_attempt(first, i, first.attempts[i]._replace(age=second.attempts[i].age))
    ends = [dict(protocol.transactions(state, i, rules)) for state in (first, second)]
    for what in ends[0].keys() & ends[1].keys() - {FAILS}:
        if not guards.one_transaction:
            yield what, (ends[0][what], second)
        yield what, (ends[0][what], ends[1][what])


def _ends(world: World, i: int, rules: Rules) -> Iterator[Step]:
    """Redis is told, pool by pool."""
    for pool, state in enumerate(world):
        if state.attempts[i].phase is Phase.COMMITTED:
            yield "a worker settles", _in_pool(world, pool, protocol.settled(state, i, rules))
        elif state.attempts[i].phase is Phase.FAILED:
            yield "a worker unclaims", _in_pool(world, pool, protocol.unclaimed(state, i, rules))


def _failed(state: State, i: int) -> State:
    return protocol.with_attempt(state, i, Attempt(Phase.FAILED, owns=state.attempts[i].owns))


def _idle(state: State, i: int) -> State:
    return protocol.with_attempt(state, i, Attempt())


def _in_pool(world: World, pool: int, state: State) -> World:
    return (world[0], state) if pool else (state, world[1])
