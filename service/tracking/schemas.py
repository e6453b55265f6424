"""What a client reports of a page."""

from typing import Annotated, Any, Literal

from pydantic import Field, GetCoreSchemaHandler
from pydantic_core import CoreSchema, core_schema

from service.http.fields import STORABLE, RequestModel

Value = Annotated[str, Field(max_length=8_192), STORABLE]


class _AsOneField:
    """Reports the query's faults at the query: what is below it are the client's own names, not the API's."""

    def __get_pydantic_core_schema__(self, source: Any, handler: GetCoreSchemaHandler) -> CoreSchema:
        return core_schema.custom_error_schema(
            handler(source),
            custom_error_type="query",
            custom_error_message="The query must map names to a string or a list of strings, within their bounds.",
        )


Query = Annotated[
    dict[Annotated[str, Field(max_length=512), STORABLE], Value | Annotated[list[Value], Field(max_length=256)]],
    Field(max_length=256, examples=[{"utm_source": "newsletter", "genre": ["drama", "comedy"]}]),
    _AsOneField(),
]


class Page(RequestModel):
    """A page's address in its parts."""

    scheme: Annotated[str, Field(min_length=1, max_length=64, examples=["https"]), STORABLE]
    path: Annotated[str, Field(min_length=1, max_length=8_192, examples=["/movies"]), STORABLE]
    query: Query


class Visit(RequestModel):
    """A page that a visitor entered or left. The client chooses `tracking_id`; one visitor's visits share it."""

    tracking_id: Annotated[str, Field(min_length=1, max_length=128, examples=["b1946ac9-2d5c"]), STORABLE]
    type: Literal["page_enter", "page_exit"]
    page: Page
