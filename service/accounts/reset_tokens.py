"""Tokens that replace a forgotten password: made anew from a secret at each attempt to send them, and kept nowhere."""

import base64
import hashlib
import hmac


def token(secret: str, number: int) -> str:
    """The token of the reset `number`: 256 bits that only who knows the secret can make."""
    key = hashlib.blake2b(secret.encode(), person=b"holdfast-reset").digest()
    made = hmac.digest(key, str(number).encode(), "sha256")
    return base64.urlsafe_b64encode(made).decode().rstrip("=")


def digest(token: str) -> bytes:
    """What Postgres knows of a token. Nobody can guess 256 bits, so that a fast digest will do."""
    return hashlib.sha256(token.encode()).digest()
