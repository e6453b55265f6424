"""`redis-cli`: its options and output, as far as looking at holds needs them."""

import argparse
import os
from pathlib import Path
from urllib.parse import quote

import redis
from redis.exceptions import RedisError

from service.supervisor import DataFolder, StartError

HELP = "Look into Redis where no redis-cli is installed."


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("-s", dest="socket", metavar="SOCKET", help="the server's Unix socket")
    parser.add_argument("-u", dest="url", metavar="URL", help="the server's URL")
    parser.add_argument("--data", type=Path, default=Path("data"), help="the data folder of the embedded server")
    parser.add_argument("--scan", action="store_true", help="list keys")
    parser.add_argument("--pattern", help="only keys like this, such as 'hold:*'")
    parser.add_argument("command", nargs=argparse.REMAINDER, help="such as HGETALL KEY, or TTL KEY")


def run(arguments: argparse.Namespace) -> None:
    try:
        with redis.Redis.from_url(_url(arguments), protocol=2, decode_responses=True) as client:
            if arguments.scan:
                for key in client.scan_iter(match=arguments.pattern, count=1_000):
                    print(key)
                return
            client.response_callbacks.clear()  # replies as they came, not as Python sees them
            print(_shown(client.execute_command(*(arguments.command or ["PING"]))))
    except (RedisError, ValueError) as failure:
        raise StartError(f"Redis: {failure}") from None


def _url(arguments: argparse.Namespace) -> str:
    if arguments.socket:
        return f"unix://{quote(arguments.socket)}"
    return arguments.url or os.environ.get("REDIS_URL") or DataFolder(arguments.data).redis().url


def _shown(reply: object) -> str:
    """A reply in the words of redis-cli."""
    match reply:
        case None:
            return "(nil)"
        case int():
            return f"(integer) {reply}"
        case []:
            return "(empty array)"
        case list():
            return "\n".join(f"{number}) {_shown(part)}" for number, part in enumerate(reply, 1))
        case _:
            return str(reply)
