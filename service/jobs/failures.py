"""How attempts at jobs fail, but for the exceptions of what they do."""


class PermanentFailure(Exception):
    """Another attempt would fail like this one: the job is kept as failed at once."""


class WorkerDied(Exception):
    """The worker of the last attempt never said how that ended."""
