"""What keeps the service from starting, for a person to read."""


class StartError(Exception):
    """The service cannot start as asked; the message says why, and what to do."""
