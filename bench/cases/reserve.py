"""`reserve` over HTTP on one hot session, against a bare handler."""

from functools import partial
from statistics import median

from bench import load
from bench.cases.bare import BARE, bare_load
from bench.load import Load, Phase
from bench.rounds import Row, Sizes, compare, in_turns
from bench.stack import Stack
from service.ids import Entity


async def rows(stack: Stack, sizes: Sizes) -> list[Row]:
    """For each number of clients the throughput, and at the greatest the p99 against the median."""
    found = []
    pairs: list[tuple[Phase, Phase]] = []
    [session] = await stack.world.sessions(1)
    for count in sizes.clients:
        tokens = await stack.world.tokens(count)
        clients = [{"token": token, "session": Entity.SESSION.public(session)} for token in tokens]
        measured = partial(_last_phase, stack, Load("reserve", clients, sizes.seconds, sizes.warm_up))
        pairs = await in_turns(sizes.rounds, measured, partial(bare_load, stack, sizes, count))
        found.append(_throughput(f"reserve, {count} clients", pairs))
    found.append(_tail(f"p99 of reserve, {max(sizes.clients)} clients", [phase for phase, _ in pairs]))
    return found


async def _last_phase(stack: Stack, reserving: Load) -> Phase:
    phase = (await load.run(reserving, stack.service.port, stack.watched))[-1]
    phase.expect("reserve", 200)
    return phase


def _throughput(case: str, pairs: list[tuple[Phase, Phase]]) -> Row:
    rates = [(ours.rate("reserve"), bare.rate(BARE)) for ours, bare in pairs]
    micros = {
        "service_cpu_us": median(ours.cpu_micros("service", "reserve") for ours, _ in pairs),
        "redis_cpu_us": median(ours.cpu_micros("redis", "reserve") for ours, _ in pairs),
        "generator_cpu_us": median(ours.cpu_micros("generator", "reserve") for ours, _ in pairs),
        "bare_cpu_us": median(bare.cpu_micros("bare", BARE) for _, bare in pairs),
        "bare_generator_cpu_us": median(bare.cpu_micros("generator", BARE) for _, bare in pairs),
    }
    latencies = {name: median(ours.answers["reserve"][name] for ours, _ in pairs) * 1e3 for name in ("p50", "p99")}
    details = {**micros, "p50_ms": latencies["p50"], "p99_ms": latencies["p99"]}
    return compare(case, "requests/s", rates, "bare handler", target=0.42, details=details)


def _tail(case: str, phases: list[Phase]) -> Row:
    latencies = [phase.answers["reserve"] for phase in phases]
    pairs = [(answers["p99"] * 1e3, answers["p50"] * 1e3) for answers in latencies]
    return compare(case, "ms", pairs, "its median", target=3.0, at_least=False)
