"""What the health of the ticketing API is answered with."""

from typing import Literal

from service.http.fields import AnswerModel


class Health(AnswerModel):
    """The service answers, and so do Redis and Postgres."""

    health: Literal["ok"] = "ok"
    message: Literal["Hello from booked!"] = "Hello from booked!"
