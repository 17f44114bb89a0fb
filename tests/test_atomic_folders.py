"""Folders that appear whole or not at all."""

from __future__ import annotations

import errno
import os
from typing import TYPE_CHECKING

import pytest

from graphrec.atomic_folders import atomic_folder
from graphrec.errors import InputError
from graphrec.output_places import folder_place
from graphrec.own_kinds import FolderKind, has_keys

if TYPE_CHECKING:
    from pathlib import Path

KIND = FolderKind("model", "mark", has_keys("fit"), frozenset({"only in the old one", "below", "part-*.csv"}))
ONE, TWO, THREE = ('{"fit": 1}', '{"fit": 2}', '{"fit": 3}')


def write(folder: Path, content: str) -> None:
    with atomic_folder(folder, KIND) as draft:
        (draft / "mark").write_text(content)
        assert not (folder / "mark").exists() or (folder / "mark").read_text() != content


def test_the_new_folder_takes_the_place_of_the_old_one(tmp_path: Path) -> None:
    folder = tmp_path / "above" / "fit"
    write(folder, ONE)
    (folder / "only in the old one").touch()
    write(folder, TWO)
    assert [path.name for path in folder.iterdir()] == ["mark"]
    assert (folder / "mark").read_text() == TWO
    assert [path.name for path in folder.parent.iterdir()] == ["fit"]


def test_an_error_leaves_the_old_folder_as_it_was(tmp_path: Path) -> None:
    write(tmp_path / "fit", ONE)
    with pytest.raises(TypeError):
        write(tmp_path / "fit", b"two")  # type: ignore[arg-type]
    assert (tmp_path / "fit" / "mark").read_text() == ONE
    assert [path.name for path in tmp_path.iterdir()] == ["fit"]


def test_the_old_folder_is_moved_before_it_is_removed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A removal that never happens, as when the process is killed, harms neither folder."""
    write(tmp_path / "fit", ONE)
    monkeypatch.setattr("graphrec.atomic_folders.shutil.rmtree", lambda *_, **__: None)
    write(tmp_path / "fit", TWO)
    assert {path.name: (path / "mark").read_text() for path in tmp_path.iterdir()} == {
        "fit": TWO,
        "fit.graphrec-old": ONE,
    }
    monkeypatch.undo()
    write(tmp_path / "fit", THREE)
    assert {path.name: (path / "mark").read_text() for path in tmp_path.iterdir()} == {"fit": THREE}


def test_a_folder_that_is_not_ours_is_refused(tmp_path: Path) -> None:
    assert folder_place(tmp_path / "absent", KIND) == tmp_path / "absent"
    assert folder_place(tmp_path, KIND) == tmp_path
    (tmp_path / "thesis.txt").touch()
    with pytest.raises(InputError, match="something that is no model"):
        folder_place(tmp_path, KIND)
    with pytest.raises(InputError, match="a file, not a folder"):
        folder_place(tmp_path / "thesis.txt", KIND)
    for content in ("", "{}", "[" * 3000, '{"other": 1}'):
        (tmp_path / "mark").write_text(content)
        with pytest.raises(InputError, match="something that is no model"):
            folder_place(tmp_path, KIND)
    (tmp_path / "mark").write_text('{"fit": "one"}')
    with pytest.raises(InputError, match=r"beside the model the folder holds 'thesis.txt'.*Move that away"):
        folder_place(tmp_path, KIND)
    (tmp_path / "thesis.txt").unlink()
    assert folder_place(tmp_path, KIND) == tmp_path


def test_a_link_to_a_folder_is_written_through(tmp_path: Path) -> None:
    write(tmp_path / "disk" / "fit", '{"fit": "one"}')
    (tmp_path / "link").symlink_to(tmp_path / "disk" / "fit")
    write(tmp_path / "link", '{"fit": "two"}')
    assert (tmp_path / "link").is_symlink()
    assert (tmp_path / "disk" / "fit" / "mark").read_text() == '{"fit": "two"}'
    assert sorted(path.name for path in tmp_path.rglob("*")) == ["disk", "fit", "link", "mark"]


def test_what_the_system_refuses_names_the_folder_that_was_named(tmp_path: Path) -> None:
    (tmp_path / "fit.graphrec-writing").touch()
    with pytest.raises(FileExistsError) as refused, atomic_folder(tmp_path / "fit", KIND):
        pass
    assert refused.value.filename == str(tmp_path / "fit")


def test_names_of_parts_may_be_patterns(tmp_path: Path) -> None:
    write(tmp_path / "fit", ONE)
    (tmp_path / "fit" / "part-1.csv").touch()
    write(tmp_path / "fit", TWO)
    (tmp_path / "fit" / "part-1.txt").touch()
    with pytest.raises(InputError, match=r"the folder holds 'part-1.txt', which is no part of it"):
        write(tmp_path / "fit", THREE)
    assert (tmp_path / "fit" / "mark").read_text() == TWO


def test_a_kill_between_the_two_renames_is_mended_before_anything_else_can_fail(tmp_path: Path) -> None:
    write(tmp_path / "fit", ONE)
    (tmp_path / "fit").rename(tmp_path / "fit.graphrec-old")
    (tmp_path / "fit.graphrec-writing").mkdir()
    with pytest.raises(TypeError):
        write(tmp_path / "fit", b"two")  # type: ignore[arg-type]
    assert {path.name: (path / "mark").read_text() for path in tmp_path.iterdir()} == {"fit": ONE}


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
    (folder / "mark").write_text('{"fit": 0}')
    (folder / "below" / "file").touch()
    number = folder.stat().st_ino
    if stays == "current":
        monkeypatch.chdir(folder / "below" / "..")
    elif stays == "mount":
        monkeypatch.setattr(type(folder), "is_mount", lambda self: self.name == "fit")
    else:
        monkeypatch.setattr(type(folder), "rename", busy)
    write(folder, ONE)
    assert {path.name: path.read_text() for path in folder.iterdir()} == {"mark": ONE}
    assert folder.stat().st_ino == number
    assert [path.name for path in tmp_path.iterdir()] == ["fit"]


def test_a_folder_that_was_left_incomplete_in_place_may_be_replaced(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = tmp_path / "fit"
    write(folder, ONE)
    monkeypatch.chdir(folder)

    def stop(self: Path, target: Path) -> Path:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(type(folder), "rename", stop)
        with pytest.raises(KeyboardInterrupt):
            write(folder, TWO)
    assert not (folder / "mark").exists()
    write(folder, THREE)
    assert {path.name: path.read_text() for path in folder.iterdir()} == {"mark": THREE}
