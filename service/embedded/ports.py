"""Free ports on the loopback address."""

import random
import socket

BELOW_EPHEMERAL = range(15_000, 32_000)
"""Outgoing connections get ports above these, so a restarted server finds its port still free."""


def free_port(preferred: int | None = None) -> int:
    """A port that nobody listens on: the preferred one if it is free."""
    candidates = random.sample(BELOW_EPHEMERAL, 100)
    for port in [preferred, *candidates] if preferred else candidates:
        if is_free("127.0.0.1", port):
            return port
    raise OSError("no free port was found on 127.0.0.1")


def free_ports(count: int) -> list[int]:
    """So many different ports that nobody listens on."""
    found: set[int] = set()
    while len(found) < count:
        found.add(free_port())
    return list(found)


def is_free(host: str, port: int) -> bool:
    """Whether a server could listen there now. Raises `OSError` when the host has no address."""
    family = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0][0]
    with socket.socket(family, socket.SOCK_STREAM) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
            probe.listen(1)
        except OSError:
            return False
        return True
