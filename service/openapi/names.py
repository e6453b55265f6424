"""Names in the document: an API's begin with its prefix, so that two may each have their own `Movie`."""

from service.http.api import Api
from service.http.endpoint import Access, Endpoint


def namespace(api: Api) -> str:
    """What the names of the API's schemas begin with: `Discovery` for `/discovery/v1`, nothing without a prefix."""
    return _word(api).capitalize()


def operation_id(endpoint: Endpoint, api: Api) -> str:
    """The handler's name. Staff's handlers are named as the public ones that they resemble."""
    staff = "admin" if endpoint.access in (Access.STAFF, Access.ADMIN) else ""
    return "_".join(filter(None, (_word(api), staff, endpoint.handler.__name__)))


def _word(api: Api) -> str:
    return api.prefix.strip("/").partition("/")[0]
