"""What administrators ask about jobs, and what they are answered."""

from collections.abc import Mapping, Sequence
from typing import Annotated, Any, Literal, Self

import orjson
from asyncpg import Record
from pydantic import Field

from service.http.fields import AnswerModel, JobId, Metadata, Page, Text, Timestamp

State = Literal["waiting", "running", "failed"]
STATES: Mapping[str, State] = {"queued": "waiting", "picked": "running", "failed": "failed"}
"""By their names in the table of jobs."""


class JobQuery(Page):
    """Which jobs are listed."""

    state: State | None = None
    name: Annotated[Text, Field(min_length=1, max_length=100, examples=["booking-confirmed-mail"])] | None = None


class QueuedJob(AnswerModel):
    id: JobId
    name: str = Field(examples=["booking-confirmed-mail"])
    state: State = Field(examples=["failed"])
    payload: Mapping[str, Any] = Field(
        description="What it is about.", examples=[{"bookings": ["bkg_7291038475629184000"]}]
    )
    attempts: int = Field(description="How many failed so far.", examples=[30])
    last_error: str | None = Field(examples=["PermanentFailure: 550 no such mailbox"])
    created_at: Timestamp
    next_run_at: Timestamp | None = Field(description="When it may be tried next; null unless it is waiting.")

    @classmethod
    def of(cls, row: Record) -> Self:
        """The job of a row of `queries`."""
        state = STATES[row["status"]]
        return cls(
            id=row["id"],
            name=row["name"],
            state=state,
            payload=orjson.loads(row["payload"] or b"{}"),
            attempts=row["attempts"] + (state == "failed"),
            last_error=row["last_error"],
            created_at=row["created_at"],
            next_run_at=row["next_run_at"] if state == "waiting" else None,
        )


class JobAnswer(AnswerModel):
    """One job."""

    job: QueuedJob


class JobList(AnswerModel):
    """A page of jobs."""

    jobs: Sequence[QueuedJob]
    metadata: Metadata
