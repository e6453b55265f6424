"""The one error of this package."""


class EmbeddedServerError(Exception):
    """An embedded server cannot be had; the message tells a person what is wrong and what to do."""
