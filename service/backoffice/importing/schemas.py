"""What an import answers."""

from pydantic import Field

from service.http.fields import AnswerModel


class ImportedRows(AnswerModel):
    """How many rows of each kind are in the catalogue now."""

    movies: int = Field(examples=[1])
    places: int = Field(examples=[1])
    sessions: int = Field(examples=[1])


class ImportAnswer(AnswerModel):
    """What was imported."""

    imported: ImportedRows
