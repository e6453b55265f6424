"""Visits are forgotten in time."""

from service.jobs import deleting
from service.jobs.resources import JobResources
from service.mail.mailer import Mailer
from service.resources import Resources
from service.tracking import jobs


async def test_old_visits_are_deleted_and_no_others(resources: Resources) -> None:
    """However often it runs, and more than are deleted at a time."""
    own = (resources.settings, resources.postgres, resources.redis, resources.engine, resources.ids)
    job_resources = JobResources(*own, Mailer(resources.settings))
    old, young = 2 * deleting.AT_ONCE + 1, 5
    async with resources.postgres.acquire() as connection:
        await connection.execute(
            """
            INSERT INTO page_visits (id, tracking_id, type, scheme, path, query, received_at)
            SELECT n, 'ada', 'page_enter', 'https', '/', '{}',
                   now() - CASE WHEN n > $1 THEN interval '394 days' ELSE interval '396 days' END
            FROM generate_series(1, $1::bigint + $2::bigint) AS n
            """,
            old,
            young,
        )
        for _ in range(2):
            await jobs.forget_visits(job_resources, {})
            left = await connection.fetch("SELECT id FROM page_visits ORDER BY id")
            assert [row["id"] for row in left] == list(range(old + 1, old + young + 1))
