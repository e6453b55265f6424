"""What the health endpoints answer."""

from typing import Literal

from service.http.fields import AnswerModel

Check = Literal["ok", "unreachable", "pending"]


class Alive(AnswerModel):
    """The process runs."""

    status: Literal["ok"] = "ok"


class Readiness(AnswerModel):
    """Whether the process can serve requests, part by part."""

    status: Literal["ok", "unavailable"]
    redis: Check
    postgres: Check
    migrations: Check
