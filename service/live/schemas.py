"""What requests for live availability ask."""

from typing import Annotated

from pydantic import BeforeValidator, Field, WithJsonSchema
from pydantic_core import PydanticCustomError

from service.http.fields import QueryModel, SessionId
from service.ids import DIGITS, Entity

MAX_SESSIONS = 50
_ID = f"{Entity.SESSION.value}_{DIGITS}"


def _split(value: object) -> object:
    if not isinstance(value, str):
        raise PydanticCustomError("string_type", "Input should be a valid string")
    return value.split(",")


class LiveQuery(QueryModel):
    """Which sessions to follow."""

    sessions: Annotated[
        tuple[SessionId, ...],
        Field(min_length=1, max_length=MAX_SESSIONS),
        BeforeValidator(_split),
        WithJsonSchema(
            {
                "type": "string",
                "pattern": f"^{_ID}(,{_ID}){{0,{MAX_SESSIONS - 1}}}$",
                "description": f"Ids of up to {MAX_SESSIONS} sessions, with commas between them.",
                "examples": [f"{Entity.SESSION.public(7291038475629184000)}"],
            }
        ),
    ]
