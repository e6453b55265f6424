"""Settings, read once from a mapping of names to strings: in production, the environment."""

from collections.abc import Mapping
from email.utils import parseaddr
from ipaddress import IPv4Network, IPv6Network
from pathlib import Path
from typing import Annotated, Literal, Self

from email_validator import validate_email
from pydantic import (
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    ValidationError,
    field_validator,
    model_validator,
)
from pydantic_core import ErrorDetails

from service.mail.server import SmtpServer

Network = IPv4Network | IPv6Network


def _split(value: object) -> object:
    if not isinstance(value, str):
        return value
    return tuple(part.strip() for part in value.split(",") if part.strip())


Secret = Annotated[str, Field(min_length=32)]


class SettingsError(ValueError):
    """The environment does not make valid settings; the message names each faulty variable."""


class Settings(BaseModel):
    """What can be set, under the environment's names in lower case. Durations are in seconds."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    database_url: str
    redis_url: str
    """One server, a set that sentinels watch, or a cluster: the forms are those of `holds.addresses.parse`."""
    jwt_secrets: Annotated[tuple[Secret, ...], BeforeValidator(_split), Field(min_length=1)]
    """The first one signs; a token signed with any of them is accepted, so that secrets can be rotated."""

    token_seconds: float = Field(86_400, gt=0)
    hold_seconds: float = Field(60, gt=0)
    hold_memory_seconds: float = Field(900, gt=0)
    """How long its owner is told that a booking expired, rather than that it never was."""
    sale_seconds: float = Field(5, ge=1)
    """`T`: how long after its claim a sale's transaction may still commit. With half a second left it is not begun."""
    lease_seconds: float = Field(10, gt=0)
    """`L`: how long Redis may decide on what was read from Postgres."""
    claim_seconds: float = Field(25, gt=0)
    """`C`: how long a claimed booking stays frozen when its confirmation never ends."""
    max_open_bookings: int = Field(50, ge=1)

    ticket_hold_seconds: float = Field(600, gt=0)
    max_tickets_per_reservation: int = Field(50, ge=1)
    max_held_tickets: int = Field(200, ge=1)

    live_streams: int = Field(10_000, ge=1)
    """How many streams of `…/live` a worker has open at once, at most; never more than half of its connections."""

    import_max_bytes: int = Field(1_073_741_824, ge=1)
    """How large a file may be that is imported over HTTP, unpacked."""

    poster_folder: Path | None = None
    """Where uploaded posters are kept, shared by all workers; without it they are kept in Postgres."""

    signups_per_hour: int = Field(1_000, ge=1)
    trusted_proxies: Annotated[tuple[Network, ...], BeforeValidator(_split)] = ()
    cors_origins: Annotated[tuple[str, ...], BeforeValidator(_split)] = ()
    home_timezone: str = "Europe/Paris"
    """The time zone in which a movie is airing "now"."""

    argon2_time_cost: int = Field(3, ge=1)
    argon2_memory_kib: int = Field(65_536, ge=8)
    argon2_parallelism: int = Field(4, ge=1)
    password_threads: int = Field(2, ge=1)
    """How many passwords are hashed at once: each takes `argon2_memory_kib` of memory."""

    run_jobs: bool = True
    """Whether `serve` runs a process for jobs beside those that answer requests."""
    job_poll_seconds: float = Field(1, gt=0)
    """How often a worker looks for jobs while there are none."""
    job_lease_seconds: float = Field(30, gt=0)
    """How long after the last sign of life of its worker another one takes a job over."""
    job_retry_seconds: float = Field(5, gt=0)
    """The pause after a job's first failed attempt; it doubles with each, up to an hour."""
    job_attempts: int = Field(30, ge=1)
    """How many attempts may fail, over about a day, before a job is kept as failed."""
    job_log_days: float = Field(30, gt=0)
    """How long the attempts of jobs that are done are remembered."""
    tracking_days: float = Field(395, gt=0)
    """How long page visits are kept: thirteen months."""
    lapses_days: float = Field(395, gt=0)
    """How long customers' lists show bookings that expired."""

    smtp_url: str | None = None
    """`smtp://`, `smtps://` or `smtp+starttls://`; without it e-mails are files in `mail_folder`."""
    smtp_seconds: float = Field(20, gt=0)
    """How long handing one e-mail over may take."""
    mail_from: str = "Holdfast <tickets@holdfast.example>"
    mail_folder: Path = Path("data/mail")
    password_reset_url: str | None = None
    """The page that takes a new password, to which `?token=…` is added; without it e-mails have the token alone."""
    password_reset_seconds: float = Field(3_600, gt=0)

    audit_seconds: float = Field(60, ge=0)
    """How often Redis is compared with Postgres; 0 for never."""
    holdfast_admin_email: str | None = None
    holdfast_admin_password: str | None = None
    access_log: bool = False
    log_format: Literal["console", "json"] = "console"

    @field_validator("smtp_url")
    @classmethod
    def _names_a_mail_server(cls, url: str | None) -> str | None:
        if url is not None:
            SmtpServer.parse(url)
        return url

    @field_validator("mail_from")
    @classmethod
    def _is_an_address(cls, sender: str) -> str:
        validate_email(parseaddr(sender)[1], check_deliverability=False, test_environment=True)
        return sender

    @model_validator(mode="after")
    def _durations_keep_the_protocol_safe(self) -> Self:
        """`holds/README.md` derives both bounds."""
        claim, memory = self.claim_seconds, self.hold_memory_seconds
        bounds = [
            ("CLAIM_SECONDS", claim, "2 * SALE_SECONDS + LEASE_SECONDS", 2 * self.sale_seconds + self.lease_seconds),
            ("HOLD_MEMORY_SECONDS", memory, "HOLD_SECONDS + CLAIM_SECONDS", self.hold_seconds + claim),
            ("HOLD_MEMORY_SECONDS", memory, "TICKET_HOLD_SECONDS + CLAIM_SECONDS", self.ticket_hold_seconds + claim),
        ]
        if faults := [f"{name} must be at least {terms}" for name, value, terms, least in bounds if value < least]:
            raise ValueError("\n".join(faults))
        return self

    @classmethod
    def from_environment(cls, environment: Mapping[str, str]) -> Self:
        """Read the settings; empty variables count as absent. Raises `SettingsError` with every fault."""
        given = {name: environment.get(name.upper(), "") for name in cls.model_fields}
        try:
            return cls.model_validate({name: value for name, value in given.items() if value})
        except ValidationError as invalid:
            raise SettingsError("\n".join(map(_in_words, invalid.errors()))) from None


def _in_words(fault: ErrorDetails) -> str:
    """`VARIABLE what is wrong`; a rule about several names them itself."""
    variable = ".".join(map(str, fault["loc"])).upper()
    return f"{variable} {fault['msg'].removeprefix('Value error, ')}".strip()
