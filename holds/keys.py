"""The names of every key. A pool's keys share a hash tag, so that a pool lives in one cluster slot."""

from collections.abc import Iterable


def of_pool(pool_id: str, hold_ids: Iterable[str] = ()) -> list[str]:
    """What nearly every script takes: the pool, its holds, and some of these."""
    return [pool(pool_id), holds(pool_id), *[hold(pool_id, hold_id) for hold_id in hold_ids]]


def pool(pool_id: str) -> str:
    """Hash: the pool's register, and the seats of each live hold."""
    return f"pool:{{{pool_id}}}"


def holds(pool_id: str) -> str:
    """Sorted set: id of each live hold, by its end in ms since the Unix epoch."""
    return f"pool:{{{pool_id}}}:holds"


def line(pool_id: str) -> str:
    """Sorted set: who waits for seats of the pool, in order of joining."""
    return f"pool:{{{pool_id}}}:line"


def offers(pool_id: str) -> str:
    """Sorted set: entries of the line that were made an offer which is not acknowledged, by its end in ms."""
    return f"pool:{{{pool_id}}}:offers"


def entries(pool_id: str) -> str:
    """Hash: what each entry in `line` or `offers` is made of."""
    return f"pool:{{{pool_id}}}:entries"


def seating(pool_id: str) -> str:
    """Hash: the pool's hall, which of its seats are held and sold, and the cells of each live hold."""
    return f"pool:{{{pool_id}}}:seating"


def lapsed(pool_id: str) -> str:
    """List: holds of the pool that lapsed, until somebody has recorded them."""
    return f"pool:{{{pool_id}}}:lapsed"


def changes(pool_id: str) -> str:
    """Stream: what changed in the pool, while somebody follows it."""
    return f"pool:{{{pool_id}}}:changes"


def seats(hold_id: str) -> str:
    """Field of the pool: the hold's seats; outlives the hold's own key, so that reaping can give them back."""
    return f"seats:{hold_id}"


def hold(pool_id: str, hold_id: str) -> str:
    """Hash: one hold; expires when the hold ends."""
    return f"hold:{{{pool_id}}}:{hold_id}"


def reference(hold_id: str) -> str:
    """String: `<pool> <owner>` of a hold; never changes, and outlives the hold."""
    return f"holdref:{hold_id}"


def owner(owner_id: str) -> str:
    """Sorted set: ids of the owner's holds, by their end in ms."""
    return f"owner:{{{owner_id}}}:holds"
