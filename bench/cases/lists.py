"""The first page of each list, with few movies and with many: two databases, and a service on each."""

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


async def rows(stack: Stack, sizes: Sizes) -> list[Row]:
    """Of each list, the time of a request with many movies against that with few."""
    async with AsyncExitStack() as opened:
        few, many = [await opened.enter_async_context(_filled(stack, count)) for count in sizes.movies]
        return [await _row(sizes, name, path, few, many) for name, path in catalogue.LISTS.items()]


async def _row(sizes: Sizes, name: str, path: str, few: Server, many: Server) -> Row:
    pairs = await in_turns(sizes.rounds, partial(_ask, sizes, many, path), partial(_ask, sizes, few, path))
    times = [(CLIENTS / slow.rate(LIST) * 1e3, CLIENTS / quick.rate(LIST) * 1e3) for slow, quick in pairs]
    case = f"{name}, {sizes.movies[1]:,}"
    return compare(case, "ms", times, f"with {sizes.movies[0]:,}", target=1.2, at_least=False)


async def _ask(sizes: Sizes, server: Server, path: str) -> Phase:
    client = {"label": LIST, "method": "GET", "path": path}
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
