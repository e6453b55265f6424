"""Bearer tokens: JWTs (HS256), verified once and remembered, and ended before their time by `Revocations`."""

import re
import time
from collections import OrderedDict
from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID, uuid4

import jwt

from service.accounts.revocations import Revocations
from service.ids import Entity

ALGORITHM = "HS256"
ISSUER = "holdfast"
AUDIENCE = "holdfast-api"
REMEMBERED_TOKENS = 50_000
CLOCK_SKEW_SECONDS = 10
"""How far the clocks of the machines that issue and verify may differ; a token's end is exact nevertheless."""
_UUID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", re.ASCII)
_REQUIRED = ["sub", "iat", "exp", "iss", "aud", "jti", "role", "gen"]


class TokenInvalid(Exception):
    """The token was not issued by this service, or has been ended."""


class TokenExpired(Exception):
    """The token's time is over."""


@dataclass(frozen=True, slots=True)
class Principal:
    """Whom a token stands for. `generation` is the user's token generation when it was issued."""

    user_id: int
    role: str
    token_id: UUID
    generation: int
    expires_at: float


class Tokens:
    """Issues and verifies tokens. The first secret signs; those of all secrets are accepted.

    Verified tokens are remembered, the last `REMEMBERED_TOKENS` of them: decoding one costs more than all else that
    a request does before its handler.
    """

    def __init__(self, secrets: Sequence[str], lifetime_seconds: float, revocations: Revocations) -> None:
        self._secrets = secrets
        self._lifetime = lifetime_seconds
        self.revocations = revocations
        self._verified: OrderedDict[str, Principal] = OrderedDict()

    def issue(self, user_id: int, role: str, generation: int) -> str:
        """A new token for a user."""
        now = time.time()
        claims = {
            "sub": Entity.USER.public(user_id),
            "iat": int(now),
            "exp": int(now + self._lifetime),
            "iss": ISSUER,
            "aud": AUDIENCE,
            "jti": str(uuid4()),
            "role": role,
            "gen": generation,
        }
        return jwt.encode(claims, self._secrets[0], ALGORITHM)

    def verify(self, token: str) -> Principal:
        """Whom `token` stands for. Raises `TokenExpired` or `TokenInvalid`."""
        principal = self._verified.get(token)
        if principal is None:
            principal = self._decode(token)
            self._verified[token] = principal
            if len(self._verified) > REMEMBERED_TOKENS:
                self._verified.popitem(last=False)
        if principal.expires_at <= time.time():
            raise TokenExpired
        if self.revocations.ended(principal.user_id, principal.token_id, principal.generation):
            raise TokenInvalid
        return principal

    def _decode(self, token: str) -> Principal:
        for secret in self._secrets:
            try:
                claims = jwt.decode(
                    token,
                    secret,
                    algorithms=[ALGORITHM],
                    audience=AUDIENCE,
                    issuer=ISSUER,
                    leeway=CLOCK_SKEW_SECONDS,
                    options={"require": _REQUIRED},
                )
            except jwt.InvalidSignatureError:
                continue
            except jwt.ExpiredSignatureError:
                raise TokenExpired from None
            except (jwt.InvalidTokenError, ValueError):
                raise TokenInvalid from None
            return _principal(claims)
        raise TokenInvalid


def _principal(claims: dict[str, object]) -> Principal:
    match claims:
        case {"sub": str(subject), "role": str(role), "jti": str(token_id), "gen": int(generation), "exp": int(expiry)}:
            user_id = Entity.USER.number(subject)
            if user_id is not None and _UUID.fullmatch(token_id):
                return Principal(user_id, role, UUID(token_id), generation, expiry)
    raise TokenInvalid
