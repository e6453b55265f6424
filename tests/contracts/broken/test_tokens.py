"""Tokens that are missing, malformed, forged, expired or ended."""

import base64
import time
from typing import Any
from uuid import uuid4

import jwt
import orjson
import pytest

from service.accounts.tokens import AUDIENCE, ISSUER
from service.http.endpoint import Access, Endpoint
from service.http.serving import OWNER_ID
from service.ids import Entity
from tests.contracts.broken.asking import ENDPOINTS, Service, ask, good_path, name_of
from tests.service.factories import Factory

PROTECTED = [endpoint for endpoint in ENDPOINTS if endpoint.access is not Access.PUBLIC]
REQUIRED = [endpoint for endpoint in PROTECTED if endpoint.access is not Access.OPTIONAL]
OWNED = [endpoint for endpoint in ENDPOINTS if endpoint.access is Access.OWNER]
STAFF_ONLY = [endpoint for endpoint in ENDPOINTS if endpoint.access in (Access.STAFF, Access.ADMIN)]

FOREIGN = "another service's secret, of 32 characters or more"
NO_TOKEN = ["", "Basic dXNlcjpwYXNz", "Digest x", "Token abc", "bearer", "BearerX abc", "\xff"]
MALFORMED = [
    *("Bearer  ", "Bearer x", "Bearer a.b.c", "Bearer ..", "Bearer a.b", "Bearer " + "x" * 4_000, "Bearer \xff\xfe"),
    *("Bearer null", "Bearer e30.e30.e30", "bearer x y", "Bearer eyJhbGciOiJIUzI1NiJ9..", "Bearer " + "." * 100),
]


@pytest.mark.parametrize("endpoint", REQUIRED, ids=name_of)
async def test_no_header(service: Service, endpoint: Endpoint) -> None:
    await refused(service, endpoint, None, "missing_token")


@pytest.mark.parametrize("endpoint", PROTECTED, ids=name_of)
@pytest.mark.parametrize("header", NO_TOKEN)
async def test_no_token(service: Service, endpoint: Endpoint, header: str) -> None:
    await refused(service, endpoint, header, "missing_token", "invalid_token")


@pytest.mark.parametrize("endpoint", PROTECTED, ids=name_of)
@pytest.mark.parametrize("header", MALFORMED)
async def test_malformed_token(service: Service, endpoint: Endpoint, header: str) -> None:
    await refused(service, endpoint, header, "invalid_token")


@pytest.mark.parametrize("endpoint", PROTECTED, ids=name_of)
async def test_forged_tokens(service: Service, endpoint: Endpoint) -> None:
    secret, good = service.resources.settings.jwt_secrets[0], claims(service)
    tokens = {
        "none": unsigned("none", good),
        "None": unsigned("None", good),
        "HS256 without a signature": unsigned("HS256", good),
        "foreign secret": jwt.encode(good, FOREIGN, "HS256"),
        "another algorithm": jwt.encode(good, secret * 2, "HS512"),
        "the right secret, another algorithm": jwt.encode(good, secret * 2, "HS384"),
        "issuer": jwt.encode(good | {"iss": "another"}, secret, "HS256"),
        "audience": jwt.encode(good | {"aud": "another"}, secret, "HS256"),
        "changed": tampered(jwt.encode(good, secret, "HS256"), good | {"role": "admin", "sub": "usr_2"}),
        "of no user": jwt.encode(good | {"sub": "mov_1"}, secret, "HS256"),
        "of a number": jwt.encode(good | {"sub": "1"}, secret, "HS256"),
        "of the future": jwt.encode(good | {"iat": time.time() + 600}, secret, "HS256"),
        "of a strange id": jwt.encode(good | {"jti": "x"}, secret, "HS256"),
        "of a strange generation": jwt.encode(good | {"gen": "0"}, secret, "HS256"),
        "not valid yet": jwt.encode(good | {"nbf": time.time() + 600}, secret, "HS256"),
    }
    for name in good:
        left = {claim: value for claim, value in good.items() if claim != name}
        tokens[f"without {name}"] = jwt.encode(left, secret, "HS256")
    for fault, token in tokens.items():
        await refused(service, endpoint, f"Bearer {token}", "invalid_token", hint=fault)


