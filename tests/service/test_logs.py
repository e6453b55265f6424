import json
import logging
from collections.abc import Iterator

import pytest
import structlog

from service import logs


@pytest.fixture(autouse=True)
def _restored() -> Iterator[None]:
    """Leave logging as pytest had set it up."""
    root = logging.getLogger()
    handlers, level = root.handlers[:], root.level
    yield
    root.handlers[:] = handlers
    root.setLevel(level)
    structlog.reset_defaults()


def test_json_lines_of_ours_and_of_libraries(capsys: pytest.CaptureFixture[str]) -> None:
    logs.configure("json")
    structlog.get_logger("service.somewhere").info("sold", seats=3)
    logging.getLogger("asyncio").error("trouble %d", 7)
    ours, theirs = map(json.loads, capsys.readouterr().err.splitlines())
    assert (ours["event"], ours["seats"], ours["level"], ours["logger"]) == ("sold", 3, "info", "service.somewhere")
    assert (theirs["event"], theirs["level"], theirs["logger"]) == ("trouble 7", "error", "asyncio")


def test_an_error_has_its_stack(capsys: pytest.CaptureFixture[str]) -> None:
    logs.configure("json")
    try:
        raise ValueError("inner")
    except ValueError:
        structlog.get_logger("service.somewhere").exception("failed")
    assert "ValueError: inner" in json.loads(capsys.readouterr().err)["exception"]


def test_console_lines(capsys: pytest.CaptureFixture[str]) -> None:
    logs.configure("console")
    structlog.get_logger("service.somewhere").warning("sold", seats=3)
    line = capsys.readouterr().err
    assert "warning" in line
    assert "sold" in line
    assert "seats=3" in line
