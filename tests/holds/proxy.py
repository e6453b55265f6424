"""A proxy before a server that loses replies on demand."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path


class Proxy:
    """Listens at `socket`. While `loses_replies` is set, a connection is closed in place of the server's reply."""

    def __init__(self, socket: Path, server_socket: Path) -> None:
        self.socket = socket
        self.loses_replies = False
        self._server_socket = server_socket

    @asynccontextmanager
    async def listening(self) -> AsyncIterator["Proxy"]:
        server = await asyncio.start_unix_server(self._serve, self.socket)
        yield self
        server.close()
        await server.wait_closed()

    async def _serve(self, client: asyncio.StreamReader, to_client: asyncio.StreamWriter) -> None:
        replies, to_server = await asyncio.open_unix_connection(self._server_socket)
        requests = asyncio.create_task(self._pass_on(client, to_server))
        while reply := await replies.read(65_536):
            if self.loses_replies:
                break
            to_client.write(reply)
        requests.cancel()
        for writer in (to_client, to_server):
            writer.close()

    async def _pass_on(self, client: asyncio.StreamReader, to_server: asyncio.StreamWriter) -> None:
        while request := await client.read(65_536):
            to_server.write(request)
        to_server.write_eof()
