"""One endpoint as an OpenAPI operation."""

import inspect
from collections.abc import Mapping
from typing import Any

from pydantic.json_schema import JsonSchemaValue

from service.http.api import Api
from service.http.bearer import ME
from service.http.endpoint import Access, Endpoint
from service.http.fields import RequestModel, id_json_schema
from service.http.input import EmptyBody
from service.http.serving import OWNER_ID
from service.http.tables import CSV, table_head
from service.ids import Entity
from service.openapi.components import Components, query_parameters
from service.openapi.errors import error_responses
from service.openapi.examples import example
from service.openapi.headers import parameter, references
from service.openapi.names import operation_id

BEARER = "bearerAuth"
EVENTS = "text/event-stream"


def operation(endpoint: Endpoint, tag: str, api: Api, components: Components) -> dict[str, Any]:
    """The operation of `endpoint`, whose handler's docstring gives the summary (first line) and the description."""
    summary, _, description = inspect.cleandoc(endpoint.handler.__doc__ or "").partition("\n")
    failures = error_responses(endpoint, api.dialect, components)
    made: dict[str, Any] = {
        "operationId": operation_id(endpoint, api),
        "tags": [tag],
        "summary": summary.rstrip("."),
        "parameters": _parameters(endpoint),
        "responses": {**_successes(endpoint, components), **failures},
        "security": _security(endpoint.access),
    }
    if description.strip():
        made["description"] = description.strip()
    if endpoint.body is not None:
        made["requestBody"] = _request_body(endpoint.body, components)
    elif endpoint.uploads:
        made["requestBody"] = {"required": True, "content": _uploads(endpoint.uploads)}
    return made


def _parameters(endpoint: Endpoint) -> list[dict[str, Any]]:
    ids = [
        {"name": name, "in": "path", "required": True, "schema": _id_schema(name, entity, endpoint.access)}
        for name, entity, _ in endpoint.path_ids
    ]
    named = {"IdempotencyKey": endpoint.idempotent, "LastEventId": endpoint.resumable, "RequestId": True}
    headers = (name for name, there in named.items() if there)
    return [*ids, *query_parameters(endpoint.query), *map(parameter, headers)]


def _id_schema(name: str, entity: Entity, access: Access) -> JsonSchemaValue:
    schema = id_json_schema(entity)
    if access is Access.OWNER and name == OWNER_ID:
        return {"anyOf": [{"const": ME}, schema], "examples": [ME]}
    return schema


def _request_body(model: type[RequestModel], components: Components) -> dict[str, Any]:
    schema = components.body(model)
    content = {"schema": schema, "example": example(schema, components)}
    return {"required": not issubclass(model, EmptyBody), "content": {"application/json": content}}


def _uploads(media_types: Mapping[str, str]) -> dict[str, Any]:
    return {
        name: {"schema": {"type": "string"}} | ({"example": text} if text else {}) for name, text in media_types.items()
    }


def _successes(endpoint: Endpoint, components: Components) -> dict[str, Any]:
    if endpoint.events:
        content = {EVENTS: {"schema": {"type": "string"}, "example": endpoint.events}}
        description = "Events, until the client leaves or nothing can follow."
        return {"200": {"description": description, "headers": references(()), "content": content}}
    if not endpoint.media:
        return {str(endpoint.status): _success(endpoint, components)}
    headers = references(["ETag", "Cache-Control"])
    return {
        "200": {"description": "The image.", "headers": headers, "content": {endpoint.media: {}}},
        "304": {"description": "It is the one that the client has.", "headers": headers},
    }


def _success(endpoint: Endpoint, components: Components) -> dict[str, Any]:
    named = {"Idempotency-Replayed": endpoint.idempotent, "Location": endpoint.is_located}
    headers = references(name for name, there in named.items() if there)
    if endpoint.answer is None:
        return {"description": "Done.", "headers": headers}
    schema = components.answer(endpoint.answer)
    content = {"application/json": {"schema": schema, "example": example(schema, components)}}
    if endpoint.table:
        content[CSV] = {"schema": {"type": "string"}, "example": table_head(endpoint.answer)}
    return {
        "description": inspect.cleandoc(endpoint.answer.__doc__ or "").partition("\n")[0],
        "headers": headers,
        "content": content,
    }


def _security(access: Access) -> list[dict[str, list[str]]]:
    match access:
        case Access.PUBLIC:
            return []
        case Access.OPTIONAL:
            return [{}, {BEARER: []}]
        case _:
            return [{BEARER: []}]
