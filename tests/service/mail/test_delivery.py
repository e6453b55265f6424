"""Handing e-mails over, to servers in every mood."""

import asyncio
import stat
from pathlib import Path

import pytest
from aiosmtplib import SMTPException

from service.jobs.failures import PermanentFailure
from service.mail.mailer import Mailer
from service.mail.message import Mail
from service.mail.server import SmtpServer
from service.settings import Settings, SettingsError
from tests.environment import REQUIRED
from tests.service.mail.conftest import CERTIFICATE, MailServer

MAIL = Mail("password-reset.1", "ada@example.com", "password_reset", {"link": None, "token": "abc", "minutes": 60})


def mailer(url: str | None, folder: str = "unused", seconds: str = "5") -> Mailer:
    environment = {**REQUIRED, "SMTP_URL": url or "", "MAIL_FOLDER": folder, "SMTP_SECONDS": seconds}
    return Mailer(Settings.from_environment(environment))


async def test_a_server_gets_it(mail_server: MailServer) -> None:
    await mail_server.start()
    await mailer(f"smtp://localhost:{mail_server.port}").send(MAIL)
    [message] = mail_server.messages
    assert message["Message-ID"] == "<password-reset.1@holdfast.example>"
    body = message.get_body(("plain",))
    assert body
    assert "    abc" in body.get_content()


@pytest.mark.parametrize("mood", ["554", "refuse-sender", "refuse-recipient"])
async def test_what_is_refused_for_good_is_not_tried_again(mail_server: MailServer, mood: str) -> None:
    await mail_server.start()
    mail_server.mood = mood
    with pytest.raises(PermanentFailure):
        await mailer(f"smtp://localhost:{mail_server.port}").send(MAIL)
    assert mail_server.messages == []


@pytest.mark.parametrize("mood", ["451", "drop", "hang", "gone"])
async def test_what_may_go_away_by_itself_may_be_tried_again(mail_server: MailServer, mood: str) -> None:
    await mail_server.start()
    mail_server.mood = mood
    if mood == "gone":
        await mail_server.stop()
    with pytest.raises((SMTPException, TimeoutError)) as failure:
        await mailer(f"smtp://localhost:{mail_server.port}", seconds="0.2").send(MAIL)
    assert not isinstance(failure.value, PermanentFailure)


async def test_a_server_that_never_says_a_word_does_not_hold_us() -> None:
    async def silent(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.read()
        writer.close()

    server = await asyncio.start_server(silent, "127.0.0.1", 0)
    port = server.sockets[0].getsockname()[1]
    with pytest.raises(TimeoutError):
        await mailer(f"smtp://localhost:{port}", seconds="0.2").send(MAIL)
    server.close()


@pytest.mark.parametrize(("tls", "scheme"), [("smtps", "smtps"), ("starttls", "smtp+starttls"), ("starttls", "smtp")])
async def test_passwords_travel_encrypted(
    mail_server: MailServer, monkeypatch: pytest.MonkeyPatch, tls: str, scheme: str
) -> None:
    monkeypatch.setenv("SSL_CERT_FILE", str(CERTIFICATE))
    await mail_server.start(tls=tls, login=True)
    await mailer(f"{scheme}://holdfast:p%40ss%20word@localhost:{mail_server.port}").send(MAIL)
    assert [encrypted for _, encrypted in mail_server.logins] == [True]
    assert len(mail_server.messages) == 1


async def test_a_wrong_password_may_be_put_right(mail_server: MailServer, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SSL_CERT_FILE", str(CERTIFICATE))
    await mail_server.start(tls="smtps", login=True)
    with pytest.raises((SMTPException, TimeoutError)) as failure:
        await mailer(f"smtps://holdfast:wrong@localhost:{mail_server.port}").send(MAIL)
    assert "535" in str(failure.value)


@pytest.mark.parametrize("url", ["smtps://localhost:{}", "smtp+starttls://localhost:{}"])
async def test_an_unknown_certificate_gets_nothing(mail_server: MailServer, url: str) -> None:
    await mail_server.start(tls="smtps" if url.startswith("smtps") else "starttls")
    with pytest.raises(Exception, match=r"(?i)certificate"):
        await mailer(url.format(mail_server.port)).send(MAIL)
    assert mail_server.messages == []


async def test_starttls_is_insisted_on_where_it_is_asked_for(mail_server: MailServer) -> None:
    await mail_server.start()
    with pytest.raises(Exception, match="STARTTLS"):
        await mailer(f"smtp+starttls://localhost:{mail_server.port}").send(MAIL)


def test_a_password_for_another_machine_demands_encryption() -> None:
    assert SmtpServer.parse("smtp://ada:secret@mail.example").starttls is True
    assert SmtpServer.parse("smtp://mail.example").starttls is None
    assert "secret" not in repr(SmtpServer.parse("smtp://ada:secret@mail.example"))


@pytest.mark.parametrize(
    "url", ["mail.example", "http://mail.example", "smtp://", "smtp://ada@mail.example", "smtp://mail.example/x"]
)
def test_faulty_urls_are_told_at_the_start(url: str) -> None:
    with pytest.raises(SettingsError, match="SMTP_URL"):
        mailer(url)


async def test_without_a_server_it_is_a_file_for_our_eyes_only(tmp_path: Path) -> None:
    folder = tmp_path / "new" / "mail"
    await mailer(None, str(folder)).send(MAIL)
    await mailer(None, str(folder)).send(MAIL)
    [file] = folder.iterdir()
    assert file.name == "password-reset.1.eml"
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert b"Message-ID: <password-reset.1@holdfast.example>" in file.read_bytes()
