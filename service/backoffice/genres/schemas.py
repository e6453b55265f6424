"""What staff send about genres, and what they are answered."""

from collections.abc import Sequence
from typing import Annotated

from pydantic import MISSING, Field

from service.backoffice.fields import Change
from service.http.fields import STORABLE, AnswerModel, GenreId, Metadata, RequestModel

# A cursor carries the name: it bounds what a cursor may have to hold.
Name = Annotated[str, Field(min_length=1, max_length=100, pattern=r"\S", examples=["Comedy"]), STORABLE]


class NewGenre(RequestModel):
    """A genre to add."""

    name: Name


class GenreChange(Change):
    """The fields of the genre to change; those left out stay."""

    name: Name | MISSING = MISSING


class Genre(AnswerModel):
    id: GenreId
    name: str = Field(examples=["Comedy"])


class GenreAnswer(AnswerModel):
    """One genre."""

    genre: Genre


class GenreList(AnswerModel):
    """A page of genres."""

    genres: Sequence[Genre]
    metadata: Metadata
