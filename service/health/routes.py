"""The paths of health."""

from service.errors import SERVICE_UNAVAILABLE
from service.health import handlers
from service.http.endpoint import Endpoint

ENDPOINTS = [
    Endpoint("GET", "/livez", handlers.live),
    Endpoint("GET", "/readyz", handlers.ready, errors=(SERVICE_UNAVAILABLE,)),
]
