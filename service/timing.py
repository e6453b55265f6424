"""The hold engine's durations."""

from holds.models import Timing
from service.settings import Settings


def timing_of(settings: Settings) -> Timing:
    """The engine's durations in its own unit."""
    return Timing(
        sale=round(settings.sale_seconds * 1_000),
        lease=round(settings.lease_seconds * 1_000),
        claim=round(settings.claim_seconds * 1_000),
        memory=round(settings.hold_memory_seconds * 1_000),
    )
