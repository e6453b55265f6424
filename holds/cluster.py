"""A cluster: every key belongs to a slot, and every slot to a server."""

import asyncio
import random
from typing import Any

from redis.crc import REDIS_CLUSTER_HASH_SLOTS, key_slot
from redis.exceptions import ResponseError

from holds.addresses import Address, Host
from holds.connections import greeted
from holds.errors import StoreUnavailable
from holds.node import Node
from holds.requests import Request, code_of

MAX_REDIRECTIONS = 5
MAP_SECONDS = 0.3
"""How long a server may take to tell the map before the next one is asked."""
PAUSE_SECONDS = 0.1
"""How long no map is read after one was."""


class Cluster:
    """Sends each request to the server that has its key's slot, and learns from the servers which one that is.

    The map is read when it is first needed, and again when it led to a wrong server or to one that does not answer.
    """

    def __init__(self, address: Address) -> None:
        self._loop = asyncio.get_running_loop()
        self._options = address.options
        self._nodes: dict[Host, Member] = {}
        self._seeds = [self._node(host) for host in address.hosts]
        self._masters: list[Member] = []
        self._owners: list[Member | None] = [None] * REDIS_CLUSTER_HASH_SLOTS
        self._told_by = self._seeds
        self._waiting: list[Request] = []
        self._reading: asyncio.Task[None] | None = None
        self._not_before = 0.0
        self._closed = False

    def submit(self, request: Request) -> None:
        """Send the request; it is answered, or fails."""
        if not self._masters:
            self._waiting.append(request)
            self._read_map_soon()
        elif (owner := self._owner(request)) is not None:
            owner.submit(request)
        else:
            request.fail(StoreUnavailable("no server has the key's slot"))
            self.doubt()

    def redirect(self, request: Request, error: ResponseError, source: "Member") -> None:
        """Send a request, which was not done, where a server pointed to."""
        kind, slot, place = str(error).split()[:3]
        host, _, port = place.rpartition(":")
        target = self._node((host or source.host[0], int(port)))
        request.redirections += 1
        if request.redirections > MAX_REDIRECTIONS:
            request.fail(StoreUnavailable("the servers of the cluster disagree"))
            return
        if kind == "MOVED":
            self._owners[int(slot)] = target
            self.doubt()
        else:
            target.submit(self._unheard("ASKING"))
        target.submit(request)

    def doubt(self) -> None:
        """Read the map again, unless that has just been done."""
        if self._loop.time() >= self._not_before:
            self._read_map_soon()

    async def close(self) -> None:
        """Wait for what was asked, then disconnect."""
        if self._reading is not None:
            await asyncio.wait([self._reading])
        self._closed = True
        await asyncio.gather(*(node.close() for node in self._nodes.values()))

    def _node(self, host: Host) -> "Member":
        if host not in self._nodes:
            self._nodes[host] = Member(self, host, {**self._options, "host": host[0], "port": host[1]})
        return self._nodes[host]

    def _owner(self, request: Request) -> "Member | None":
        """Who has the request's key; any server that can be reached when it has none."""
        if request.key is None:
            return next((master for master in self._masters if master.connected), self._masters[0])
        return self._owners[key_slot(request.key.encode())]

    def _unheard(self, *words: str) -> Request:
        """A request whose reply nobody waits for."""
        reply = self._loop.create_future()
        reply.cancel()
        return Request(words, None, None, reply)

    def _read_map_soon(self) -> None:
        if self._reading is None and not self._closed:
            self._reading = self._loop.create_task(self._read_map())

    async def _read_map(self) -> None:
        """Ask one server after the other until one tells; in any order, since one that is cut off tells an old map."""
        failure = ""
        for node in random.sample(self._told_by, len(self._told_by)):
            try:
                async with asyncio.timeout(MAP_SECONDS):
                    self._learn(await node.ask("CLUSTER", "SLOTS"), node)
                break
            except (StoreUnavailable, ResponseError, TimeoutError) as error:
                failure = f"no map of the cluster: {str(error) or 'no answer in time'}"
        self._reading, self._not_before = None, self._loop.time() + PAUSE_SECONDS
        waiting, self._waiting = self._waiting, []
        for request in waiting:
            if self._masters:
                self.submit(request)
            else:
                request.fail(StoreUnavailable(failure))

    def _learn(self, ranges: list[list[Any]], teller: "Member") -> None:
        """Believe the map. Replicas are asked for the next one, too."""
        owners: list[Member | None] = [None] * REDIS_CLUSTER_HASH_SLOTS
        masters: dict[Member, None] = {}
        known = dict.fromkeys(self._seeds)
        for first, last, *servers in ranges:
            members = [self._node(((host or b"").decode() or teller.host[0], port)) for host, port, *_ in servers]
            owners[first : last + 1] = [members[0]] * (last + 1 - first)
            masters[members[0]] = None
            known.update(dict.fromkeys(members))
        if not masters:
            raise StoreUnavailable("no slot is assigned")
        self._owners, self._masters, self._told_by = owners, list(masters), list(known)
        for node in self._nodes.values():
            if node not in known:
                node.disconnect("the server left the cluster")


class Member(Node):
    """One server of a cluster."""

    def __init__(self, cluster: Cluster, host: Host, options: dict[str, Any]) -> None:
        super().__init__(lambda: greeted(options))
        self.host = host
        self._cluster = cluster

    def refused(self, request: Request, error: ResponseError) -> None:
        if code_of(error) in ("MOVED", "ASK"):
            self._cluster.redirect(request, error, self)
        else:
            super().refused(request, error)

    def misplaced(self, error: ResponseError) -> None:
        self._cluster.doubt()

    def lost(self) -> None:
        super().lost()
        self._cluster.doubt()
