"""E-mails as features write them, and as they are sent."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import localtime, parseaddr
from pathlib import Path
from typing import Any

from email_validator import validate_email
from jinja2 import Environment, FileSystemLoader, StrictUndefined, select_autoescape


def _in_one_line(value: object) -> object:
    """Titles and names are other people's: a line break in one must become neither a header nor a line of ours.

    What Unicode counts as a line break is refused in headers, too.
    """
    return " ".join(value.splitlines()) if type(value) is str else value


_TEMPLATES = Environment(
    loader=FileSystemLoader(Path(__file__).parent / "templates"),
    autoescape=select_autoescape(["html"]),
    undefined=StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
    finalize=_in_one_line,
)
_KEY = re.compile(r"[a-z0-9._-]{1,200}", re.ASCII)
_SUBJECT = "Subject: "


@dataclass(frozen=True, slots=True)
class Mail:
    """An e-mail to one person.

    `key` says what it is about, such as `booking-confirmed.bkg_1`. It makes the Message-ID, so that whoever receives
    the same twice can see that. `template` names two files in `templates`: `NAME.txt`, whose first line is
    `Subject: …`, and `NAME.html`; both are filled in with `values`.
    """

    key: str
    to: str
    template: str
    values: Mapping[str, Any] = field(default_factory=dict)

    def __post_init__(self) -> None:
        if not _KEY.fullmatch(self.key):
            raise ValueError(f"{self.key!r} cannot be part of a Message-ID")


def composed(mail: Mail, sender: str) -> EmailMessage:
    """The e-mail as it is sent by `sender`, in plain text and in HTML."""
    heading, _, text = _TEMPLATES.get_template(f"{mail.template}.txt").render(mail.values).partition("\n")
    subject = heading.removeprefix(_SUBJECT)
    message = EmailMessage(policy=SMTP)
    message["From"] = sender
    message["To"] = Address(addr_spec=deliverable(mail.to))
    message["Subject"] = subject
    message["Date"] = localtime()
    message["Message-ID"] = f"<{mail.key}@{domain_of(sender)}>"
    message["Auto-Submitted"] = "auto-generated"  # RFC 3834: out-of-office replies are of no use to anybody
    message.set_content(text.strip() + "\n")
    html = _TEMPLATES.get_template(f"{mail.template}.html").render(mail.values, subject=subject)
    message.add_alternative(html, subtype="html")
    return message


def domain_of(address: str) -> str:
    """The domain of an address that may have a name in front."""
    return parseaddr(address)[1].rpartition("@")[2]


def deliverable(address: str) -> str:
    """The address with its domain as the DNS has it, if the rest is ASCII, so that any server takes it."""
    valid = validate_email(address, check_deliverability=False, test_environment=True)
    return valid.ascii_email or valid.normalized
