from pathlib import Path

import pytest

from broadsheet.lib.files import AlreadyLocked, append, locked, settled


def test_a_file_has_one_holder_at_a_time(tmp_path: Path) -> None:
    path = tmp_path / "new folder" / "lock"

    with locked(path) as file:
        file.write(b"mine")
        with pytest.raises(AlreadyLocked, match="lock"), locked(path, wait=False):
            pass

    with locked(path, wait=False) as file:
        assert file.read() == b"mine"


def test_an_error_lets_the_file_go(tmp_path: Path) -> None:
    with pytest.raises(RuntimeError), locked(tmp_path / "lock"):
        raise RuntimeError

    with locked(tmp_path / "lock", wait=False):
        pass


def test_what_is_added_while_a_file_is_renamed_goes_into_one_of_the_two(tmp_path: Path) -> None:
    path = tmp_path / "folder" / "file"
    append(path, b"one")
    aside = path.rename(tmp_path / "aside")

    append(path, b"two")

    assert settled(aside) == b"one"
    assert settled(path) == b"two"
