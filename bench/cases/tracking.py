"""The tracking endpoint, whose every 204 is a row, against a bare handler."""

from functools import partial
from statistics import median

from bench import load, queries
from bench.cases.bare import BARE, bare_load
from bench.load import Load, Phase
from bench.rounds import Row, Sizes, compare, in_turns
from bench.stack import Stack

VISIT = {
    "tracking_id": "b1946ac9-2d5c",
    "type": "page_enter",
    "page": {"scheme": "https", "path": "/movies", "query": {"utm_source": "newsletter"}},
}
TRACK = "track"


async def rows(stack: Stack, sizes: Sizes) -> list[Row]:
    """The throughput for each number of clients. Raises `RuntimeError` when rows and answers do not agree."""
    found = []
    for count in sizes.clients:
        measured, reference = partial(_track, stack, sizes, count), partial(bare_load, stack, sizes, count)
        pairs = await in_turns(sizes.rounds, measured, reference)
        rates = [(ours.rate(TRACK), bare.rate(BARE)) for ours, bare in pairs]
        details = {
            "service_cpu_us": median(ours.cpu_micros("service", TRACK) for ours, _ in pairs),
            "bare_cpu_us": median(bare.cpu_micros("bare", BARE) for _, bare in pairs),
            "p50_ms": median(ours.answers[TRACK]["p50"] for ours, _ in pairs) * 1e3,
            "p99_ms": median(ours.answers[TRACK]["p99"] for ours, _ in pairs) * 1e3,
        }
        case = f"tracking, {count} clients"
        found.append(compare(case, "requests/s", rates, "bare handler", target=0.5, details=details))
    return found


async def _track(stack: Stack, sizes: Sizes, count: int) -> Phase:
    client = {"label": TRACK, "method": "POST", "path": "/v1/analytics/track", "body": VISIT}
    before = await _visits(stack)
    tracking = Load("repeat", [client] * count, sizes.seconds, sizes.warm_up)
    [phase] = await load.run(tracking, stack.service.port, stack.watched)
    phase.expect(TRACK, 204)
    if await _visits(stack) - before != phase.total(TRACK, 204):
        raise RuntimeError("not every 204 is a row")
    return phase


async def _visits(stack: Stack) -> int:
    async with stack.world.resources.postgres.acquire() as connection:
        return await queries.count_visits(connection)
