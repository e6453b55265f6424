"""One pool of a fixed capacity, one call at a time: what any order of concurrent calls must look like."""

from typing import Any, NamedTuple

from tests.model.linearizability import Call

Change = tuple[Any, "PoolState"]


class Held(NamedTuple):
    id: str
    seats: int
    token: str | None
    """Of its claim."""


class PoolState(NamedTuple):
    """The pool as Redis has it: the register, and the live holds in the order of their ids."""

    capacity: int
    version: int = 1
    sold: int = 0
    holds: tuple[Held, ...] = ()

    @property
    def held(self) -> int:
        return sum(hold.seats for hold in self.holds)

    @property
    def free(self) -> int:
        return self.capacity - self.sold - self.held

    def get(self, hold_id: str) -> Held | None:
        return next((hold for hold in self.holds if hold.id == hold_id), None)

    def put(self, hold: Held) -> "PoolState":
        return self._replace(holds=tuple(sorted((*self.without(hold.id).holds, hold))))

    def without(self, hold_id: str) -> "PoolState":
        return self._replace(holds=tuple(hold for hold in self.holds if hold.id != hold_id))


def after(state: PoolState, call: Call) -> PoolState | None:
    """The state after the call, or None where its answer would have been another."""
    answer, following = _CALLS[call.name](state, call)
    return following if answer == call.answer else None


def _open(state: PoolState, call: Call) -> Change:
    hold_id, seats = call.arguments
    if seats > state.free and seats:
        return ("not enough", max(state.free, 0)), state
    return "done", state.put(Held(hold_id, seats, None))


def _resize(state: PoolState, call: Call) -> Change:
    hold_id, seats = call.arguments
    hold = state.get(hold_id)
    if hold is None:
        return "gone", state
    if hold.token:
        return "claimed", state
    growth = seats - hold.seats
    if growth > 0 and growth > state.free:
        return ("not enough", max(state.free, 0)), state
    return "done", state.put(hold._replace(seats=seats))


def _claim(state: PoolState, call: Call) -> Change:
    hold = state.get(call.arguments[0])
    if hold is None:
        return "gone", state
    if hold.token:
        return "claimed", state
    token = call.answer[2] if call.answer[0] == "claim" else "another"  # whichever was given
    return ("claim", hold.seats, token), state.put(hold._replace(token=token))


def _unclaim(state: PoolState, call: Call) -> Change:
    hold_id, token = call.arguments
    hold = state.get(hold_id)
    if hold is None or hold.token != token:
        return "done", state
    return "done", state.put(hold._replace(token=None))


def _settle(state: PoolState, call: Call) -> Change:
    hold_id, version, sold = call.arguments
    state = state.without(hold_id)
    return "done", state._replace(version=version, sold=sold) if version >= state.version else state


def _release(state: PoolState, call: Call) -> Change:
    hold = state.get(call.arguments[0])
    if hold is None:
        return call.answer if call.answer in ("gone", "done") else "gone", state
    if hold.token:
        return "claimed", state
    return "done", state.without(hold.id)


def _look(state: PoolState, call: Call) -> Change:
    return (state.sold, state.held), state


_CALLS = {
    "open": _open,
    "resize": _resize,
    "claim": _claim,
    "unclaim": _unclaim,
    "settle": _settle,
    "release": _release,
    "look": _look,
}
