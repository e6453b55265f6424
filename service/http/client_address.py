"""The address of the client that sent a request, seen through the proxies that are trusted to tell it."""

from collections.abc import Sequence
from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network

from aiohttp import hdrs, web

from service.settings import Network

Address = IPv4Address | IPv6Address


def client_address(request: web.Request, trusted: Sequence[Network]) -> Address | None:
    """The nearest address that is no trusted proxy's; None where the connection has none.

    Each proxy appends to `X-Forwarded-For` who it was called by: it is read from the right, and what stands left of
    an untrusted address is hearsay.
    """
    nearest = _parse(request.remote or "")
    hops = ",".join(request.headers.getall(hdrs.X_FORWARDED_FOR, ())).split(",")
    while nearest is not None and _is_trusted(nearest, trusted) and hops:
        told = _parse(hops.pop())
        if told is None:
            break
        nearest = told
    return nearest


def network_of(address: Address | None) -> str:
    """Whom to count as one client: an IPv4 address, or the /64 network that one subscriber has in IPv6."""
    if isinstance(address, IPv6Address):
        return str(ip_network((address, 64), strict=False))
    return str(address)


def _is_trusted(address: Address, trusted: Sequence[Network]) -> bool:
    return any(address in network for network in trusted)


def _parse(text: str) -> Address | None:
    text = text.strip()
    if text.startswith("["):
        text = text[1:].partition("]")[0]
    elif text.count(":") == 1:
        text = text.partition(":")[0]
    try:
        address = ip_address(text.partition("%")[0])
    except ValueError:
        return None
    return getattr(address, "ipv4_mapped", None) or address
