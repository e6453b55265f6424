"""What a request was sent under, as the transaction that serves it keeps it."""

from dataclasses import dataclass

from service.errors import IDEMPOTENCY_KEY_REUSED, ApiError
from service.idempotency import queries
from service.postgres import Connection


@dataclass(slots=True)
class IdempotencyKey:
    """A user's key, and the request that came under it, both as digests."""

    user_id: int
    digest: str
    fingerprint: str
    replayed: bool = False
    """The request was served before, by a transaction that is committed."""

    async def is_first(self, connection: Connection) -> bool:
        """Whether nothing has been done under the key: from the commit on, something has.

        False: all of it was done, and nothing else must be. Another transaction under the key is waited for. The user's
        row is locked, so that inventory rows must have been before. Raises `ApiError` when the key belongs to another
        request.
        """
        while not await queries.insert(connection, self.user_id, self.digest, self.fingerprint):
            known = await queries.fingerprint(connection, self.user_id, self.digest)
            if known is None:  # forgotten meanwhile: it was old
                continue
            if known != self.fingerprint:
                raise ApiError(IDEMPOTENCY_KEY_REUSED)
            self.replayed = True
            return False
        return True
