"""The paths of accounts."""

from service import errors
from service.accounts import forgotten, handlers
from service.http.endpoint import Access, Endpoint

_GUESSING = (errors.INVALID_CREDENTIALS, errors.RATE_LIMITED)

ENDPOINTS = [
    Endpoint("POST", "/v1/auth/signup", handlers.sign_up, status=201, errors=(errors.EMAIL_TAKEN, errors.RATE_LIMITED)),
    Endpoint("POST", "/v1/auth/signin", handlers.sign_in, errors=_GUESSING),
    Endpoint("POST", "/v1/auth/forgot", forgotten.forgot_password, status=202, errors=(errors.RATE_LIMITED,)),
    Endpoint("POST", "/v1/auth/reset", forgotten.reset_password, status=204),
    Endpoint("POST", "/v1/auth/signout", handlers.sign_out, Access.USER, status=204),
    Endpoint("GET", "/v1/me", handlers.read_account, Access.USER),
    Endpoint("PATCH", "/v1/me", handlers.change_account, Access.USER),
    Endpoint(
        "DELETE",
        "/v1/me",
        handlers.erase_account,
        Access.USER,
        status=204,
        errors=(errors.LAST_ADMIN, *_GUESSING),
    ),
    Endpoint("POST", "/v1/me/password", handlers.change_password, Access.USER, status=204, errors=_GUESSING),
]
