"""Taking in what clients track."""

from service.http.endpoint import Call
from service.tracking.schemas import Visit


async def track(call: Call[Visit, None]) -> None:
    """Report a page entered or left

    The row is committed when the answer comes. With a bearer token it carries the user.
    """
    await call.resources.visits.record(call.body, None if call.principal is None else call.principal.user_id)
