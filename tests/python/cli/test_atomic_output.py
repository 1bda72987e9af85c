"""Files are written whole or not at all."""

from __future__ import annotations

import os
import stat
from pathlib import Path

import pytest
from bailiwick.cli.files.atomic_output import output_file, remove_drafts
from bailiwick.cli.terminal.errors import UnwritableError
from bailiwick.cli.terminal.interruption import Interrupted


def names(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


def test_a_file_gets_its_name_at_the_end(tmp_path: Path) -> None:
    with output_file(str(tmp_path / "out")) as file:
        file.write(b"half")
        file.flush()
        assert "out" not in names(tmp_path)
        file.write(b" and half")
    assert (names(tmp_path), (tmp_path / "out").read_bytes()) == (["out"], b"half and half")


@pytest.mark.parametrize("wrong", [ValueError(), KeyboardInterrupt(), SystemExit(), Interrupted(2)])
def test_whatever_goes_wrong_leaves_what_was_there(tmp_path: Path, wrong: BaseException) -> None:
    (tmp_path / "out").write_bytes(b"old")
    with pytest.raises(type(wrong)), output_file(str(tmp_path / "out")) as file:
        file.write(b"new")
        raise wrong
    assert (names(tmp_path), (tmp_path / "out").read_bytes()) == (["out"], b"old")


def test_a_renaming_that_fails_leaves_nothing_behind(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "replace", fail)
    with pytest.raises(UnwritableError, match="no space left on device"), output_file(str(tmp_path / "out")) as file:
        file.write(b"new")
    assert names(tmp_path) == []


def test_permissions_stay(tmp_path: Path) -> None:
    path = tmp_path / "out"
    path.write_bytes(b"old")
    path.chmod(0o640)
    with output_file(str(path)) as file:
        file.write(b"new")
    assert (stat.S_IMODE(path.stat().st_mode), path.read_bytes()) == (0o640, b"new")
    with output_file(str(tmp_path / "secret"), mode=0o600) as file:
        assert stat.S_IMODE(os.fstat(file.fileno()).st_mode) == 0o600
    assert stat.S_IMODE((tmp_path / "secret").stat().st_mode) == 0o600


def test_a_link_stays_a_link(tmp_path: Path) -> None:
    (tmp_path / "real").write_bytes(b"old")
    (tmp_path / "link").symlink_to("real")
    with output_file(str(tmp_path / "link")) as file:
        file.write(b"new")
    assert ((tmp_path / "link").is_symlink(), (tmp_path / "real").read_bytes()) == (True, b"new")


def test_a_new_file_replaces_none(tmp_path: Path) -> None:
    path = tmp_path / "out"
    with output_file(str(path), is_new=True) as file:
        file.write(b"first")
    with pytest.raises(UnwritableError, match="not overwritten"), output_file(str(path), is_new=True) as file:
        file.write(b"second")
    late = tmp_path / "late"
    with pytest.raises(UnwritableError), output_file(str(late), is_new=True) as file:
        file.write(b"ours")
        late.write_bytes(b"somebody else's")
    assert (path.read_bytes(), late.read_bytes(), names(tmp_path)) == (b"first", b"somebody else's", ["late", "out"])


def test_places_that_cannot_be_written(tmp_path: Path) -> None:
    for place in (tmp_path / "none" / "out", tmp_path / ("n" * 300)):
        with pytest.raises(UnwritableError) as caught, output_file(str(place)):
            pass
        assert (caught.value.code, caught.value.path) == ("unwritable", None)
    (tmp_path / "folder").mkdir()
    with pytest.raises(UnwritableError), output_file(str(tmp_path / "folder")):
        pass
    assert names(tmp_path) == ["folder"]


def test_a_device_is_written_as_it_is() -> None:
    with output_file(os.devnull) as file:
        file.write(b"gone")
    assert stat.S_ISCHR(os.stat(os.devnull).st_mode)


def test_a_process_that_ends_without_unwinding_can_forget_its_drafts(tmp_path: Path) -> None:
    with pytest.raises(UnwritableError), output_file(str(tmp_path / "out")):
        remove_drafts()
        assert names(tmp_path) == []
    assert names(tmp_path) == []
