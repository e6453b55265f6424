"""Pages of each list, with few movies and with many: two databases, and a service on each."""

from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from functools import partial

from bench import catalogue, load, servers
from bench.load import Load, Phase
from bench.rounds import Row, Sizes, compare, in_turns
from bench.servers import Server
from bench.stack import Stack

CLIENTS = 8
LIST = "list"
PAGE_SIZE = 20


async def rows(stack: Stack, sizes: Sizes) -> list[Row]:
    """The time of a request for the first page with many movies against few, and for a deep page against the first."""
    token = stack.world.resources.tokens.issue(catalogue.SAVER, "customer", 0)
    async with AsyncExitStack() as opened:
        few, many = [await opened.enter_async_context(_filled(stack, count)) for count in sizes.movies]
        measured = [await _growth(sizes, name, path, few, many, target=1.2) for name, path in catalogue.LISTS.items()]
        for name, (path, deep) in catalogue.DISCOVERY.items():
            measured.append(await _growth(sizes, name, f"{path}page=1", few, many, target=1.5, token=token))
            if deep > 1:
                measured.append(await _depth(sizes, name, path, deep, many, token))
    return measured


async def _growth(
    sizes: Sizes, name: str, path: str, few: Server, many: Server, target: float, token: str | None = None
) -> Row:
    pairs = await in_turns(
        sizes.rounds, partial(_ask, sizes, many, path, token), partial(_ask, sizes, few, path, token)
    )
    return _row(f"{name}, {sizes.movies[1]:,}", pairs, f"with {sizes.movies[0]:,}", target)


async def _depth(sizes: Sizes, name: str, path: str, deep: int, many: Server, token: str) -> Row:
    page = min(deep, sizes.movies[1] // PAGE_SIZE)
    pairs = await in_turns(
        sizes.rounds,
        partial(_ask, sizes, many, f"{path}page={page}", token),
        partial(_ask, sizes, many, f"{path}page=1", token),
    )
    return _row(f"{name}, page {page:,}", pairs, "page 1", target=5)


def _row(case: str, pairs: list[tuple[Phase, Phase]], against: str, target: float) -> Row:
    times = [(CLIENTS / slow.rate(LIST) * 1e3, CLIENTS / quick.rate(LIST) * 1e3) for slow, quick in pairs]
    return compare(case, "ms", times, against, target=target, at_least=False)


async def _ask(sizes: Sizes, server: Server, path: str, token: str | None) -> Phase:
    client = {"label": LIST, "method": "GET", "path": path, "token": token}
    asking = Load("repeat", [client] * CLIENTS, sizes.seconds / 2, sizes.warm_up / 2)
    [phase] = await load.run(asking, server.port, {})
    phase.expect(LIST, 200)
    return phase


@asynccontextmanager
async def _filled(stack: Stack, movies: int) -> AsyncIterator[Server]:
    """A service on a database of its own, with so many movies."""
    url = await stack.new_database(f"movies_{movies}")
    await catalogue.fill(url, movies)
    async with servers.running(servers.SERVICE, stack.workers, {**stack.environment, "DATABASE_URL": url}) as server:
        yield server
