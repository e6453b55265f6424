"""Running the scripts of many clients at once, each on a connection of its own, by one thread over epoll."""

import select
import socket
from collections.abc import Sequence
from time import perf_counter

from bench.generator.recording import Recording
from bench.generator.scripts import PAUSE, Request, Script

SILENCE_SECONDS = 60.0
"""How long all servers may be silent before the run fails."""
READ_BYTES = 65_536


class Client:
    """A script on its connection."""

    __slots__ = ("buffer", "connection", "request", "script", "sent_at")

    def __init__(self, connection: socket.socket, script: Script) -> None:
        self.connection = connection
        self.script = script
        self.request: Request = PAUSE
        self.sent_at = 0.0
        self.buffer = b""


class Crowd:
    """Clients whose connections are open before the first request is sent."""

    def __init__(self, port: int, scripts: Sequence[Script], recording: Recording) -> None:
        self._recording = recording
        self._poll = select.epoll()
        self._clients: dict[int, Client] = {}
        self._paused: list[Client] = []
        self._under_way = 0
        for script in scripts:
            connection = socket.create_connection(("127.0.0.1", port), timeout=30)
            connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            self._poll.register(connection.fileno(), select.EPOLLIN)
            self._clients[connection.fileno()] = Client(connection, script)

    def run(self, warm_up: float, seconds: float | None) -> None:
        """Run all scripts to their ends, or until `seconds` after the last pause and a warm-up, which is not recorded.

        Raises `RuntimeError` when a connection is lost, the server is silent, or a script does not like an answer.
        """
        self._start(list(self._clients.values()))
        self._serve(None)
        while self._paused:
            resumed, self._paused = self._paused, []
            deadline = self._recording.start(warm_up, seconds)
            self._start(resumed)
            self._serve(deadline)
            self._recording.stop()
            if deadline is not None:
                return

    def _start(self, clients: Sequence[Client]) -> None:
        for client in clients:
            self._under_way += 1
            self._send(client, next(client.script, None))

    def _serve(self, deadline: float | None) -> None:
        """Answer the scripts until all have ended or paused; after the deadline only wait for what is under way."""
        poll, clients, add, ending = self._poll.poll, self._clients, self._recording.add, False
        while self._under_way:
            events = poll(SILENCE_SECONDS)
            if not events:
                raise RuntimeError(f"{self._under_way} requests were not answered within {SILENCE_SECONDS} s")
            for descriptor, _ in events:
                client = clients[descriptor]
                answer = self._read(client)
                if answer is None:
                    continue
                add(client.request.label, answer[0], client.sent_at, perf_counter())
                self._send(client, None if ending else _next(client.script, answer))
            if deadline is not None and not ending and perf_counter() >= deadline:
                self._recording.close()
                ending = True

    def _send(self, client: Client, request: Request | None) -> None:
        if request is None or request is PAUSE:
            self._under_way -= 1
            if request is not None:
                self._paused.append(client)
            return
        client.request = request
        client.sent_at = perf_counter()
        client.connection.send(request.data)

    def _read(self, client: Client) -> tuple[int, bytes] | None:
        """Status and body of the answer, None while it is incomplete."""
        received = client.connection.recv(READ_BYTES)
        if not received:
            raise RuntimeError("the server closed a connection")
        content = client.buffer + received if client.buffer else received
        body = content.find(b"\r\n\r\n") + 4
        length = content.find(b"\r\nContent-Length: ") + 18
        end = body if length < 18 else body + int(content[length : content.find(b"\r", length)])
        if body < 4 or len(content) < end:
            client.buffer = content
            return None
        client.buffer = b""
        return int(content[9:12]), content[body:end]


def _next(script: Script, answer: tuple[int, bytes]) -> Request | None:
    try:
        return script.send(answer)
    except StopIteration:
        return None
