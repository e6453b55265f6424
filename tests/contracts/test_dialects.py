"""An API that numbers its errors and has statuses of its own is documented as it answers, beside the others."""

from collections.abc import Sequence
from typing import Any

import orjson
import pytest
from aiohttp import web
from aiohttp.test_utils import TestClient, TestServer
from openapi_spec_validator import OpenAPIV31SpecValidator
from pydantic import Field
from pydantic.json_schema import JsonSchemaValue

from service import errors
from service.app import APIS
from service.errors import ApiError, ErrorKind, InvalidInput
from service.http.api import Api
from service.http.boundary import boundary
from service.http.endpoint import Access, Call, Endpoint
from service.http.fields import AnswerModel, RequestModel
from service.openapi import document

NUMBERS = {errors.MALFORMED_JSON: "1", errors.FORBIDDEN: "2", errors.MISSING_TOKEN: "3"}


class Numbered(AnswerModel):
    """An error by its number."""

    number: int = Field(examples=[1])
    text: str = Field(examples=["No."])


class NumberedDialect:
    """Faults of the input are 400 like what is malformed, and nobody is told 403."""

    error = Numbered
    conventions = "## Under `/numbered`\n"
    input_faults = ("`7`", "Something is wrong with the input.")

    def code(self, kind: ErrorKind) -> str:
        return NUMBERS.get(kind, "9")

    def narrowed(self, codes: Sequence[str], *, input_faults: bool) -> JsonSchemaValue:
        return {"properties": {"number": {"enum": [*map(int, codes), *([7] if input_faults else [])]}}}

    def refusal(self, error: ApiError) -> web.Response:
        status = 401 if error.kind is errors.FORBIDDEN else error.kind.status
        return self._answer(status, int(self.code(error.kind)), error.kind.message)

    def invalid_input(self, error: InvalidInput) -> web.Response:
        return self._answer(400, 7, error.faults[0].message)

    def _answer(self, status: int, number: int, text: str) -> web.Response:
        body = orjson.dumps({"number": number, "text": text})
        return web.Response(body=body, status=status, content_type="application/json")


class Movie(RequestModel):
    """A name that other APIs have for schemas of theirs."""

    title: str = Field(examples=["Amélie"])


async def create_movie(call: Call[Movie, None]) -> None:
    """Create a movie"""


NUMBERED = Api(
    "/numbered", NumberedDialect(), {"Numbered": [Endpoint("POST", "/movies", create_movie, Access.ADMIN, status=201)]}
)
DOCUMENT = document([*APIS, NUMBERED])


def test_the_document_stays_valid_and_says_the_same_of_the_others() -> None:
    assert [error.message for error in OpenAPIV31SpecValidator(DOCUMENT).iter_errors()] == []
    others = document(APIS)
    for part in ("paths", "schemas"):
        before = others[part] if part == "paths" else others["components"][part]
        after = DOCUMENT[part] if part == "paths" else DOCUMENT["components"][part]
        assert before.items() <= after.items()
    assert DOCUMENT["tags"][-1] == {"name": "Numbered"}
    assert DOCUMENT["info"]["description"].count("\n## Under `/") == len(APIS) + 1


def test_statuses_are_those_that_the_dialect_answers() -> None:
    responses = operation()["responses"]
    assert set(responses) == {"201", "400", "401", "413", "415", "500", "503"}
    assert numbers(responses["400"]) == {1, 7}
    assert numbers(responses["401"]) == {2, 3, 9}
    examples = responses["400"]["content"]["application/json"]["examples"]
    assert examples["input"]["value"]["number"] == 7


def test_names_are_its_own() -> None:
    assert operation()["operationId"] == "numbered_admin_create_movie"
    schema = operation()["requestBody"]["content"]["application/json"]["schema"]
    assert schema == {"$ref": "#/components/schemas/NumberedMovie"}
    assert {"Movie", "NumberedMovie", "NumberedNumbered"} <= DOCUMENT["components"]["schemas"].keys()


@pytest.mark.parametrize(("kind", "status"), [(errors.FORBIDDEN, 401), (errors.MALFORMED_JSON, 400)])
async def test_the_boundary_answers_as_documented(kind: ErrorKind, status: int) -> None:
    async def refuse(request: web.Request) -> web.Response:
        raise ApiError(kind)

    app = web.Application(middlewares=[boundary(NUMBERED.dialect)])
    app.router.add_get("/", refuse)
    async with TestClient(TestServer(app)) as client:
        answer = await client.get("/")
        assert answer.status == status
        assert operation()["responses"][str(status)]["headers"].keys() <= answer.headers.keys()
        assert (await answer.json())["number"] in numbers(operation()["responses"][str(status)])


def operation() -> dict[str, Any]:
    """What the document says of the only endpoint."""
    made: dict[str, Any] = DOCUMENT["paths"]["/numbered/movies"]["post"]
    return made


def numbers(response: dict[str, Any]) -> set[int]:
    return set(response["content"]["application/json"]["schema"]["properties"]["number"]["enum"])
