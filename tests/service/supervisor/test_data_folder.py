import os
from pathlib import Path

import pytest

from service.supervisor import DataFolder, StartError


def test_one_process_at_a_time(tmp_path: Path) -> None:
    folder = DataFolder(tmp_path / "data")
    with folder.claim() as first, folder.claim() as second:
        assert (first, second) == (True, False)
    with folder.claim() as third:
        assert third


def test_fresh_empties_it(tmp_path: Path) -> None:
    folder = DataFolder(tmp_path / "data")
    with folder.claim():
        folder.jwt_secret()
        (folder.path / "redis").mkdir()
    with folder.claim(fresh=True):
        assert [entry.name for entry in folder.path.iterdir()] == [".holdfast"]


def test_fresh_spares_what_another_process_uses(tmp_path: Path) -> None:
    folder = DataFolder(tmp_path / "data")
    with folder.claim(), folder.claim(fresh=True):
        secret = folder.jwt_secret()
        with folder.claim(fresh=True) as claimed:
            assert not claimed
        assert folder.jwt_secret() == secret


@pytest.mark.parametrize(
    ("file", "content", "message"),
    [
        ("letter.txt", "dear friend", "has files but is not a data folder"),
        (".holdfast", "Holdfast data folder, format 99\n", "is of another version of Holdfast"),
    ],
)
def test_a_folder_that_is_not_ours_is_left_alone(tmp_path: Path, file: str, content: str, message: str) -> None:
    (tmp_path / file).write_text(content)
    with pytest.raises(StartError, match=message), DataFolder(tmp_path).claim(fresh=True):
        pass
    assert (tmp_path / file).read_text() == content


def test_a_file_is_no_folder(tmp_path: Path) -> None:
    (tmp_path / "data").touch()
    with pytest.raises(StartError, match="cannot be used"), DataFolder(tmp_path / "data").claim():
        pass


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can give a folder away")
def test_another_users_folder_is_refused(tmp_path: Path) -> None:
    os.chown(tmp_path, 12_345, 12_345)
    with pytest.raises(StartError, match="belongs to user 12345, and this is user 0"), DataFolder(tmp_path).claim():
        pass