@pytest.mark.parametrize("endpoint", PROTECTED, ids=name_of)
async def test_expired_token(service: Service, endpoint: Endpoint) -> None:
    now = time.time()
    expired = claims(service) | {"iat": now - 90_000, "exp": now - 3_600}
    for secret in service.resources.settings.jwt_secrets:
        await refused(service, endpoint, f"Bearer {jwt.encode(expired, secret, 'HS256')}", "expired_token")
    await refused(service, endpoint, f"Bearer {jwt.encode(expired, FOREIGN, 'HS256')}", "invalid_token")


@pytest.mark.parametrize("endpoint", PROTECTED, ids=name_of)
async def test_ended_token(service: Service, endpoint: Endpoint) -> None:
    account = await Factory(service.resources).user("admin")
    answer = await service.client.post("/v1/auth/signout", headers=account.headers)
    assert answer.status == 204
    await refused(service, endpoint, f"Bearer {account.token}", "invalid_token")


@pytest.mark.parametrize("endpoint", PROTECTED, ids=name_of)
async def test_a_bad_token_is_told_before_other_faults(service: Service, endpoint: Endpoint) -> None:
    body = b"{" if endpoint.body else None
    refusal = await ask(service, endpoint, headers={"Authorization": "Bearer x"}, body=body, query="surprise=1")
    assert refusal.codes == ["invalid_token"]


@pytest.mark.parametrize("endpoint", STAFF_ONLY, ids=name_of)
@pytest.mark.parametrize("claimed", ["customer", "admin"])
async def test_customers_are_no_staff_whatever_the_token_says(
    service: Service, endpoint: Endpoint, claimed: str
) -> None:
    """The role is the one in the database: a token may be older than a demotion."""
    account = await Factory(service.resources).user()
    token = service.resources.tokens.issue(account.user_id, claimed, 0)
    refusal = await ask(service, endpoint, headers={"Authorization": f"Bearer {token}"})
    assert (refusal.status, refusal.codes) == (403, ["forbidden"])


@pytest.mark.parametrize("endpoint", OWNED, ids=name_of)
@pytest.mark.parametrize("owner", ["usr_1", "usr_0", "somebody", "the admin"])
async def test_what_is_another_users_is_refused_before_other_faults(
    service: Service, endpoint: Endpoint, owner: str
) -> None:
    """Whether there is such a user or not: nobody learns which."""
    account = await Factory(service.resources).user()
    path = good_path(endpoint, **{OWNER_ID: service.admin.public_id if owner == "the admin" else owner})
    refusal = await ask(service, endpoint, path=path, query="surprise=1", headers=account.headers)
    assert (refusal.status, refusal.codes) == (403, ["forbidden"])


async def refused(service: Service, endpoint: Endpoint, header: str | None, *codes: str, hint: str = "") -> None:
    """Ask with this `Authorization` header, or with none."""
    without = ("Authorization",) if header is None else ()
    refusal = await ask(service, endpoint, headers={"Authorization": header or ""}, without=without)
    assert refusal.status == 401, hint
    assert len(refusal.codes) == 1
    assert refusal.codes[0] in codes, hint
    assert refusal.headers["WWW-Authenticate"] == "Bearer"


def claims(service: Service) -> dict[str, Any]:
    """Those of a good token of the admin."""
    now = int(time.time())
    return {
        "sub": Entity.USER.public(service.admin.user_id),
        "iat": now,
        "exp": now + 600,
        "iss": ISSUER,
        "aud": AUDIENCE,
        "jti": str(uuid4()),
        "role": "admin",
        "gen": 0,
    }


def unsigned(algorithm: str, body: dict[str, Any]) -> str:
    return f"{segment({'alg': algorithm, 'typ': 'JWT'})}.{segment(body)}."


def tampered(token: str, body: dict[str, Any]) -> str:
    """The token with its head and signature around another body."""
    head, _, signature = token.split(".")
    return f"{head}.{segment(body)}.{signature}"


def segment(value: dict[str, Any]) -> str:
    return base64.urlsafe_b64encode(orjson.dumps(value)).decode().rstrip("=")
