"""What a client reports of a page."""

from typing import Annotated, Any, Literal

from pydantic import Field, ValidationError, ValidatorFunctionWrapHandler, WrapValidator
from pydantic_core import PydanticCustomError

from service.http.fields import RequestModel, Text

Value = Annotated[Text, Field(max_length=8_192)]


def _as_one_field(value: object, check: ValidatorFunctionWrapHandler) -> Any:
    """Report the query's faults at the query: what is below it are the client's own names, not the API's."""
    try:
        return check(value)
    except ValidationError:
        raise PydanticCustomError(
            "query", "The query must map names to a string or a list of strings, within their bounds."
        ) from None


Query = Annotated[
    dict[Annotated[Text, Field(max_length=512)], Value | Annotated[list[Value], Field(max_length=256)]],
    Field(max_length=256, examples=[{"utm_source": "newsletter", "genre": ["drama", "comedy"]}]),
    WrapValidator(_as_one_field),
]


class Page(RequestModel):
    """A page's address in its parts."""

    scheme: Annotated[Text, Field(min_length=1, max_length=64, examples=["https"])]
    path: Annotated[Text, Field(min_length=1, max_length=8_192, examples=["/movies"])]
    query: Query


class Visit(RequestModel):
    """A page that a visitor entered or left. The client chooses `tracking_id`; one visitor's visits share it."""

    tracking_id: Annotated[Text, Field(min_length=1, max_length=128, examples=["b1946ac9-2d5c"])]
    type: Literal["page_enter", "page_exit"]
    page: Page
