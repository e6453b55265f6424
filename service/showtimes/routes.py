"""The path of the programme."""

from service.errors import INVALID_CURSOR
from service.http.endpoint import Endpoint
from service.showtimes import handlers

ENDPOINTS = [Endpoint("GET", "/v1/showtimes", handlers.list_showtimes, errors=(INVALID_CURSOR,))]
