"""Opaque keyset cursors: where the next page of a list begins, bound to that list and sort and signed."""

import base64
import binascii
import hashlib
import hmac
from collections.abc import Callable, Sequence
from typing import Any, TypeVar

import orjson

from service.errors import INVALID_CURSOR, ApiError
from service.http.fields import Metadata, Page

_SIGNATURE_BYTES = 9

Row = TypeVar("Row")
Key = str | int | None


class Cursors:
    """Writes and reads cursors. Every secret's cursors are read; the first secret signs."""

    def __init__(self, secrets: Sequence[str]) -> None:
        self._keys = [hashlib.blake2b(secret.encode(), person=b"holdfast-cursor").digest() for secret in secrets]

    def write(self, listing: str, keys: Sequence[Key]) -> str:
        """The cursor after the row whose sort keys are `keys`, in the list and sort named `listing`."""
        payload = orjson.dumps(keys)
        return _encode(_sign(self._keys[0], listing, payload) + payload)

    def read(self, listing: str, cursor: str) -> list[Any]:
        """The sort keys in `cursor`. Raises `ApiError` when it was not written for `listing`, or is damaged."""
        try:
            raw = base64.b64decode(cursor + "=" * (-len(cursor) % 4), altchars=b"-_", validate=True)
        except (binascii.Error, ValueError):
            raise ApiError(INVALID_CURSOR) from None
        if _encode(raw) != cursor:  # the last character has bits that decoding ignores
            raise ApiError(INVALID_CURSOR)
        signature, payload = raw[:_SIGNATURE_BYTES], raw[_SIGNATURE_BYTES:]
        if not any(hmac.compare_digest(signature, _sign(key, listing, payload)) for key in self._keys):
            raise ApiError(INVALID_CURSOR)
        keys: list[Any] = orjson.loads(payload)
        return keys

    def after(self, listing: str, page: Page) -> list[Any] | None:
        """The sort keys after which `page` begins; None for the first page."""
        return None if page.cursor is None else self.read(listing, page.cursor)

    def cut(
        self, listing: str, page: Page, rows: Sequence[Row], keys: Callable[[Row], Sequence[Key]]
    ) -> tuple[Sequence[Row], Metadata]:
        """The page of `rows`, which were read with one row more than `page.limit`, and its metadata."""
        shown = rows[: page.limit]
        end = self.write(listing, keys(shown[-1])) if shown else None
        return shown, Metadata(has_more=len(rows) > page.limit, end_cursor=end)


def _encode(raw: bytes) -> str:
    return base64.urlsafe_b64encode(raw).decode().rstrip("=")


def _sign(key: bytes, listing: str, payload: bytes) -> bytes:
    return hashlib.blake2b(listing.encode() + b"\0" + payload, key=key, digest_size=_SIGNATURE_BYTES).digest()
