"""What keeps a crowd from starting, for a person to read."""


class GrabError(Exception):
    """The crowd cannot do as asked; the message says why, and what to do."""
