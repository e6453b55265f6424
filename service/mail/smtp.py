"""Handing e-mails to an SMTP server."""

import asyncio
from email.message import EmailMessage

import aiosmtplib
from aiosmtplib import SMTPDataError, SMTPNotSupported, SMTPRecipientsRefused, SMTPSenderRefused

from service.jobs.failures import PermanentFailure
from service.mail.server import SmtpServer


class SmtpDelivery:
    """Hands each e-mail over on a connection of its own, within `seconds`."""

    def __init__(self, server: SmtpServer, seconds: float) -> None:
        self._server = server
        self._seconds = seconds

    async def deliver(self, message: EmailMessage) -> None:
        """Return when the server has taken responsibility for the message.

        Raises `PermanentFailure` when it never will; anything else may be tried again: a refusal for now, a server that
        is away, hangs or hangs up, and one that refuses our password.
        """
        server = self._server
        try:
            async with asyncio.timeout(self._seconds):
                await aiosmtplib.send(
                    message,
                    hostname=server.host,
                    port=server.port,
                    username=server.username,
                    password=server.password,
                    use_tls=server.tls,
                    start_tls=server.starttls,
                    validate_certs=server.tls or server.starttls is True,
                    timeout=self._seconds,
                )
        except (SMTPSenderRefused, SMTPDataError) as refusal:
            raise _final(refusal.code, refusal) from refusal
        except SMTPRecipientsRefused as refusal:
            raise _final(min(one.code for one in refusal.recipients), refusal) from refusal
        except SMTPNotSupported as refusal:  # an address that is not ASCII, and a server that wants no other
            raise PermanentFailure(str(refusal)) from refusal


def _final(code: int, refusal: Exception) -> Exception:
    return PermanentFailure(str(refusal)) if code >= 500 else refusal
