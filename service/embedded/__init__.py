"""Real Postgres and Redis for a machine that has none: servers from the wheels, under a data folder.

Both end with the process that started them, however that one ends, and come back with their data.
"""

from .errors import EmbeddedServerError
from .postgres import EmbeddedPostgres
from .redis import EmbeddedRedis

__all__ = ["EmbeddedPostgres", "EmbeddedRedis", "EmbeddedServerError"]
