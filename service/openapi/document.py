"""The whole OpenAPI document."""

from collections.abc import Mapping, Sequence
from typing import Any

from service.http.endpoint import Endpoint
from service.openapi.components import Components
from service.openapi.description import DESCRIPTION
from service.openapi.headers import PARAMETERS, RESPONSE_HEADERS
from service.openapi.operations import BEARER, operation

VERSION = "0.1.0"


def document(tags: Mapping[str, Sequence[Endpoint]]) -> dict[str, Any]:
    """The OpenAPI 3.1 document of the endpoints, which are listed by the tag that heads them."""
    components = Components(endpoint for endpoints in tags.values() for endpoint in endpoints)
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "Holdfast",
            "version": VERSION,
            "summary": "A cinema chain's API: browse movies, hold a few seats for a minute, buy them once.",
            "description": DESCRIPTION,
            "license": {"name": "MIT", "identifier": "MIT"},
        },
        "servers": [{"url": "/", "description": "This server"}],
        "tags": [{"name": tag} for tag, endpoints in tags.items() if endpoints],
        "paths": _paths(tags, components),
        "components": {
            "schemas": components.definitions,
            "parameters": PARAMETERS,
            "headers": RESPONSE_HEADERS,
            "securitySchemes": {
                BEARER: {
                    "type": "http",
                    "scheme": "bearer",
                    "bearerFormat": "JWT",
                    "description": "The token of `POST /v1/auth/signin`.",
                }
            },
        },
    }


def _paths(tags: Mapping[str, Sequence[Endpoint]], components: Components) -> dict[str, dict[str, Any]]:
    paths: dict[str, dict[str, Any]] = {}
    for tag, endpoints in tags.items():
        for endpoint in endpoints:
            paths.setdefault(endpoint.path, {})[endpoint.method.lower()] = operation(endpoint, tag, components)
    return paths
