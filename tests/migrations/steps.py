"""Single migrations, applied and taken back."""

from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

from yoyo import get_backend, read_migrations

FOLDER = Path(__file__).parents[2] / "migrations"


def since(first: str = "") -> list[Any]:
    """The migrations from `first` on, which may be the beginning of its id, in order."""
    return [migration for migration in read_migrations(str(FOLDER)) if migration.id >= first]


@contextmanager
def backend_on(database_url: str) -> Iterator[Any]:
    """What applies migrations, connected."""
    backend = get_backend(database_url.replace("postgresql://", "postgresql+psycopg://"))
    with closing(backend.connection):
        yield backend


@contextmanager
def taken_back(database_url: str, first: str) -> Iterator[None]:
    """Within the block the database is as it was before `first`."""
    newest = since(first)
    with backend_on(database_url) as backend:
        for migration in reversed(newest):
            down(backend, migration)
        yield
        for migration in newest:
            up(backend, migration)


def up(backend: Any, migration: Any) -> None:
    with backend.transaction():
        migration.process_steps(backend, "apply")


def down(backend: Any, migration: Any) -> None:
    with backend.transaction():
        migration.process_steps(backend, "rollback")
