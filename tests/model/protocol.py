"""The confirming protocol of `holds/README.md`, small enough to look at every state that it can get into.

One seat. Its holder tries to confirm or to cancel, in up to `attempts` workers at once and again for ever; each may be
slow, fail or die anywhere. Loads of the pool are slow, several at once, and written at any time later. The session may
be cancelled, in Postgres first and in Redis some time later. Somebody else is granted the seat as soon as Redis says
that it is free.

Every moment is kept as how far away it is, and no farther than it matters: so there are finitely many states without
any bound on how long a run may be. A register accepts an older version that was read after its last write; that
comparison is kept as `news`, true from the moment at which the time was asked until the next write.

`Rules` has a switch for each guard; with one off, `explore` gives the shortest run that ends in what it prevents.
"""

from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TypeVar

from tests.model.states import Attempt, Hold, Load, Outcome, Phase, Postgres, Register, Row, Rules, State, Violation

Item = TypeVar("Item")
Step = tuple[str, State]


@dataclass(frozen=True, slots=True)
class Explored:
    """How many states there are, and the shortest way to a violation, if there is one."""

    states: int
    steps: frozenset[str]
    violation: Violation | None = None
    path: tuple[str, ...] = ()


def explore(rules: Rules) -> Explored:
    """Every state that can be reached, breadth first, until one violates what is promised."""
    first = start(rules)
    parents: dict[State, Step | None] = {first: None}
    queue, kinds = deque([first]), set()
    while queue:
        state = queue.popleft()
        for what, successor in steps(state, rules):
            kinds.add(what)
            successor = _canonical(successor)
            if successor in parents:
                continue
            parents[successor] = (what, state)
            if (violation := _violation(state, successor, rules)) is not None:
                return Explored(len(parents), frozenset(kinds), violation, _path(parents, successor))
            queue.append(successor)
    return Explored(len(parents), frozenset(kinds))


def start(rules: Rules) -> State:
    """The seat is held, and nothing else has happened."""
    row = Row(0, 1)
    return State(
        Postgres(row, Outcome.NONE, dropped=False),
        Register(row, rules.lease, written=True),
        Hold(rules.life, rules.life, None, taken_over=False),
        (Attempt(),) * rules.attempts,
        (Load(),) * rules.loads,
        dropped=False,
    )


def _canonical(state: State) -> State:
    """Workers and loads are alike: their order does not matter."""
    loads = tuple(sorted(state.loads, key=_load_order))
    return state._replace(attempts=tuple(sorted(without_old_tokens(state).attempts)), loads=loads)


def without_old_tokens(state: State) -> State:
    """A token without its hold does not matter."""
    if state.hold is not None and state.hold.since is not None:
        return state
    attempts = (attempt._replace(owns=False) if attempt.owns else attempt for attempt in state.attempts)
    return state._replace(attempts=tuple(attempts))


def _load_order(load: Load) -> tuple[int, bool, Row]:
    return (-1 if load.age is None else load.age, load.news, load.row or Row(-1, -1))


def _path(parents: dict[State, Step | None], state: State) -> tuple[str, ...]:
    steps: list[str] = []
    while (step := parents[state]) is not None:
        steps.append(step[0])
        state = step[1]
    return tuple(reversed(steps))


def _violation(before: State, state: State, rules: Rules) -> Violation | None:
    outcomes = (before.postgres.outcome, state.postgres.outcome)
    if outcomes[0] != outcomes[1] and Outcome.NONE not in outcomes:
        return Violation.TWO_OUTCOMES
    if not _grants(state, rules):
        return None
    if state.dropped:
        return Violation.DROPPED_POOL_REVIVED
    if state.postgres.dropped:  # until Redis is told, seats are granted that nobody can confirm
        return None
    return Violation.SOLD_SEAT_GRANTED if _sold_or_may_be(state, rules) else None


def _grants(state: State, rules: Rules) -> bool:
    """Whether Redis grants the seat to somebody else now."""
    register = state.register
    if register is None or (rules.lease_guard and register.fresh == 0):
        return False
    return register.row.free - (state.hold is not None) >= 1


def _sold_or_may_be(state: State, rules: Rules) -> bool:
    if state.postgres.outcome is not Outcome.NONE:
        return state.postgres.outcome is Outcome.SOLD
    return any(
        attempt.phase is Phase.CLAIMED and not attempt.cancels and attempt.age <= rules.sale
        for attempt in state.attempts
    )


def steps(state: State, rules: Rules) -> Iterator[Step]:
    """Everything that may happen next."""
    yield "a tick", tick(state, rules)
    if state.hold is not None and state.hold.since is None:
        yield "the holder releases", state._replace(hold=None)
    for i, attempt in enumerate(state.attempts):
        if attempt.phase is Phase.IDLE:
            yield from claims(state, i, rules)
        else:
            yield "a worker dies", with_attempt(state, i, Attempt())
            if attempt.phase is Phase.CLAIMED:
                yield from transactions(state, i, rules)
            elif attempt.phase is Phase.COMMITTED:
                yield "a worker settles", settled(state, i, rules)
            else:
                yield "a worker unclaims", unclaimed(state, i, rules)
    for i, load in enumerate(state.loads):
        yield _load_step(state, i, load, rules)
    if rules.dropping:
        yield from _drops(state, rules)


