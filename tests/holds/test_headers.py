"""The scripts' headers say what the bodies do: every KEYS, ARGV and result that is there, and none that is not."""

import re
from pathlib import Path

import pytest

import holds
from holds.codes import Code
from holds.engine import SCRIPTS

FOLDER = Path(holds.__file__).parent / "lua"
NUMBERED = re.compile(r"\b(KEYS|ARGV)\[(\d+)\]")
COUNTED = re.compile(r"\b(KEYS|ARGV)\[(?!\d+\])")
"""Read by a computed index, as the last of a list are."""
DOCUMENTED = re.compile(r"^-- (KEYS|ARGV)\[(\d+)(…?)\] +\S", re.MULTILINE)

scripts = pytest.mark.parametrize("name", SCRIPTS)


def parts(name: str) -> tuple[str, str]:
    """The script's header, which ends at the first line that is no comment, and its body without comments."""
    lines = (FOLDER / f"{name}.lua").read_text(encoding="utf-8").splitlines()
    assert lines[0].startswith("#!lua")
    end = next(i for i, line in enumerate(lines[1:], 1) if not line.startswith("--"))
    return "\n".join(lines[1:end]), "\n".join(line.partition("--")[0] for line in lines[end:])


@scripts
def test_every_argument_that_is_read_is_documented_and_no_other(name: str) -> None:
    header, body = parts(name)
    documented = {(kind, number) for kind, number, _ in DOCUMENTED.findall(header)}
    lists = {(kind, number) for kind, number, more in DOCUMENTED.findall(header) if more}
    read = set(NUMBERED.findall(body))
    assert read - documented == set()
    assert documented - lists - read == set()
    assert set(COUNTED.findall(body)) == {kind for kind, _ in lists}


@scripts
def test_arguments_are_documented_in_order_without_gaps(name: str) -> None:
    for kind in ("KEYS", "ARGV"):
        numbers = [int(number) for found, number, _ in DOCUMENTED.findall(parts(name)[0]) if found == kind]
        assert numbers == list(range(1, len(numbers) + 1))


@scripts
def test_every_result_is_documented_and_no_other(name: str) -> None:
    header, body = parts(name)
    _, found, results = header.partition("\n-- Returns ")
    assert found
    documented = set(re.findall(r"(?<![\d-])-\d+", results))
    returned = set(re.findall(r"(?<=[{ ])-\d+(?=[,}\s])", "\n".join(re.findall(r"return .*", body))))
    assert returned == documented
    assert {int(code) for code in returned} <= {int(code) for code in Code}


def test_every_code_is_some_scripts_result() -> None:
    documented = "\n".join(parts(name)[0] for name in SCRIPTS)
    for code in Code:
        assert re.search(rf"(?<![\d-]){int(code)}\b", documented), code


@pytest.mark.parametrize("path", [*FOLDER.glob("**/*.lua")], ids=lambda path: path.stem)
def test_lines_are_short_and_time_is_redis_own(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    assert max(map(len, text.splitlines())) <= 128
    assert "os.time" not in text
    assert ("'TIME'" in text) == (path.stem == "clock")
