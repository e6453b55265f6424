"""What staff send about actors, and what they are answered."""

from collections.abc import Sequence
from typing import Annotated

from pydantic import MISSING, Field

from service.backoffice.fields import Change
from service.http.fields import STORABLE, ActorId, AnswerModel, Metadata, RequestModel

# A cursor carries the name: it bounds what a cursor may have to hold.
Name = Annotated[str, Field(min_length=1, max_length=200, pattern=r"\S", examples=["Audrey Tautou"]), STORABLE]


class NewActor(RequestModel):
    """An actor to add."""

    name: Name


class ActorChange(Change):
    """The fields of the actor to change; those left out stay."""

    name: Name | MISSING = MISSING


class Actor(AnswerModel):
    id: ActorId
    name: str = Field(examples=["Audrey Tautou"])


class ActorAnswer(AnswerModel):
    """One actor."""

    actor: Actor


class ActorList(AnswerModel):
    """A page of actors."""

    actors: Sequence[Actor]
    metadata: Metadata
