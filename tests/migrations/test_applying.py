"""Applying migrations: once, whoever else starts, and whoever was killed while at it."""

import subprocess
import sys
import time

import asyncpg
import psycopg

from service import migrations

from .steps import FOLDER, backend_on

TOTAL = len(list(FOLDER.glob("*.rollback.sql")))
APPLY = "import sys; from service import migrations; print(migrations.apply(sys.argv[1]))"


def start_applying(database_url: str) -> subprocess.Popen[str]:
    command = [sys.executable, "-c", APPLY, database_url]
    return subprocess.Popen(command, stdout=subprocess.PIPE, text=True, cwd=FOLDER.parent)  # noqa: S603


def test_what_is_pending_is_applied_once(empty_database_url: str) -> None:
    assert len(migrations.pending(empty_database_url)) == TOTAL
    assert migrations.apply(empty_database_url) == TOTAL
    assert migrations.pending(empty_database_url) == []
    assert migrations.apply(empty_database_url) == 0


def test_processes_that_start_at_once_take_turns(empty_database_url: str) -> None:
    """Without the advisory lock the later ones fail on what the first creates."""
    processes = [start_applying(empty_database_url) for _ in range(3)]
    answers = [process.communicate(timeout=60)[0].strip() for process in processes]
    assert [process.returncode for process in processes] == [0, 0, 0]
    assert sorted(answers) == ["0", "0", str(TOTAL)]


def test_a_lock_row_left_behind_does_not_block(empty_database_url: str) -> None:
    with backend_on(empty_database_url):
        pass  # connecting makes the table of the lock
    with psycopg.connect(empty_database_url) as connection:
        connection.execute("INSERT INTO yoyo_lock (locked, ctime, pid) VALUES (1, now(), 1)")
    started = time.monotonic()
    assert migrations.apply(empty_database_url) == TOTAL
    assert time.monotonic() - started < 8, "yoyo gives up on a held lock after ten seconds"


def test_a_process_killed_half_way_leaves_nothing_to_repair(empty_database_url: str) -> None:
    with psycopg.connect(empty_database_url) as obstacle, psycopg.connect(empty_database_url) as observer:
        observer.autocommit = True
        obstacle.execute("CREATE TABLE public.bookings (id bigint)")
        process = start_applying(empty_database_url)
        waits_for(observer, obstacle.info.backend_pid)
        process.kill()
        process.communicate()
        obstacle.rollback()
    assert migrations.apply(empty_database_url) == TOTAL - 5, "those before the bookings were committed"
    assert migrations.pending(empty_database_url) == []


def waits_for(observer: psycopg.Connection, holder: int) -> None:
    """Return once another connection is stopped by a lock that `holder` has."""
    blocked = "SELECT 1 FROM pg_stat_activity WHERE %s = ANY (pg_blocking_pids(pid))"
    give_up = time.monotonic() + 20
    while observer.execute(blocked, [holder]).fetchone() is None:
        assert time.monotonic() < give_up
        time.sleep(0.02)


async def test_currency_of_the_schema(empty_database_url: str) -> None:
    connection = await asyncpg.connect(empty_database_url)
    try:
        assert not await migrations.is_current(connection)
        migrations.apply(empty_database_url)
        assert await migrations.is_current(connection)
        await connection.execute("INSERT INTO _yoyo_migration VALUES ('x', '9999.of-a-later-release', now())")
        assert await migrations.is_current(connection), "a newer schema serves this release too"
        await connection.execute("DELETE FROM _yoyo_migration WHERE migration_id LIKE '0001.%'")
        assert not await migrations.is_current(connection)
    finally:
        await connection.close()
