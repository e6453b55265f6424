"""A mail server whose moods tests choose."""

import asyncio
import ssl
from collections.abc import AsyncIterator
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from functools import partial
from pathlib import Path

import pytest
from aiosmtpd.smtp import SMTP, AuthResult, Envelope, LoginPassword, Session

CERTIFICATE = Path(__file__).parent / "localhost.pem"
"""Self-signed, with its key, for `localhost`; good for a hundred years."""


class MailServer:
    """Takes e-mails, in the `mood` that it is in: it may refuse, hang or drop the connection.

    Moods: None, `450` or `550` and the like (refused at the end of the message), `refuse-sender`, `refuse-recipient`,
    `hang`, `drop`, `drop-after` (the message is taken, and its sender never knows).
    """

    def __init__(self) -> None:
        self.port = 0
        self.mood: str | None = None
        self.messages: list[EmailMessage] = []
        self.logins: list[tuple[str, bool]] = []
        self._server: asyncio.Server | None = None

    async def start(self, *, tls: str | None = None, login: bool = False) -> None:
        """Listen on the port that it had before, if any. `tls`: `smtps` or `starttls`."""
        context = None
        if tls is not None:
            context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
            context.load_cert_chain(CERTIFICATE)
        protocol = partial(
            SMTP,
            self,
            hostname="localhost",
            enable_SMTPUTF8=True,
            tls_context=context if tls == "starttls" else None,
            authenticator=self._authenticate if login else None,
            auth_exclude_mechanism=["LOGIN"],
            auth_require_tls=tls is not None and tls != "smtps",
            loop=asyncio.get_running_loop(),
        )
        self._server = await asyncio.get_running_loop().create_server(
            protocol, "127.0.0.1", self.port, ssl=context if tls == "smtps" else None
        )
        self.port = self._server.sockets[0].getsockname()[1]

    async def stop(self) -> None:
        """Refuse connections from now on."""
        if self._server:
            self._server.close()
            self._server = None

    def _authenticate(
        self, server: SMTP, session: Session, envelope: Envelope, mechanism: str, data: LoginPassword
    ) -> AuthResult:
        good = (data.login, data.password) == (b"holdfast", b"p@ss word")
        assert server.transport
        self.logins.append((mechanism, server.transport.get_extra_info("sslcontext") is not None))
        return AuthResult(success=good, handled=False)

    async def handle_MAIL(  # noqa: N802  # aiosmtpd's name
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        if self.mood == "refuse-sender":
            return "553 5.1.8 not from you"
        envelope.mail_from = address
        return "250 OK"

    async def handle_RCPT(  # noqa: N802
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        if self.mood == "refuse-recipient":
            return "550 5.1.1 no such mailbox"
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: N802
        if self.mood == "hang":
            await asyncio.sleep(3_600)
        if self.mood in ("drop", "drop-after"):
            assert isinstance(server.transport, asyncio.Transport)
            server.transport.abort()
        if self.mood not in (None, "drop-after"):
            return f"{self.mood} refused"
        assert isinstance(envelope.content, bytes)
        message = message_from_bytes(envelope.content, policy=default)
        assert isinstance(message, EmailMessage)
        self.messages.append(message)
        return "250 OK"


@pytest.fixture
async def mail_server() -> AsyncIterator[MailServer]:
    server = MailServer()
    yield server
    await server.stop()
