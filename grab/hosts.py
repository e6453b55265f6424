"""Whose machine the load goes to: ours, unless its owner says so."""

import socket
from ipaddress import ip_address
from urllib.parse import urlsplit

from grab.errors import GrabError


def permit(url: str, *, own_host: bool) -> None:
    """Raises `GrabError` unless every address of the URL's host is a loopback address, or the host is one's own."""
    parts = urlsplit(url)
    if parts.scheme not in ("http", "https") or not parts.hostname:
        raise GrabError(f"{url} is not where a service answers: http://127.0.0.1:8080")
    if not own_host and not _is_loopback(parts.hostname):
        raise GrabError(
            f"{parts.hostname} is not this machine. A crowd is an attack on a host that is not one's own: "
            "if it is yours, say so with --i-own-this-host."
        )


def _is_loopback(host: str) -> bool:
    try:
        return ip_address(host).is_loopback
    except ValueError:
        pass
    if host != "localhost" and not host.endswith(".localhost"):
        return False  # not looked up: what a name means may change until it is used
    return all(ip_address(found[4][0]).is_loopback for found in socket.getaddrinfo(host, None))
