"""Tokens that are good, and all those that are not."""

import base64
import json
import time
from typing import Any
from uuid import uuid4

import jwt
import pytest

from service.accounts.revocations import Revocations
from service.accounts.tokens import TokenExpired, TokenInvalid, Tokens
from service.postgres import Postgres

OLD, NEW = "an old secret of thirty-two letters", "a new secret of thirty-two letters"
CLAIMS: dict[str, Any] = {"sub": "usr_5", "iss": "holdfast", "aud": "holdfast-api", "role": "customer", "gen": 0}


@pytest.fixture
def tokens(postgres: Postgres) -> Tokens:
    return Tokens([NEW, OLD], 60, Revocations(postgres, 60))


def signed(secret: str = NEW, algorithm: str = "HS256", **changes: Any) -> str:
    now = int(time.time())
    claims = CLAIMS | {"iat": now, "exp": now + 60, "jti": str(uuid4())} | changes
    return jwt.encode({name: value for name, value in claims.items() if value is not ...}, secret, algorithm)


def test_what_is_issued_is_verified(tokens: Tokens) -> None:
    token = tokens.issue(5, "manager", 3)
    principal = tokens.verify(token)
    assert (principal.user_id, principal.role, principal.generation) == (5, "manager", 3)
    assert tokens.verify(token) == principal
    assert tokens.verify(tokens.issue(5, "manager", 3)).token_id != principal.token_id


def test_secrets_rotate(tokens: Tokens, postgres: Postgres) -> None:
    before = Tokens([OLD], 60, Revocations(postgres, 60))
    assert tokens.verify(before.issue(5, "customer", 0)).user_id == 5
    with pytest.raises(TokenInvalid):
        before.verify(tokens.issue(5, "customer", 0))


def test_a_token_ends_when_it_says(tokens: Tokens, postgres: Postgres) -> None:
    brief = Tokens([NEW], 1, Revocations(postgres, 60))
    token = brief.issue(5, "customer", 0)
    time.sleep(1.1)
    for verifier in (brief, tokens):
        with pytest.raises(TokenExpired):
            verifier.verify(token)


def test_a_remembered_token_ends_too(postgres: Postgres) -> None:
    brief = Tokens([NEW], 2, Revocations(postgres, 60))
    token = brief.issue(5, "customer", 0)
    brief.verify(token)
    time.sleep(2.1)
    with pytest.raises(TokenExpired):
        brief.verify(token)


def test_clocks_may_differ_a_little(tokens: Tokens) -> None:
    assert tokens.verify(signed(iat=int(time.time()) + 5)).user_id == 5
    with pytest.raises(TokenInvalid):
        tokens.verify(signed(iat=int(time.time()) + 60))


@pytest.mark.parametrize("claim", ["sub", "iat", "exp", "iss", "aud", "jti", "role", "gen"])
def test_every_claim_is_needed(tokens: Tokens, claim: str) -> None:
    without: dict[str, Any] = {claim: ...}
    with pytest.raises(TokenInvalid):
        tokens.verify(signed(**without))


@pytest.mark.parametrize(
    "changes",
    [
        {"iss": "somebody"},
        {"aud": "somebody"},
        {"sub": "mov_5"},
        {"sub": "5"},
        {"sub": 5},
        {"jti": "x"},
        {"jti": 5},
        {"gen": "0"},
        {"gen": None},
        {"role": 1},
        {"exp": "soon"},
        {"exp": 1e400},
        {"nbf": 9_999_999_999},
    ],
)
def test_claims_that_are_not_ours(tokens: Tokens, changes: dict[str, Any]) -> None:
    with pytest.raises(TokenInvalid):
        tokens.verify(signed(**changes))


def test_foreign_secrets_and_algorithms(tokens: Tokens) -> None:
    for token in (signed("somebody else's secret of 32 letters"), signed(NEW * 2, "HS512")):
        with pytest.raises(TokenInvalid):
            tokens.verify(token)


@pytest.mark.parametrize("algorithm", ["none", "None", "NONE", "nOnE"])
def test_unsigned_tokens(tokens: Tokens, algorithm: str) -> None:
    head = base64.urlsafe_b64encode(json.dumps({"alg": algorithm, "typ": "JWT"}).encode()).decode().rstrip("=")
    claims = signed().split(".")[1]
    for signature in ("", signed().split(".")[2]):
        with pytest.raises(TokenInvalid):
            tokens.verify(f"{head}.{claims}.{signature}")


@pytest.mark.parametrize("token", ["", "x", "a.b", "a.b.c", "....", "\udce9.b.c", "e30.e30.e30", "é.é.é", "x" * 8_000])
def test_what_is_no_token(tokens: Tokens, token: str) -> None:
    with pytest.raises(TokenInvalid):
        tokens.verify(token)


def test_a_changed_signature(tokens: Tokens) -> None:
    token = tokens.issue(5, "customer", 0)
    tokens.verify(token)
    with pytest.raises(TokenInvalid):
        tokens.verify(token[:-2] + ("A" if token[-2] != "A" else "B") + token[-1])
