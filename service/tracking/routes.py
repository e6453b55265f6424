"""The path of page tracking."""

from service.http.endpoint import Access, Endpoint
from service.tracking import handlers

ENDPOINTS = [Endpoint("POST", "/v1/analytics/track", handlers.track, Access.OPTIONAL, status=204)]