def tick(state: State, rules: Rules) -> State:
    """Time passes."""
    register, hold = state.register, state.hold
    if register is not None:
        register = Register(register.row, max(0, register.fresh - 1), written=False)
    if hold is not None:
        since = None if hold.since is None else min(hold.since + 1, rules.sale + 1)
        hold = Hold(max(0, hold.closes - 1), hold.ends - 1, since, hold.taken_over) if hold.ends > 1 else None
    oldest = max(rules.lease, rules.sale + 1)
    attempts = tuple(
        attempt if attempt.phase in (Phase.IDLE, Phase.FAILED) else attempt._replace(age=min(attempt.age + 1, oldest))
        for attempt in state.attempts
    )
    loads = tuple(
        load if load.age is None else load._replace(age=min(load.age + 1, rules.lease)) for load in state.loads
    )
    return state._replace(register=register, hold=hold, attempts=attempts, loads=loads)


def claims(state: State, i: int, rules: Rules) -> Iterator[Step]:
    """The i-th worker claims the hold, if it may."""
    hold = state.hold
    if hold is None:
        return
    if hold.since is None:
        what, ends, taken_over = "claims", max(hold.ends, rules.claim_ticks), False
    else:
        if rules.takeover_guard and (hold.since <= rules.sale or hold.ends < rules.sale + rules.lease):
            return
        what, ends, taken_over = "takes over", hold.ends, True
    others = (attempt._replace(owns=False) for attempt in state.attempts)
    claimed = state._replace(attempts=tuple(others), hold=Hold(hold.closes, ends, 0, taken_over))
    news = state.register is not None and not state.register.written
    for cancels in (False, True) if rules.cancelling else (False,):
        attempt = Attempt(Phase.CLAIMED, cancels, news=news, owns=True)
        yield f"a worker {what} to {'cancel' if cancels else 'confirm'}", with_attempt(claimed, i, attempt)


def transactions(state: State, i: int, rules: Rules) -> Iterator[Step]:
    """What the transaction of a claimed attempt may come to. Postgres ends it `T` after the claim."""
    attempt, postgres = state.attempts[i], state.postgres
    failed = state._replace(attempts=_put(state.attempts, i, Attempt(Phase.FAILED, owns=attempt.owns)))
    yield "a sale fails", failed
    if attempt.age > rules.sale:
        return
    if postgres.outcome is not Outcome.NONE and rules.primary_key:
        what = "a sale finds the booking settled"
    elif attempt.cancels:
        what, postgres = "a cancelled booking commits", postgres._replace(outcome=Outcome.CANCELLED)
    elif postgres.row.free < 1:
        return  # the constraint refuses it: it fails
    else:
        row = Row(postgres.row.version + 1, postgres.row.free - 1)
        what, postgres = "a sale commits", postgres._replace(row=row, outcome=Outcome.SOLD)
    committed = attempt._replace(phase=Phase.COMMITTED, cancels=False, owns=False, row=postgres.row)
    yield what, with_attempt(state, i, committed)._replace(postgres=postgres)


def settled(state: State, i: int, rules: Rules) -> State:
    """The hold is gone, and the row is written, `read_at` being the claim's moment."""
    attempt = state.attempts[i]
    state = with_attempt(state, i, Attempt())._replace(hold=None)
    if state.register is None:
        return state
    return _written(state, state.register, attempt.row, max(0, rules.lease - attempt.age), attempt.news, rules)


def unclaimed(state: State, i: int, rules: Rules) -> State:
    """The hold is open again, or gone where its end has passed, unless the claim is not the worker's or took over."""
    attempt, hold = state.attempts[i], state.hold
    state = with_attempt(state, i, Attempt())
    if hold is None or not attempt.owns or (hold.taken_over and rules.unclaim_guard):
        return state
    reopened = Hold(hold.closes, hold.closes, None, taken_over=False) if hold.closes else None
    return state._replace(hold=reopened)


def _load_step(state: State, i: int, load: Load, rules: Rules) -> Step:
    """A load's next step: it asks the time, reads Postgres, then writes the register."""
    register = state.register
    if load.age is None:
        news = register is None or not register.written
        return "a load asks the time", state._replace(loads=_put(state.loads, i, Load(0, news)))
    if load.row is None:
        return "a load reads", state._replace(loads=_put(state.loads, i, load._replace(row=state.postgres.row)))
    state = state._replace(loads=_put(state.loads, i, Load()))
    age = load.age if rules.read_at_before_reading else 0
    lease = max(0, rules.lease - age)
    if register is None:
        return "a load creates the pool", _heard(state, Register(load.row, lease, written=True))
    news = load.news if rules.read_at_before_reading else not register.written
    return "a load writes", _written(state, register, load.row, lease, news, rules)


def _drops(state: State, rules: Rules) -> Iterator[Step]:
    postgres = state.postgres
    if not postgres.dropped:
        dropped = Postgres(Row(postgres.row.version + 1, 0), postgres.outcome, dropped=True)
        yield "Postgres drops the pool", state._replace(postgres=dropped)
    elif not state.dropped:
        register = Register(postgres.row, 0, written=True) if rules.drop_keeps_register else None
        yield "Redis drops the pool", _heard(state._replace(hold=None, dropped=True), register)


def _written(state: State, register: Register, row: Row, lease: int, news: bool, rules: Rules) -> State:
    if rules.version_guard and row.version < register.row.version and not news:
        return state
    return _heard(state, Register(row, max(register.fresh, lease), written=True))


def _heard(state: State, register: Register | None) -> State:
    """The register is written: whatever was read so far was read before that."""
    return state._replace(
        register=register,
        attempts=tuple(attempt._replace(news=False) if attempt.news else attempt for attempt in state.attempts),
        loads=tuple(load._replace(news=False) if load.news else load for load in state.loads),
    )


def with_attempt(state: State, i: int, attempt: Attempt) -> State:
    """The state with another i-th attempt."""
    return state._replace(attempts=_put(state.attempts, i, attempt))


def _put(items: tuple[Item, ...], i: int, item: Item) -> tuple[Item, ...]:
    return (*items[:i], item, *items[i + 1 :])
