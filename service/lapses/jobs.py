"""What the worker does about lapsed holds."""

from service.jobs.job import Tick
from service.lapses.recorder import record

SECONDS = 10.0
"""Less than the time for which a pool outlives its last hold."""

TICKS = (Tick("lapsed-holds", SECONDS, record),)
