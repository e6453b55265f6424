"""Settings, read once from a mapping of names to strings: in production, the environment."""

from collections.abc import Mapping
from ipaddress import IPv4Network, IPv6Network
from typing import Annotated, Literal, Self

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, ValidationError, model_validator

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
    sale_seconds: float = Field(5, gt=0)
    """`T`: how long after its claim a sale's transaction may still commit."""
    lease_seconds: float = Field(10, gt=0)
    """`L`: how long Redis may decide on what was read from Postgres."""
    claim_seconds: float = Field(25, gt=0)
    """`C`: how long a claimed booking stays frozen when its confirmation never ends."""
    max_open_bookings: int = Field(50, ge=1)

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

    audit_seconds: float = Field(60, ge=0)
    """How often Redis is compared with Postgres; 0 for never."""
    holdfast_admin_email: str | None = None
    holdfast_admin_password: str | None = None
    access_log: bool = False
    log_format: Literal["console", "json"] = "console"

    @model_validator(mode="after")
    def _durations_keep_the_protocol_safe(self) -> Self:
        """`holds/README.md` derives both bounds."""
        if self.claim_seconds < 2 * self.sale_seconds + self.lease_seconds:
            raise ValueError("CLAIM_SECONDS must be at least 2 * SALE_SECONDS + LEASE_SECONDS")
        if self.hold_memory_seconds < self.hold_seconds + self.claim_seconds:
            raise ValueError("HOLD_MEMORY_SECONDS must be at least HOLD_SECONDS + CLAIM_SECONDS")
        return self

    @classmethod
    def from_environment(cls, environment: Mapping[str, str]) -> Self:
        """Read the settings; empty variables count as absent. Raises `SettingsError` with every fault."""
        given = {name: environment.get(name.upper(), "") for name in cls.model_fields}
        try:
            return cls.model_validate({name: value for name, value in given.items() if value})
        except ValidationError as invalid:
            faults = [f"{'.'.join(map(str, e['loc'])).upper()} {e['msg']}".strip() for e in invalid.errors()]
            raise SettingsError("\n".join(faults)) from None
