"""The pages that people use: they know the public API alone, and nothing here but how they are sent."""

from service.pages.routes import register

__all__ = ["register"]
