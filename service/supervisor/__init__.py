"""`serve`: all that one machine needs to sell seats, started in order, kept alive, and stopped in order."""

from .data_folder import DataFolder
from .database import connected, create_admin
from .errors import StartError
from .progress import Progress
from .serve import ServeOptions, serve

__all__ = ["DataFolder", "Progress", "ServeOptions", "StartError", "connected", "create_admin", "serve"]
