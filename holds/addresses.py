"""The forms of a URL that names one server, a set watched by sentinels, or a cluster."""

import re
from dataclasses import dataclass, field
from typing import Any, Literal
from urllib.parse import parse_qsl, urlencode, urlsplit

from redis.asyncio.connection import Connection, parse_url

Host = tuple[str, int]
Kind = Literal["server", "sentinel", "cluster"]

SENTINELS_OWN = "sentinel_"
"""Begins the names of a URL's options that are for the sentinels, such as `sentinel_password`."""
FORMS = "a Redis URL begins with redis://, rediss://, unix://, redis+sentinel:// or redis+cluster://"
_AUTHORITY = re.compile(r"[a-z+]+://([^/?#]*)")
DEFAULT_PORTS = {"sentinel": 26_379, "cluster": 6_379}


@dataclass(frozen=True, slots=True)
class Address:
    """Where Redis is: `options` are those of redis-py's connections, `service` is what sentinels call the master.

    `sentinel_options` are those of connections to the sentinels.
    """

    kind: Kind
    options: dict[str, Any]
    hosts: tuple[Host, ...] = ()
    service: str = ""
    sentinel_options: dict[str, Any] = field(default_factory=dict)


def parse(url: str) -> Address:
    """Read a URL: `redis://`, `rediss://`, `unix://`, or with `+sentinel` or `+cluster` after the scheme's name.

    Raises `ValueError` where it makes no sense.
    """
    authority = _AUTHORITY.match(url)
    if authority is None:
        raise ValueError(FORMS)
    credentials, at, listed = authority[1].rpartition("@")
    # Without the servers, since a list of them is no valid authority of a URL.
    parts = urlsplit(f"{url[: authority.start(1)]}{credentials}{at}{url[authority.end(1) :]}")
    scheme, _, kind = parts.scheme.partition("+")
    if not kind:
        return Address("server", _options(url))
    if kind not in DEFAULT_PORTS or scheme not in ("redis", "rediss"):
        raise ValueError(FORMS)
    hosts = tuple(_host(text, DEFAULT_PORTS[kind]) for text in listed.split(","))
    service, _, database = parts.path.strip("/").partition("/")
    if kind == "cluster":
        options = _options(parts._replace(scheme=scheme, path="").geturl())
        return Address("cluster", options, hosts)
    if not service:
        raise ValueError("the URL of sentinels ends with the name of the master: redis+sentinel://host:port/name")
    query = parse_qsl(parts.query)
    own = urlencode([item for item in query if not item[0].startswith(SENTINELS_OWN)])
    theirs = {name.removeprefix(SENTINELS_OWN): value for name, value in query if name.startswith(SENTINELS_OWN)}
    master = parts._replace(scheme=scheme, path=f"/{database}", query=own)
    options = _options(master.geturl())
    tls = {name: value for name, value in options.items() if name.startswith(("ssl_", "connection_class"))}
    return Address("sentinel", options, hosts, service, tls | theirs)


def _options(url: str) -> dict[str, Any]:
    options = dict(parse_url(url))
    made = dict(options)
    try:
        made.pop("connection_class", Connection)(**made)  # type: ignore[operator]  # it is a class
    except TypeError as unknown:
        raise ValueError(f"the Redis URL has an option that is not known: {unknown}") from None
    return options


def _host(text: str, default_port: int) -> Host:
    parts = urlsplit(f"//{text}")
    if not parts.hostname:
        raise ValueError("a Redis URL lists its servers as host:port,host:port")
    return parts.hostname, parts.port or default_port
