"""The paths of actors in the back office."""

from service.backoffice.actors import handlers
from service.errors import ACTOR_NOT_FOUND, INVALID_CURSOR
from service.http.endpoint import Access, Endpoint

_ALL = "/v1/admin/actors"
_ONE = "/v1/admin/actors/{actor_id}"

ENDPOINTS = [
    Endpoint("POST", _ALL, handlers.create_actor, access=Access.ADMIN, status=201),
    Endpoint("GET", _ALL, handlers.list_actors, access=Access.STAFF, errors=(INVALID_CURSOR,)),
    Endpoint("GET", _ONE, handlers.get_actor, access=Access.STAFF, errors=(ACTOR_NOT_FOUND,)),
    Endpoint("PATCH", _ONE, handlers.change_actor, access=Access.ADMIN, errors=(ACTOR_NOT_FOUND,)),
    Endpoint("DELETE", _ONE, handlers.delete_actor, access=Access.ADMIN, status=204, errors=(ACTOR_NOT_FOUND,)),
]
