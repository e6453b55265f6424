"""The load on the bare handler."""

from bench import load
from bench.load import Load, Phase
from bench.rounds import Sizes
from bench.stack import Stack

BARE = "bare"
_CLIENT = {"label": BARE, "method": "GET", "path": "/"}


async def bare_load(stack: Stack, sizes: Sizes, clients: int) -> Phase:
    """As many clients ask again and again."""
    asking = Load("repeat", [_CLIENT] * clients, sizes.seconds, sizes.warm_up)
    [phase] = await load.run(asking, stack.bare.port, stack.watched)
    return phase


async def bare_crowd(stack: Stack, clients: int, times: int) -> Phase:
    """As many clients, all at once, ask so many times."""
    asking = Load("times", [{**_CLIENT, "times": times}] * clients)
    [phase] = await load.run(asking, stack.bare.port, stack.watched)
    return phase
