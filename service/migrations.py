"""The schema's migrations: what is pending, and applying it.

yoyo's own lock is a row, which a killed process leaves behind. Here a Postgres advisory lock on the very
connection that migrates takes its place: it ends with that connection, whatever becomes of the process.
"""

from functools import cache
from pathlib import Path
from typing import Any

import asyncpg
import psycopg
from yoyo import get_backend, read_migrations

from service.postgres import Connection

_FOLDER = Path(__file__).parents[1] / "migrations"
_APPLIED = "SELECT migration_id FROM public._yoyo_migration"
_LOCK = 0x686F6C6466617374
"""The key of the advisory lock: "holdfast" in ASCII, so that nothing else takes it."""


def apply(database_url: str) -> int:
    """Apply what is pending and return how many that were. Blocks: call it in a thread.

    Each migration is one transaction together with the row that records it. Processes that start together
    wait for each other. Raises `psycopg.Error`; the migrations before the failed one stay applied.
    """
    if not pending(database_url):
        return 0
    with get_backend(database_url.replace("postgresql://", "postgresql+psycopg://", 1)) as backend:
        backend.execute(f"SELECT pg_advisory_lock({_LOCK})")
        backend.execute("SET lock_timeout = '10s'")
        backend.execute("SET statement_timeout = '10min'")
        backend.break_lock()
        migrations = backend.to_apply(read_migrations(str(_FOLDER)))
        for migration in migrations:
            _apply_one(backend, migration)
        return len(migrations)


def _apply_one(backend: Any, migration: Any) -> None:
    # `backend.apply_one` records the migration in another transaction: a crash between the two would make the
    # next start fail.
    with backend.transaction():
        migration.process_steps(backend, "apply")
        backend.mark_one(migration, log=False)


def pending(database_url: str) -> list[str]:
    """The ids of the migrations not yet applied, in order. Blocks: call it in a thread."""
    with psycopg.connect(database_url) as connection:
        try:
            applied = {row[0] for row in connection.execute(_APPLIED)}
        except psycopg.errors.UndefinedTable:
            applied = set()
    return [name for name in _on_disk() if name not in applied]


async def is_current(connection: Connection) -> bool:
    """Whether every migration of this code is applied. A newer schema is current: releases may overlap."""
    try:
        applied = {row["migration_id"] for row in await connection.fetch(_APPLIED)}
    except asyncpg.UndefinedTableError:
        return False
    return applied.issuperset(_on_disk())


@cache
def _on_disk() -> tuple[str, ...]:
    return tuple(sorted(path.stem for path in _FOLDER.glob("*.sql") if not path.stem.endswith(".rollback")))
