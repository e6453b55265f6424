"""How a job says that trying again is of no use."""


class PermanentFailure(Exception):
    """Another attempt would fail like this one: the job is kept as failed at once."""
