"""Queueing jobs: rows that commit with what causes them, or not at all."""

from collections.abc import Sequence
from dataclasses import dataclass

import orjson

from service.jobs import queries
from service.jobs.job import Payload
from service.postgres import Connection


@dataclass(frozen=True, slots=True)
class NewJob:
    """A job to queue. While one of the same `dedupe_key` waits or runs, another is left out without an error."""

    name: str
    payload: Payload
    dedupe_key: str | None = None


async def enqueue(connection: Connection, name: str, payload: Payload, dedupe_key: str | None = None) -> None:
    """Queue a job within the connection's transaction."""
    await enqueue_all(connection, [NewJob(name, payload, dedupe_key)])


async def enqueue_all(connection: Connection, jobs: Sequence[NewJob]) -> None:
    """Queue jobs within the connection's transaction, in one statement."""
    await queries.insert_jobs(
        connection,
        [job.name for job in jobs],
        [orjson.dumps(job.payload) for job in jobs],
        [job.dedupe_key for job in jobs],
    )
