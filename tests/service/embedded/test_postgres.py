import asyncio
import os
import signal
import sys
from collections.abc import AsyncIterator
from pathlib import Path

import asyncpg
import pytest

from service.embedded import EmbeddedPostgres, EmbeddedServerError, cluster
from service.embedded.unprivileged import NOBODY, STATE, server_uid
from tests.processes import command_line, descendants, eventually, is_alive

AS_ROOT = pytest.mark.skipif(os.geteuid() != 0, reason="only root runs Postgres as another user")


@pytest.fixture(scope="module")
async def server(server_folder: Path) -> AsyncIterator[EmbeddedPostgres]:
    """A server of this module's own, to be killed."""
    server = EmbeddedPostgres(server_folder / "its own", durable=False)
    await server.start()
    yield server
    await server.stop()
    server.remove()


async def fetch(server: EmbeddedPostgres, query: str) -> object:
    connection = await asyncpg.connect(server.url)
    try:
        return await connection.fetchval(query)
    finally:
        await connection.close()


async def crash(server: EmbeddedPostgres) -> int:
    process = server.process_id
    assert process
    os.kill(process, signal.SIGKILL)
    await server.wait()
    return process


async def test_it_is_a_unicode_database_of_our_own(server: EmbeddedPostgres) -> None:
    query = "SELECT datlocprovider::text || ' ' || datlocale || ' ' || pg_encoding_to_char(encoding) FROM pg_database"
    assert await fetch(server, f"{query} WHERE datname = current_database()") == "b C.UTF-8 UTF8"
    assert await fetch(server, "SELECT current_user || ' ' || current_database()") == "holdfast holdfast"


async def test_nobody_enters_without_the_password(server: EmbeddedPostgres) -> None:
    with pytest.raises(asyncpg.InvalidPasswordError):
        await asyncpg.connect(server.url, password="wrong")  # noqa: S106


async def test_a_crash_keeps_the_address_and_the_data(server: EmbeddedPostgres) -> None:
    await fetch(server, "CREATE TABLE kept AS SELECT 7 AS number")
    before = server.url
    await crash(server)
    await server.start()
    assert server.url == before
    assert await fetch(server, "SELECT number FROM kept") == 7


async def test_a_stale_lock_file_that_names_a_living_process_does_not_block(
    server: EmbeddedPostgres, server_folder: Path
) -> None:
    """Postgres itself refuses to start then, as `clear_remains` without its last line shows."""
    await crash(server)
    uid = server_uid()
    other = await asyncio.create_subprocess_exec(
        "sleep", "60", cwd="/", user=uid, group=uid, extra_groups=None if uid is None else ()
    )
    lock = server_folder / "its own" / "cluster" / "postmaster.pid"
    lines = lock.read_text().splitlines()
    lock.write_text("\n".join([str(other.pid), *lines[1:], ""]))
    try:
        await server.start()
        assert await fetch(server, "SELECT 1") == 1
        assert other.returncode is None
    finally:
        other.kill()
        await other.wait()


async def test_a_cluster_of_another_release_is_refused(tmp_path: Path) -> None:
    (tmp_path / "PG_VERSION").write_text("17\n")
    with pytest.raises(EmbeddedServerError, match=r"was made by PostgreSQL 17, and this is PostgreSQL 18"):
        cluster.check(tmp_path, "18", None)


async def test_a_cluster_of_another_user_is_refused(tmp_path: Path) -> None:
    with pytest.raises(EmbeddedServerError, match="start as the same user as before"):
        cluster.check(tmp_path, "18", os.geteuid() + 1)


async def test_a_server_ends_with_the_process_that_started_it(server_folder: Path) -> None:
    program = (
        "import asyncio, pathlib, sys; from service.embedded import EmbeddedPostgres\n"
        "async def main():\n"
        "    await EmbeddedPostgres(pathlib.Path(sys.argv[1]), durable=False).start()\n"
        "    print('started', flush=True); await asyncio.sleep(60)\n"
        "asyncio.run(main())"
    )
    folder = server_folder / "orphaned"
    parent = await asyncio.create_subprocess_exec(
        sys.executable, "-c", program, str(folder), stdout=asyncio.subprocess.PIPE, cwd=Path(__file__).parents[3]
    )
    assert parent.stdout
    assert await parent.stdout.readline() == b"started\n"
    started = descendants(parent.pid)
    assert any("postgres -D" in command_line(process) for process in started)
    parent.kill()
    await parent.wait()
    await eventually(lambda: not any(map(is_alive, started)))


@AS_ROOT
def test_root_runs_it_as_nobody(server: EmbeddedPostgres) -> None:
    assert Path(f"/proc/{server.process_id}").stat().st_uid == NOBODY


@AS_ROOT
async def test_root_may_keep_its_data_where_others_may_not_enter(tmp_path: Path) -> None:
    closed = tmp_path / "closed"
    closed.mkdir(mode=0o700)
    server = EmbeddedPostgres(closed / "postgres", durable=False)
    try:
        await server.start()
        assert await fetch(server, "SELECT 1") == 1
        elsewhere = (closed / "postgres" / "cluster").readlink()
        assert elsewhere.is_relative_to(STATE)
        assert closed.stat().st_mode & 0o777 == 0o700
    finally:
        await server.stop()
        server.remove()
    assert not elsewhere.exists()
