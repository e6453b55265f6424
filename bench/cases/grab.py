"""Thousands of customers grab one seat each, all at once, where there are few."""

from bench import load
from bench.cases.bare import BARE, bare_crowd
from bench.load import Load, Phase
from bench.rounds import Row, Sizes, compare
from bench.stack import Stack
from bench.world import sold_seats
from service.ids import Entity

PEER = 1.9 / 0.53
"""What the quickest peer took, over what its client took for as many requests to a bare handler (`peers.md`)."""


async def rows(stack: Stack, sizes: Sizes) -> list[Row]:
    """The time until everybody has a seat or was refused, against as many requests, and against one for each."""
    same, single, verdicts = [], [], []
    for _ in range(sizes.rounds):
        twice = await bare_crowd(stack, sizes.crowd, 2)
        phase, verdict = await _grab(stack, sizes)
        once = await bare_crowd(stack, sizes.crowd, 1)
        same.append((phase.seconds, twice.seconds))
        single.append((phase.seconds, once.seconds))
        verdicts.append({**verdict, "bare_cpu_us": twice.cpu_micros("bare", BARE)})
    case = f"{sizes.crowd:,} grabs of {sizes.seats:,} seats"
    return [
        compare(case, "s", same, "as many bare requests", details={"rounds": verdicts}),
        compare(case, "s", single, "one bare request each", target=PEER, at_least=False),
    ]


async def _grab(stack: Stack, sizes: Sizes) -> tuple[Phase, dict[str, object]]:
    [session] = await stack.world.sessions(1, capacity=sizes.seats)
    tokens = await stack.world.tokens(sizes.crowd)
    clients = [{"token": token, "session": Entity.SESSION.public(session)} for token in tokens]
    grabbing, confirming = await load.run(Load("grab", clients), stack.service.port, stack.watched)
    sold = await sold_seats(stack.world, session)
    verdict = {
        "booked": grabbing.total("book", 201),
        "held": grabbing.total("reserve", 200),
        "refused": grabbing.total("reserve", 409),
        "confirmed": confirming.total("confirm", 200),
        "sold": sold,
        "oversold": max(0, sold - sizes.seats),
        "p50_ms": grabbing.answers["reserve"]["p50"] * 1e3,
        "p99_ms": grabbing.answers["reserve"]["p99"] * 1e3,
        "service_cpu_us_per_grab": grabbing.cpu_micros("service", "reserve"),
    }
    seats, losers = sizes.seats, sizes.crowd - sizes.seats
    if (verdict["held"], verdict["refused"], verdict["confirmed"], sold) != (seats, losers, seats, seats):
        raise RuntimeError(f"not every seat was sold once: {verdict}")
    return grabbing, verdict
