"""What fails while the machine stands still is tried again, and nothing else."""

import time
from collections.abc import Callable

import pytest

from tests.stalls import LONGEST_SECONDS, Heart, TooSlow

PAUSE_SECONDS = 2 * LONGEST_SECONDS


def fail_after(heart: Heart, step: Callable[[], object]) -> None:
    with heart.watching():
        step()
        raise ValueError("wrong")


def test_what_fails_right_after_a_pause_is_too_slow() -> None:
    """Whoever fails may run before the heart's thread, which here never runs."""
    with pytest.raises(TooSlow):
        fail_after(Heart(), lambda: time.sleep(PAUSE_SECONDS))


def test_what_fails_some_time_after_it_is_too_slow() -> None:
    heart = Heart()

    def pause() -> None:
        time.sleep(PAUSE_SECONDS)
        heart.start()
        time.sleep(LONGEST_SECONDS)

    with pytest.raises(TooSlow):
        fail_after(heart, pause)


def test_a_pause_before_it_excuses_nothing() -> None:
    heart = Heart()
    time.sleep(PAUSE_SECONDS)
    heart.start()
    time.sleep(LONGEST_SECONDS)
    with pytest.raises(ValueError, match="wrong"):
        fail_after(heart, lambda: None)
