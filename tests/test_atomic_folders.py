"""Folders that appear whole or not at all."""

from __future__ import annotations

import errno
import os
from typing import TYPE_CHECKING

import pytest

from graphrec.atomic_folders import atomic_folder, require_replaceable
from graphrec.errors import InputError

if TYPE_CHECKING:
    from pathlib import Path


def write(folder: Path, content: str) -> None:
    with atomic_folder(folder, "mark") as draft:
        (draft / "mark").write_text(content)
        assert not (folder / "mark").exists() or (folder / "mark").read_text() != content


def test_the_new_folder_takes_the_place_of_the_old_one(tmp_path: Path) -> None:
    folder = tmp_path / "above" / "fit"
    write(folder, "one")
    (folder / "only in the old one").touch()
    write(folder, "two")
    assert [path.name for path in folder.iterdir()] == ["mark"]
    assert (folder / "mark").read_text() == "two"
    assert [path.name for path in folder.parent.iterdir()] == ["fit"]


def test_an_error_leaves_the_old_folder_as_it_was(tmp_path: Path) -> None:
    write(tmp_path / "fit", "one")
    with pytest.raises(TypeError):
        write(tmp_path / "fit", b"two")  # type: ignore[arg-type]
    assert (tmp_path / "fit" / "mark").read_text() == "one"
    assert [path.name for path in tmp_path.iterdir()] == ["fit"]


def test_the_old_folder_is_moved_before_it_is_removed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A removal that never happens, as when the process is killed, harms neither folder."""
    write(tmp_path / "fit", "one")
    monkeypatch.setattr("graphrec.atomic_folders.shutil.rmtree", lambda *_, **__: None)
    write(tmp_path / "fit", "two")
    assert {path.name: (path / "mark").read_text() for path in tmp_path.iterdir()} == {
        "fit": "two",
        "fit.graphrec-old": "one",
    }
    monkeypatch.undo()
    write(tmp_path / "fit", "three")
    assert {path.name: (path / "mark").read_text() for path in tmp_path.iterdir()} == {"fit": "three"}


def test_a_folder_that_is_not_ours_is_refused(tmp_path: Path) -> None:
    require_replaceable(tmp_path / "absent", "mark", "model")
    require_replaceable(tmp_path, "mark", "model")
    (tmp_path / "thesis.txt").touch()
    with pytest.raises(InputError, match="something that is no model"):
        require_replaceable(tmp_path, "mark", "model")
    with pytest.raises(InputError, match="a file, not a folder"):
        require_replaceable(tmp_path / "thesis.txt", "mark", "model")
    (tmp_path / "mark").touch()
    require_replaceable(tmp_path, "mark", "model")
    with pytest.raises(InputError, match=r"holds 'thesis.txt', which is no part of an export"):
        require_replaceable(tmp_path, "mark", "export", names=["mark", "*.csv"])


def test_a_kill_between_the_two_renames_is_mended_before_anything_else_can_fail(tmp_path: Path) -> None:
    write(tmp_path / "fit", "one")
    (tmp_path / "fit").rename(tmp_path / "fit.graphrec-old")
    (tmp_path / "fit.graphrec-writing").mkdir()
    with pytest.raises(TypeError):
        write(tmp_path / "fit", b"two")  # type: ignore[arg-type]
    assert {path.name: (path / "mark").read_text() for path in tmp_path.iterdir()} == {"fit": "one"}


def test_what_a_link_points_to_is_replaced_and_the_link_stays(tmp_path: Path) -> None:
    (tmp_path / "elsewhere").mkdir()
    (tmp_path / "fit").symlink_to(tmp_path / "elsewhere")
    write(tmp_path / "fit", "one")
    assert (tmp_path / "fit").is_symlink()
    assert [path.name for path in (tmp_path / "elsewhere").iterdir()] == ["mark"]


def busy(self: Path, target: Path) -> Path:
    """Rename as the system does, but not a folder called ``fit``: a mount point."""
    if self.name == "fit":
        raise OSError(errno.EBUSY, "Device or resource busy")
    os.rename(self, target)  # noqa: PTH104
    return target


@pytest.mark.parametrize("stays", ["current", "mount", "busy"])
def test_a_folder_that_cannot_be_renamed_is_filled_in_place(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, stays: str
) -> None:
    folder = tmp_path / "fit"
    (folder / "below").mkdir(parents=True)
    (folder / "mark").write_text("zero")
    (folder / "below" / "file").touch()
    number = folder.stat().st_ino
    if stays == "current":
        monkeypatch.chdir(folder / "below" / "..")
    elif stays == "mount":
        monkeypatch.setattr(type(folder), "is_mount", lambda self: self.name == "fit")
    else:
        monkeypatch.setattr(type(folder), "rename", busy)
    write(folder, "one")
    assert {path.name: path.read_text() for path in folder.iterdir()} == {"mark": "one"}
    assert folder.stat().st_ino == number
    assert [path.name for path in tmp_path.iterdir()] == ["fit"]


def test_a_folder_that_was_left_incomplete_in_place_may_be_replaced(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = tmp_path / "fit"
    write(folder, "one")
    monkeypatch.chdir(folder)

    def stop(self: Path, target: Path) -> Path:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(type(folder), "rename", stop)
        with pytest.raises(KeyboardInterrupt):
            write(folder, "two")
    assert not (folder / "mark").exists()
    require_replaceable(folder, "mark", "model", names=["mark"])
    write(folder, "three")
    assert {path.name: path.read_text() for path in folder.iterdir()} == {"mark": "three"}
