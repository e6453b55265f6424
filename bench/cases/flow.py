"""Booking, reserving and confirming, against the same on `SELECT … FOR UPDATE` in Postgres."""

from functools import partial
from statistics import median
from typing import Any

from bench import load, servers
from bench.load import Load, Phase
from bench.references import schema
from bench.rounds import Row, Sizes, compare, in_turns
from bench.servers import Server
from bench.stack import Stack
from service.ids import Entity

STEPS = ("book", "reserve", "confirm")


async def rows(stack: Stack, sizes: Sizes) -> list[Row]:
    """Confirmed bookings per second on one session, and spread over many."""
    async with servers.running(servers.FOR_UPDATE, stack.workers, stack.environment) as reference:
        return [
            await _row(stack, sizes, reference, sessions=1, target=6.0),
            await _row(stack, sizes, reference, sessions=sizes.sessions, target=3.0),
        ]


async def _row(stack: Stack, sizes: Sizes, reference: Server, *, sessions: int, target: float) -> Row:
    count = max(sizes.clients)
    shows = await stack.world.sessions(sessions)
    await schema.create(stack.world.resources.postgres)
    clients = [
        {"token": token, "session": Entity.SESSION.public(shows[number % sessions])}
        for number, token in enumerate(await stack.world.tokens(count))
    ]
    booking = Load("flow", clients, sizes.seconds, sizes.warm_up)
    ours = partial(_run, booking, stack, stack.service)
    theirs = partial(_run, booking, stack, reference)
    pairs = await in_turns(sizes.rounds, ours, theirs)
    rates = [(ours.rate("confirm"), theirs.rate("confirm")) for ours, theirs in pairs]
    details = {"ours": _latencies([ours for ours, _ in pairs]), "theirs": _latencies([theirs for _, theirs in pairs])}
    case = f"book, reserve, confirm, {count} clients, {sessions} session{'s' if sessions > 1 else ''}"
    return compare(case, "bookings/s", rates, "SELECT … FOR UPDATE", target=target, details=details)


async def _run(booking: Load, stack: Stack, server: Server) -> Phase:
    watched = {**stack.watched, "server": server.processes}
    [phase] = await load.run(booking, server.port, watched)
    for step, status in zip(STEPS, (201, 200, 200), strict=True):
        phase.expect(step, status)
    return phase


def _latencies(phases: list[Phase]) -> dict[str, Any]:
    """Medians over the rounds: each step's latencies in ms, and the server's processor time for a booking in µs."""
    found: dict[str, Any] = {
        f"{step}_{name}_ms": median(phase.answers[step][name] for phase in phases) * 1e3
        for step in STEPS
        for name in ("p50", "p99")
    }
    return {**found, "cpu_us": median(phase.cpu_micros("server", "confirm") for phase in phases)}
