"""The path of the ticketing API's health."""

from service.http.endpoint import Endpoint
from service.ticketing.errors import READ_FAILED
from service.ticketing.health import handlers

ENDPOINTS = [Endpoint("GET", "/health/", handlers.health, unavailable=READ_FAILED)]
