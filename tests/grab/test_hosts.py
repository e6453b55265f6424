"""The crowd goes to this machine alone, unless the host's owner says otherwise."""

import pytest

from grab.__main__ import main
from grab.errors import GrabError
from grab.hosts import permit

OURS = ("http://127.0.0.1:8080", "http://127.9.8.7", "http://[::1]:8080", "http://localhost:8080")
OTHERS = (
    "http://10.0.0.1:8080",
    "http://192.0.2.1",
    "http://[2001:db8::1]",
    "http://0.0.0.0:8080",
    "https://tickets.example",
    "http://127.0.0.1.tickets.example",
    "http://localhost@192.0.2.1:8080",
)


@pytest.mark.parametrize("url", OURS)
def test_this_machine(url: str) -> None:
    permit(url, own_host=False)


@pytest.mark.parametrize("url", OTHERS)
def test_other_machines(url: str) -> None:
    with pytest.raises(GrabError, match="--i-own-this-host"):
        permit(url, own_host=False)
    permit(url, own_host=True)


@pytest.mark.parametrize("url", ["127.0.0.1:8080", "ftp://127.0.0.1", "redis://127.0.0.1", "http://"])
def test_what_is_no_service(url: str) -> None:
    with pytest.raises(GrabError):
        permit(url, own_host=True)


def test_a_refusal_is_the_exit_status_and_sends_nothing(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--url", "http://192.0.2.1"]) == 1
    assert "192.0.2.1 is not this machine" in capsys.readouterr().err


@pytest.mark.parametrize("wrong", [["--customers", "0"], ["--seats", "3-2"], ["--abandon", "2"], ["--seconds", "601"]])
def test_bounds(wrong: list[str]) -> None:
    with pytest.raises(SystemExit) as exit_status:
        main(wrong)
    assert exit_status.value.code == 2
