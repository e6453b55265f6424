"""What becomes of idempotency keys in time."""

from datetime import timedelta

from service.idempotency import queries
from service.jobs.deleting import delete_old
from service.jobs.job import Job, Payload
from service.jobs.resources import JobResources

KEPT = timedelta(days=1)


async def forget_keys(resources: JobResources, payload: Payload) -> None:
    """Delete keys that are too old."""
    await delete_old(resources.postgres, queries.delete, KEPT)


JOBS = (Job("forget-idempotency-keys", forget_keys, schedule="57 * * * *", seconds=600),)
