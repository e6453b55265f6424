"""The forms of a URL."""

from typing import Any

import pytest
from redis.asyncio.connection import SSLConnection

from holds import addresses


@pytest.mark.parametrize(
    ("url", "options"),
    [
        ("redis://:secret@host:7000/3", {"password": "secret", "host": "host", "port": 7000, "db": 3}),
        ("rediss://host", {"host": "host", "connection_class": SSLConnection}),
    ],
)
def test_one_server(url: str, options: dict[str, Any]) -> None:
    address = addresses.parse(url)
    assert (address.kind, address.options, address.hosts) == ("server", options, ())


def test_sentinels() -> None:
    address = addresses.parse("redis+sentinel://ann:p%40ss@one:1,two,[::3]:3/the-master/4?client_name=x")
    assert address.kind == "sentinel"
    assert address.hosts == (("one", 1), ("two", 26_379), ("::3", 3))
    assert address.service == "the-master"
    assert address.options == {"username": "ann", "password": "p@ss", "db": 4, "client_name": "x"}
    assert address.sentinel_options == {}


def test_what_is_for_the_sentinels_only() -> None:
    address = addresses.parse("rediss+sentinel://one/m?sentinel_password=s&ssl_ca_certs=/ca.pem")
    assert address.options == {"connection_class": SSLConnection, "ssl_ca_certs": "/ca.pem"}
    assert address.sentinel_options == address.options | {"password": "s"}


def test_a_cluster() -> None:
    address = addresses.parse("rediss+cluster://:secret@one:1,two")
    assert (address.kind, address.hosts) == ("cluster", (("one", 1), ("two", 6_379)))
    assert address.options == {"password": "secret", "connection_class": SSLConnection}


@pytest.mark.parametrize(
    "url",
    [
        "http://host",
        "redis+http://host",
        "unix+cluster:///socket",
        "redis+sentinel://host:1",
        "redis+cluster://",
        "redis+cluster://one:1,,two:2",
        "redis+cluster://one:port",
        "redis://host?colour=red",
    ],
)
def test_nonsense(url: str) -> None:
    with pytest.raises(ValueError, match=r"URL|port|Port"):
        addresses.parse(url)
