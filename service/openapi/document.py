"""The whole OpenAPI document."""

from collections.abc import Iterable, Sequence
from typing import Any

from service.http.api import Api
from service.openapi.components import Components
from service.openapi.description import description
from service.openapi.headers import PARAMETERS, RESPONSE_HEADERS
from service.openapi.operations import BEARER, operation

VERSION = "0.1.0"
_BEARER = {
    "type": "http",
    "scheme": "bearer",
    "bearerFormat": "JWT",
    "description": "The token of `POST /v1/auth/signin`.",
}


def document(apis: Sequence[Api]) -> dict[str, Any]:
    """The OpenAPI 3.1 document of all APIs, each under its own tags and with its own errors."""
    parts = [(api, Components(api)) for api in apis]
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "Holdfast",
            "version": VERSION,
            "summary": "A cinema chain's API: browse movies, hold a few seats for a minute, buy them once.",
            "description": description(apis),
            "license": {"name": "MIT", "identifier": "MIT"},
        },
        "servers": [{"url": "/", "description": "This server"}],
        "tags": [{"name": tag} for api in apis for tag in api.tags],
        "paths": _paths(parts),
        "components": {
            "schemas": {name: schema for _, part in parts for name, schema in part.definitions.items()},
            "parameters": PARAMETERS,
            "headers": RESPONSE_HEADERS,
            "securitySchemes": {BEARER: _BEARER},
        },
    }


def _paths(parts: Iterable[tuple[Api, Components]]) -> dict[str, dict[str, Any]]:
    paths: dict[str, dict[str, Any]] = {}
    for api, components in parts:
        for tag, endpoints in api.tags.items():
            for endpoint in endpoints:
                operations = paths.setdefault(f"{api.prefix}{endpoint.path}", {})
                operations[endpoint.method.lower()] = operation(endpoint, tag, api, components)
    return paths
