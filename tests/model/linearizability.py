"""Whether what concurrent clients saw could have been seen had their calls run one after the other.

The search of Wing and Gong ("Testing and verifying concurrent objects", 1993), which tries every order that respects
real time, with Lowe's memory of the configurations already tried ("Testing for linearizability", 2017): the set of
calls that have taken effect, and the state that they led to.
"""

from collections.abc import Callable, Hashable, Sequence
from dataclasses import dataclass
from typing import Any, TypeVar

State = TypeVar("State", bound=Hashable)


@dataclass(frozen=True, slots=True)
class Call:
    """What was asked and answered. `asked_at` and `answered_at` number all questions and answers in their order."""

    name: str
    arguments: tuple[Any, ...]
    answer: Any
    asked_at: int
    answered_at: int


def linearization(
    calls: Sequence[Call], start: State, after: Callable[[State, Call], State | None]
) -> tuple[Call, ...] | None:
    """An order of the calls that explains every answer, or None. `after` is the state after a call in a state, None
    where the call would have been answered otherwise.
    """
    everything = (1 << len(calls)) - 1
    tried: set[tuple[int, State]] = {(0, start)}
    stack: list[tuple[int, State, tuple[Call, ...]]] = [(0, start, ())]
    while stack:
        done, state, order = stack.pop()
        if done == everything:
            return order
        for number in _next(calls, done):
            following = after(state, calls[number])
            if following is None:
                continue
            configuration = (done | 1 << number, following)
            if configuration not in tried:
                tried.add(configuration)
                stack.append((*configuration, (*order, calls[number])))
    return None


def _next(calls: Sequence[Call], done: int) -> list[int]:
    """The calls that may take effect next: those that were asked before any other was answered."""
    left = [number for number in range(len(calls)) if not done >> number & 1]
    first_answer = min(calls[number].answered_at for number in left)
    return [number for number in left if calls[number].asked_at < first_answer]
