"""Loading Lua scripts: `-- @include lib/name` puts that file there, once."""

import hashlib
import re
from dataclasses import dataclass
from pathlib import Path
from typing import Self

_INCLUDE = re.compile(r"^-- @include (\S+)(?:\n|\Z)", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Script:
    """A Lua script, ready to run; `sha` is what `EVALSHA` calls it."""

    name: str
    source: str
    sha: str

    @classmethod
    def of(cls, name: str, source: str) -> Self:
        """The script with this text."""
        return cls(name, source, hashlib.sha1(source.encode(), usedforsecurity=False).hexdigest())


def load(folder: Path) -> dict[str, Script]:
    """The scripts of `folder` by name, with their includes from below it. Raises `OSError` for a missing include."""
    return {path.stem: _load(path, folder) for path in sorted(folder.glob("*.lua"))}


def _load(path: Path, folder: Path) -> Script:
    included: set[str] = set()

    def include(match: re.Match[str]) -> str:
        name = match[1]
        if name in included:
            return ""
        included.add(name)
        return _INCLUDE.sub(include, (folder / f"{name}.lua").read_text(encoding="utf-8"))

    source = _INCLUDE.sub(include, path.read_text(encoding="utf-8"))
    return Script.of(path.stem, source)
