"""What the jobs of one process share."""

from dataclasses import dataclass

from holds.engine import HoldEngine
from holds.runner import ScriptRunner
from service.ids import SnowflakeGenerator
from service.mail.mailer import Mailer
from service.postgres import Postgres
from service.settings import Settings


@dataclass(frozen=True, slots=True)
class JobResources:
    """Everything a job may need of its process."""

    settings: Settings
    postgres: Postgres
    redis: ScriptRunner
    engine: HoldEngine
    ids: SnowflakeGenerator
    mailer: Mailer
