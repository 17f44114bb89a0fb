"""Folders that appear whole or not at all."""

from __future__ import annotations

from pathlib import Path

import pytest

from graphrec.atomic_folders import atomic_folder
from graphrec.errors import InputError
from graphrec.output_places import folder_place
from graphrec.own_kinds import FolderKind

KIND = FolderKind("model", "mark", frozenset({"fit"}), frozenset({"only in the old one"}))
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


def test_the_current_folder_is_not_replaced(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "inner").mkdir()
    monkeypatch.chdir(tmp_path / "inner")
    for folder in (Path(), Path(".."), tmp_path / "inner"):
        with pytest.raises(InputError, match="cannot take the place of the current folder"):
            folder_place(folder, KIND)
    assert folder_place(Path("new"), KIND) == tmp_path / "inner" / "new"


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
