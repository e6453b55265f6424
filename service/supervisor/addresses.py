"""The address to serve on: claimed before anything starts, so that a taken port is told at once."""

import socket
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager

from .errors import StartError


@contextmanager
def claimed_port(host: str, port: int) -> Iterator[int]:
    """Keep others from the port while workers come and go; 0 chooses one. Raises `StartError`.

    The sockets do not listen, so connections go to the workers, who share the port with them by SO_REUSEPORT.
    """
    with ExitStack() as sockets:
        for address in _addresses(host, port):
            claimed = _claim(address, port)
            sockets.enter_context(claimed)
            port = claimed.getsockname()[1]
        yield port


def _addresses(host: str, port: int) -> list[tuple[socket.AddressFamily, str]]:
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE)
    except socket.gaierror as unknown:
        raise StartError(f"The host {host!r} is not known here: {unknown.strerror}.") from None
    return [(family, str(address[0])) for family, _, _, _, address in found]


def _claim(address: tuple[socket.AddressFamily, str], port: int) -> socket.socket:
    family, host = address
    try:
        # A socket with SO_REUSEPORT would not notice another such one: that of another Holdfast.
        with socket.socket(family, socket.SOCK_STREAM) as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            probe.bind((host, port))
            port = probe.getsockname()[1]
        claimed = socket.socket(family, socket.SOCK_STREAM)
        claimed.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEPORT, 1)
        claimed.bind((host, port))
    except PermissionError:
        raise StartError(f"This user may not listen on port {port}: choose one above 1023 with --port.") from None
    except OSError as taken:
        raise StartError(
            f"Cannot listen on {host} port {port} ({taken.strerror}): free it, or choose another with --port."
        ) from None
    return claimed
