"""Loading scripts with their includes."""

import hashlib
from pathlib import Path

import pytest

from holds import scripts


def write(folder: Path, **files: str) -> Path:
    """Files of Lua; `a_b` becomes `a/b.lua`."""
    for name, text in files.items():
        path = folder / f"{name.replace('_', '/')}.lua"
        path.parent.mkdir(exist_ok=True)
        path.write_text(text)
    return folder


def test_a_script_is_its_text_and_its_hash(tmp_path: Path) -> None:
    (script,) = scripts.load(write(tmp_path, add="#!lua\nreturn 1\n")).values()
    assert script.name == "add"
    assert script.source == "#!lua\nreturn 1\n"
    assert script.sha == hashlib.sha1(b"#!lua\nreturn 1\n").hexdigest()  # noqa: S324  # what Redis calls it


def test_an_include_stands_where_it_is_named(tmp_path: Path) -> None:
    folder = write(tmp_path, add="-- first\n-- @include lib/one\nlast()\n", lib_one="one()\n")
    assert scripts.load(folder)["add"].source == "-- first\none()\nlast()\n"


def test_includes_nest(tmp_path: Path) -> None:
    folder = write(tmp_path, add="-- @include lib/two\n", lib_one="one()\n", lib_two="-- @include lib/one\ntwo()\n")
    assert scripts.load(folder)["add"].source == "one()\ntwo()\n"


def test_what_is_included_twice_is_there_once(tmp_path: Path) -> None:
    main = "-- @include lib/one\n-- @include lib/two\n-- @include lib/one\n"
    folder = write(tmp_path, add=main, lib_one="one()\n", lib_two="-- @include lib/one\ntwo()\n")
    assert scripts.load(folder)["add"].source == "one()\ntwo()\n"


def test_includes_may_go_in_a_circle(tmp_path: Path) -> None:
    folder = write(
        tmp_path,
        add="-- @include lib/one\n",
        lib_one="-- @include lib/two\none()\n",
        lib_two="-- @include lib/one\ntwo()\n",
    )
    assert scripts.load(folder)["add"].source == "two()\none()\n"


def test_a_last_line_without_an_end_counts(tmp_path: Path) -> None:
    folder = write(tmp_path, add="-- @include lib/one", lib_one="one()\n")
    assert scripts.load(folder)["add"].source == "one()\n"


def test_a_missing_include(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError):
        scripts.load(write(tmp_path, add="-- @include lib/nothing\n"))
