"""Settings are read as a whole: what is wrong with them is told at the start, all at once."""

import pytest

from service.settings import Settings, SettingsError
from tests.environment import REQUIRED


def faults(**environment: str) -> list[str]:
    """The lines that these variables are refused with."""
    with pytest.raises(SettingsError) as refusal:
        Settings.from_environment({**REQUIRED, **environment})
    return str(refusal.value).splitlines()


def test_every_faulty_variable_is_named() -> None:
    assert faults(JWT_SECRETS="", SALE_SECONDS="0.9", LIVE_STREAMS="many", SMTP_URL="http://mail.example") == [
        "JWT_SECRETS Field required",
        "SALE_SECONDS Input should be greater than or equal to 1",
        "LIVE_STREAMS Input should be a valid integer, unable to parse string as an integer",
        "SMTP_URL the scheme must be smtp, smtps or smtp+starttls",
    ]


@pytest.mark.parametrize(
    ("environment", "rule"),
    [
        ({"CLAIM_SECONDS": "19.9"}, "CLAIM_SECONDS must be at least 2 * SALE_SECONDS + LEASE_SECONDS"),
        (
            {"HOLD_MEMORY_SECONDS": "624.9", "HOLD_SECONDS": "600"},
            "HOLD_MEMORY_SECONDS must be at least HOLD_SECONDS + CLAIM_SECONDS",
        ),
        (
            {"HOLD_MEMORY_SECONDS": "624.9"},
            "HOLD_MEMORY_SECONDS must be at least TICKET_HOLD_SECONDS + CLAIM_SECONDS",
        ),
    ],
)
def test_durations_that_would_break_the_protocol(environment: dict[str, str], rule: str) -> None:
    assert rule in faults(**environment)


def test_durations_at_their_bounds() -> None:
    least = {"SALE_SECONDS": "1", "LEASE_SECONDS": "2", "CLAIM_SECONDS": "4", "HOLD_MEMORY_SECONDS": "604"}
    assert Settings.from_environment({**REQUIRED, **least}).claim_seconds == 4


def test_every_duration_that_would_break_it_is_named() -> None:
    assert len(faults(CLAIM_SECONDS="1", HOLD_MEMORY_SECONDS="1")) == 3


def test_an_empty_variable_is_an_absent_one() -> None:
    assert Settings.from_environment({**REQUIRED, "HOLD_SECONDS": "", "SMTP_URL": ""}) == Settings.from_environment(
        REQUIRED
    )
