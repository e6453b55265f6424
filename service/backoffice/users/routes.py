"""The paths of users in the back office."""

from service.backoffice.users import handlers
from service.errors import INVALID_CURSOR, LAST_ADMIN, USER_NOT_FOUND
from service.http.endpoint import Access, Endpoint

_ALL = "/v1/admin/users"
_ONE = "/v1/admin/users/{user_id}"

ENDPOINTS = [
    Endpoint("GET", _ALL, handlers.list_users, access=Access.ADMIN, errors=(INVALID_CURSOR,)),
    Endpoint("GET", _ONE, handlers.get_user, access=Access.ADMIN, errors=(USER_NOT_FOUND,)),
    Endpoint("PATCH", _ONE, handlers.change_user, access=Access.ADMIN, errors=(USER_NOT_FOUND, LAST_ADMIN)),
]
