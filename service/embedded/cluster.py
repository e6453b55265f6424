"""The files of a Postgres cluster: making them, and telling whether they can be used."""

import asyncio
import os
import shutil
import signal
import sys
from asyncio.subprocess import DEVNULL, PIPE, STDOUT
from pathlib import Path

from .errors import EmbeddedServerError
from .process import environment

OPTIONS = (
    "--auth=scram-sha-256",
    "--locale-provider=builtin",
    "--builtin-locale=C.UTF-8",
    "--locale=C",
    "--encoding=UTF8",
    "--no-instructions",
)


async def initialise(programs: Path, cluster: Path, password: str, uid: int | None) -> None:
    """Make an empty cluster owned by `uid`, complete or not at all."""
    half = cluster.with_name(cluster.name + ".new")
    shutil.rmtree(half, ignore_errors=True)
    half.mkdir(mode=0o700)
    secret = half.with_suffix(".password")
    write_private(secret, password)
    if uid is not None:
        os.chown(half, uid, uid)
        os.chown(secret, uid, uid)
    command = [str(programs / "initdb"), "-D", str(half), "-U", "holdfast", f"--pwfile={secret}", *OPTIONS]
    process = await asyncio.create_subprocess_exec(
        *command,
        stdin=DEVNULL,
        stdout=PIPE,
        stderr=STDOUT,
        cwd="/",
        env=environment(),
        user=uid,
        group=uid,
        extra_groups=None if uid is None else (),
    )
    output, _ = await process.communicate()
    secret.unlink()
    if process.returncode != 0:
        raise EmbeddedServerError(f"Postgres could not make its data folder:\n{output.decode(errors='replace')}")
    half.rename(cluster)


def check(cluster: Path, major: str, uid: int | None) -> None:
    """Raise `EmbeddedServerError` when the cluster is of another major release or of another user."""
    owner = cluster.stat().st_uid
    expected = os.geteuid() if uid is None else uid
    if owner != expected:
        raise EmbeddedServerError(
            f"{cluster} was made by user {owner}, and Postgres would run as user {expected} now: "
            "start as the same user as before, or with another data folder."
        )
    made_by = (cluster / "PG_VERSION").read_text().strip()
    if made_by != major:
        raise EmbeddedServerError(
            f"{cluster} was made by PostgreSQL {made_by}, and this is PostgreSQL {major}: "
            "move the data with pg_dump and psql, or start with another data folder."
        )


def write_private(path: Path, text: str) -> None:
    """Write a file that nobody else can read, not even for a moment."""
    path.unlink(missing_ok=True)
    path.touch(mode=0o600)
    path.write_text(text)


async def clear_remains(cluster: Path, patience: float = 10) -> None:
    """Wait until no process of an earlier run is left in the cluster, then remove its lock file.

    The lock file names a process id. After a crash another program may have that number, and Postgres would
    refuse to start; removing the file is safe only when nobody works in the cluster, which `/proc` tells.
    """
    deadline = asyncio.get_running_loop().time() + patience
    while at_work := _processes_in(cluster):
        if asyncio.get_running_loop().time() > deadline:
            raise EmbeddedServerError(f"Another Postgres (process {at_work[0]}) still uses {cluster}.")
        for process in at_work:
            _ask_to_stop(process)
        await asyncio.sleep(0.1)
    if sys.platform == "linux":
        (cluster / "postmaster.pid").unlink(missing_ok=True)


def _processes_in(cluster: Path) -> list[int]:
    found = []
    place = cluster.resolve()
    for process in Path("/proc").glob("[0-9]*"):
        try:
            if (process / "cwd").readlink() == place and (process / "comm").read_text() == "postgres\n":
                found.append(int(process.name))
        except OSError:  # it ended, or is another user's
            continue
    return found


def _ask_to_stop(process: int) -> None:
    try:
        os.kill(process, signal.SIGINT)
    except ProcessLookupError:
        return
