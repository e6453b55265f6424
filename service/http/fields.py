"""Types of the fields that requests and answers are made of."""

import re
from dataclasses import dataclass
from datetime import datetime
from typing import Annotated, Any

from pydantic import (
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    GetCoreSchemaHandler,
    GetJsonSchemaHandler,
    PlainSerializer,
    SkipValidation,
    ValidationInfo,
    WithJsonSchema,
)
from pydantic.json_schema import JsonSchemaValue
from pydantic_core import CoreSchema, PydanticCustomError, core_schema

from service.ids import DIGITS, Entity
from service.moments import format_milliseconds, format_timestamp

_DIGITS = re.compile(r"-?[0-9]{1,18}", re.ASCII)


class RequestModel(BaseModel):
    """A request's body or query: types are not coerced, unknown fields are refused by name."""

    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)


class QueryModel(BaseModel):
    """A request's query: each parameter comes as a string, once; unknown parameters are refused by name."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class AnswerModel(BaseModel):
    """An answer's body. Its fields are made by the service, so that they need no checking."""

    model_config = ConfigDict(frozen=True, json_schema_serialization_defaults_required=True)


_WITHOUT_NUL = core_schema.custom_error_schema(
    core_schema.str_schema(pattern=r"^[^\x00]*$"),
    custom_error_type="nul_character",
    custom_error_message="The text must not contain the NUL character.",
)


class _Storable:
    """The mark of `Text`. Constraints belong before it in `Annotated`: quick there, they reach the JSON schema."""

    def __get_pydantic_core_schema__(self, source: Any, handler: GetCoreSchemaHandler) -> CoreSchema:
        return core_schema.chain_schema([handler(source), _WITHOUT_NUL])

    def __get_pydantic_json_schema__(self, schema: CoreSchema, handler: GetJsonSchemaHandler) -> JsonSchemaValue:
        return {**handler(schema), "not": {"pattern": "\\u0000"}}


STORABLE = _Storable()
Text = Annotated[str, STORABLE]
"""Text that Postgres can store: no NUL. (Lone surrogates are refused as malformed JSON.)"""


def _format_moment(moment: datetime | int) -> str:
    return format_milliseconds(moment) if isinstance(moment, int) else format_timestamp(moment)


_TIMESTAMP = WithJsonSchema(
    {
        "type": "string",
        "format": "date-time",
        "pattern": r"^[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}\.[0-9]{3}Z$",
        "examples": ["2026-06-05T18:00:00.000Z"],
    }
)
Timestamp = Annotated[datetime | int, SkipValidation, PlainSerializer(_format_moment, return_type=str), _TIMESTAMP]
"""A moment of an answer: an aware datetime, or milliseconds since the Unix epoch, as Redis has it."""
TimestampText = Annotated[str, _TIMESTAMP]
"""The same, written already: in a `TypedDict`."""


@dataclass(frozen=True, slots=True)
class PublicId:
    """The number of an `entity`, written with its prefix in JSON and in queries: `Annotated[int, PublicId(…)]`."""

    entity: Entity

    def _parse(self, value: object, info: ValidationInfo) -> int:
        if isinstance(value, int) and info.mode == "python":
            return value
        number = self.entity.number(value) if isinstance(value, str) else None
        if number is None:
            raise PydanticCustomError("id", "The id must look like {prefix}_123.", {"prefix": self.entity.value})
        return number

    def __get_pydantic_core_schema__(self, source: Any, handler: GetCoreSchemaHandler) -> CoreSchema:
        to_public = core_schema.plain_serializer_function_ser_schema(self.entity.public)
        return core_schema.with_info_plain_validator_function(self._parse, serialization=to_public)

    def __get_pydantic_json_schema__(self, schema: CoreSchema, handler: GetJsonSchemaHandler) -> JsonSchemaValue:
        return id_json_schema(self.entity)


def id_json_schema(entity: Entity) -> JsonSchemaValue:
    """The JSON schema of an entity's public id."""
    return {
        "type": "string",
        "pattern": f"^{entity.value}_{DIGITS}$",
        "examples": [entity.public(7291038475629184000)],
    }


def written_id(entity: Entity) -> WithJsonSchema:
    """What makes a string the public id of an entity in the JSON schema: `Annotated[str, written_id(…)]`."""
    return WithJsonSchema(id_json_schema(entity))


UserId = Annotated[int, PublicId(Entity.USER)]
MovieId = Annotated[int, PublicId(Entity.MOVIE)]
PlaceId = Annotated[int, PublicId(Entity.PLACE)]
SessionId = Annotated[int, PublicId(Entity.SESSION)]
RatingId = Annotated[int, PublicId(Entity.RATING)]
BookingId = Annotated[int, PublicId(Entity.BOOKING)]
ReservationId = Annotated[int, PublicId(Entity.RESERVATION)]
GenreId = Annotated[int, PublicId(Entity.GENRE)]
ActorId = Annotated[int, PublicId(Entity.ACTOR)]
JobId = Annotated[int, PublicId(Entity.JOB)]


def _decimal_digits(value: object) -> object:
    if isinstance(value, str) and not _DIGITS.fullmatch(value):
        raise PydanticCustomError("integer", "The value must be an integer.")
    return value


def _whole(value: object) -> object:
    return int(value) if isinstance(value, float) and value.is_integer() else value


WHOLE = BeforeValidator(_whole)
"""Ends the `Annotated` of a body's integer: JSON has one kind of number, in which 2.0 is 2, as JSON Schema has it."""

QUERY_INTEGER = BeforeValidator(_decimal_digits)
"""Ends the `Annotated` of a query's integer: digits, and nothing else that Python takes for a number."""

Limit = Annotated[int, Field(ge=1, le=100, examples=[20]), QUERY_INTEGER]


class Page(QueryModel):
    """The query of every list."""

    limit: Limit = 20
    cursor: str | None = Field(None, json_schema_extra={"pattern": "^[A-Za-z0-9_-]{1,1024}$"})
    """Described by the form of cursors alone: whatever else is sent is a damaged cursor rather than invalid input."""


class Metadata(AnswerModel):
    """How a list goes on: pass `end_cursor` as `cursor` while `has_more`."""

    has_more: bool = Field(examples=[True])
    end_cursor: str | None = Field(description="Null on an empty page.", examples=["BZ-S7XSfqWL1WyIxIiwyNDk4XQ"])
