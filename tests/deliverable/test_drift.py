"""What is committed is what the migrations and the sources make."""

import subprocess
import sys
from pathlib import Path

import pytest

from service import migrations
from service.embedded import EmbeddedPostgres
from tests.migrations.dumps import schema

from .conftest import FOLDER, load

GENERATE = FOLDER.parent / "scripts" / "generate-deliverables"


@pytest.fixture(scope="module")
def generated(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("generated")
    subprocess.run([sys.executable, str(GENERATE), str(folder)], check=True)  # noqa: S603
    return folder


@pytest.mark.parametrize("file", ["dump.sql", "seeds.sql"])
def test_the_files_are_up_to_date(generated: Path, file: str) -> None:
    """If not: .venv/bin/python scripts/generate-deliverables."""
    assert (generated / file).read_text() == (FOLDER / file).read_text()


def test_the_dump_restores_what_the_migrations_make(
    postgres_server: EmbeddedPostgres, empty_database_url: str, postgres_url: str
) -> None:
    load(postgres_server, empty_database_url, "dump.sql")
    assert schema(postgres_server, empty_database_url) == schema(postgres_server, postgres_url)
    assert migrations.pending(empty_database_url) == []
    assert migrations.apply(empty_database_url) == 0


def test_the_seeds_stay_small() -> None:
    assert (FOLDER / "seeds.sql").stat().st_size < 300_000
