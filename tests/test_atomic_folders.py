"""Folders that appear whole or not at all."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from graphrec.atomic_folders import atomic_folder, require_replaceable
from graphrec.errors import InputError

if TYPE_CHECKING:
    from pathlib import Path


def write(folder: Path, content: str) -> None:
    with atomic_folder(folder) as draft:
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
