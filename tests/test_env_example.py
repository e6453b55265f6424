"""`.env.example` names every setting, with its default."""

import re

from service.settings import Settings
from tests.environment import REQUIRED
from tests.files import ROOT

LINE = re.compile(r"^(?:# )?([A-Z][A-Z0-9_]+)=(.*)$", re.MULTILINE)
OF_COMPOSE_ALONE = {"POSTGRES_PASSWORD", "REDIS_PASSWORD", "PORT"}


def documented() -> dict[str, str]:
    return dict(LINE.findall((ROOT / ".env.example").read_text()))


def test_it_names_every_setting_and_no_other() -> None:
    assert documented().keys() - OF_COMPOSE_ALONE == {name.upper() for name in Settings.model_fields}


def test_its_defaults_are_those_of_the_code() -> None:
    written = Settings.from_environment({**documented(), **REQUIRED})
    assert written == Settings.from_environment(REQUIRED)


def test_it_holds_no_secret() -> None:
    values = documented()
    assert not any(values[name] for name in ("JWT_SECRETS", "POSTGRES_PASSWORD", "REDIS_PASSWORD"))
