"""A machine that stands still for a moment says nothing about the code: what had to happen meanwhile is tried again.

pytest repeats a test that raises `TooSlow`, a few times, and then it fails (`reruns` in pyproject.toml). It is raised
where a test sees that the machine did not keep its times, and here for what failed while this process did not run. What
fails on a machine that keeps up has failed.
"""

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager

import pytest

BEAT_SECONDS = 0.01
LONGEST_SECONDS = 0.1
"""Tests leave more time than this to what has to be in time, or look at the clock themselves."""


class TooSlow(Exception):
    """The machine did not do in time what the test is about."""


class Heart(threading.Thread):
    """Beats, and notes when and for how long it did not, since the process did not run."""

    def __init__(self) -> None:
        super().__init__(name="heart", daemon=True)
        self._stalls: list[tuple[float, float]] = []
        self._beat_at = time.monotonic()

    def run(self) -> None:
        while True:
            time.sleep(BEAT_SECONDS)
            now = time.monotonic()
            if now - self._beat_at > LONGEST_SECONDS:
                self._stalls.append((now, now - self._beat_at))
            self._beat_at = now

    def longest_since(self, moment: float) -> float:
        """The longest pause that ended after the moment, in s; 0.0 if there was none worth to mention.

        The one that is over, but not noted yet because others ran first after it, counts, too.
        """
        now = time.monotonic()
        stalls = [*self._stalls, (now, now - self._beat_at)]
        return max(
            (length for ended_at, length in stalls if ended_at > moment and length > LONGEST_SECONDS), default=0.0
        )

    @contextmanager
    def watching(self) -> Iterator[None]:
        """Raise `TooSlow` for what fails within, if the machine stood still meanwhile or its own clock said so."""
        began_at = time.monotonic()
        try:
            yield
        except (Exception, pytest.fail.Exception) as failure:
            if isinstance(failure, BaseExceptionGroup) and (late := failure.subgroup(TooSlow)):
                raise TooSlow(str(late.exceptions[0])) from failure
            if longest := self.longest_since(began_at):
                raise TooSlow(f"nothing ran for {longest:.2f} s") from failure
            raise
