"""Which SMTP server e-mails are handed to."""

from dataclasses import dataclass, field
from urllib.parse import unquote, urlsplit

_PORTS = {"smtp": 25, "smtp+starttls": 587, "smtps": 465}
_LOOPBACK = ("localhost", "127.0.0.1", "::1")


@dataclass(frozen=True, slots=True)
class SmtpServer:
    """Where e-mails are handed over, and how.

    `starttls` None encrypts if the server can, without asking who it is: that is no worse than not encrypting.
    """

    host: str
    port: int
    tls: bool
    starttls: bool | None
    username: str | None = None
    password: str | None = field(default=None, repr=False)

    @classmethod
    def parse(cls, url: str) -> "SmtpServer":
        """The server that `smtp://[user:password@]host[:port]` names, or the same as `smtps` or `smtp+starttls`.

        A password is sent over TLS alone, unless the server is this machine. Raises `ValueError` for a faulty URL.
        """
        parts = urlsplit(url)
        if parts.scheme not in _PORTS:
            raise ValueError("the scheme must be smtp, smtps or smtp+starttls")
        if not parts.hostname or parts.path.strip("/") or parts.query or parts.fragment:
            raise ValueError("there must be a host, and nothing behind the port")
        if bool(parts.username) != bool(parts.password):
            raise ValueError("user and password go together")
        must = parts.scheme == "smtp+starttls" or bool(parts.username and parts.hostname not in _LOOPBACK)
        return cls(
            host=parts.hostname,
            port=parts.port or _PORTS[parts.scheme],
            tls=parts.scheme == "smtps",
            starttls=False if parts.scheme == "smtps" else True if must else None,
            username=unquote(parts.username) if parts.username else None,
            password=unquote(parts.password) if parts.password else None,
        )
