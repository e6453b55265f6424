"""The OpenAPI 3.1 document, made from the endpoints and their models, and the page that shows it in a browser."""

from service.openapi.document import document
from service.openapi.routes import register

__all__ = ["document", "register"]
