"""Sending e-mails, for jobs: a request never waits for a mail server."""

from email.message import EmailMessage
from typing import Protocol

from service.mail.files import FileDelivery
from service.mail.message import Mail, composed
from service.mail.server import SmtpServer
from service.mail.smtp import SmtpDelivery
from service.settings import Settings


class Delivery(Protocol):
    """Where e-mails go. It raises `PermanentFailure` for what will never be taken."""

    async def deliver(self, message: EmailMessage) -> None: ...


class Mailer:
    """Composes e-mails and delivers them: by `SMTP_URL`, or else into `MAIL_FOLDER`."""

    def __init__(self, settings: Settings) -> None:
        self._sender = settings.mail_from
        self._delivery: Delivery = FileDelivery(settings.mail_folder)
        if settings.smtp_url is not None:
            self._delivery = SmtpDelivery(SmtpServer.parse(settings.smtp_url), settings.smtp_seconds)

    async def send(self, mail: Mail) -> None:
        """Return when the e-mail is delivered. Raises `PermanentFailure`, or what may go away by itself."""
        await self._delivery.deliver(composed(mail, self._sender))
