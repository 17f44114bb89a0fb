"""Something else in the place of a store's file: told in words with exit code 6, never waited for or read without end.

Commands run in processes of their own, with a limit of time.
"""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
from typing import TYPE_CHECKING

import pytest

from graphrec.errors import StoreDamagedError
from graphrec.store.embedded.regular_files import UnusableFileError, checksum_of, read_small
from graphrec.store.opening import open_store
from tests.commands.conftest import COMMAND
from tests.store.content import load_small

if TYPE_CHECKING:
    from pathlib import Path

MANIFEST, COPY, VERIFIED, TABLE, LOCK, DATABASE = (
    "tables/manifest.json",
    "tables/manifest.copy.json",
    "tables/verified.json",
    "tables/data/nodes/User*.parquet",
    "lock",
    "graph.lbug",
)
KINDS = ("device", "pipe", "folder", "socket", "large")
QUERY = "MATCH (n:User) RETURN count(n) AS n"


@pytest.fixture
def root(tmp_path: Path) -> Path:
    folder = tmp_path / "store"
    with open_store(folder) as store:
        load_small(store)
    return folder


def found(root: Path, name: str) -> Path:
    (path,) = root.glob(name)
    return path


def exchange(path: Path, kind: str) -> None:
    path.unlink(missing_ok=True)
    if kind == "device":
        path.symlink_to("/dev/zero")
    elif kind == "pipe":
        os.mkfifo(path)
    elif kind == "folder":
        path.mkdir()
    elif kind == "large":
        with path.open("wb") as file:
            file.truncate(1 << 40)
    else:
        here = os.open(path.parent, os.O_RDONLY)  # the names of sockets are short
        try:
            with socket.socket(socket.AF_UNIX) as listening:
                listening.bind(f"/proc/self/fd/{here}/{path.name}")
        finally:
            os.close(here)


def command(root: Path, *words: str) -> tuple[int, str]:
    done = subprocess.run(
        [*COMMAND, *words, "--store", str(root)], capture_output=True, text=True, check=False, timeout=60
    )
    assert "Traceback" not in done.stderr
    assert "unexpected" not in done.stderr
    return done.returncode, done.stderr


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("name", [MANIFEST, DATABASE, TABLE])
def test_what_is_no_file_is_damage(root: Path, name: str, kind: str) -> None:
    path = found(root, name)
    exchange(path, kind)
    code, said = command(root, "check")
    assert code == 6, said
    assert path.name in said
    code, said = command(root, "rebuild")
    if name == TABLE:
        assert (code, path.name in said) == (6, True)
    elif kind == "folder":
        assert code == 6
        assert "Move the folder" in said
        path.rmdir()
        assert command(root, "rebuild")[0] == 0
    else:
        assert code == 0, said
    if name != TABLE:
        assert command(root, "check")[0] == 0
        with open_store(root, read_only=True) as store:
            assert store.query(QUERY)["n"].tolist() == [4]


@pytest.mark.parametrize("kind", KINDS)
def test_a_copy_that_is_no_file_is_made_anew(root: Path, kind: str) -> None:
    exchange(root / COPY, kind)
    code, said = command(root, "check")
    assert code == 6, said
    code, said = command(root, "rebuild")
    if kind == "folder":
        assert (code, "Move the folder" in said) == (6, True)
        return
    assert (code, (root / COPY).read_bytes()) == (0, (root / MANIFEST).read_bytes())


@pytest.mark.parametrize("kind", KINDS)
def test_a_record_of_reading_that_is_no_file_is_passed_over(root: Path, kind: str) -> None:
    exchange(root / VERIFIED, kind)
    with open_store(root, read_only=True) as store:
        assert store.query(QUERY)["n"].tolist() == [4]


@pytest.mark.parametrize("kind", ["device", "pipe", "folder", "socket", "link"])
def test_a_lock_that_is_no_file_is_left_alone(root: Path, tmp_path: Path, kind: str) -> None:
    mine = tmp_path / "mine.txt"
    mine.write_text("years of work", encoding="utf-8")
    if kind == "link":
        (root / LOCK).unlink()
        (root / LOCK).symlink_to(mine)
    else:
        exchange(root / LOCK, kind)
    code, said = command(root, "rebuild")
    assert (code, "Move it away" in said) == (6, True)
    assert mine.read_text(encoding="utf-8") == "years of work"


def test_links_to_files_are_files(root: Path, tmp_path: Path) -> None:
    for name in (MANIFEST, COPY, TABLE, DATABASE):
        path = found(root, name)
        there = tmp_path / path.name
        shutil.move(path, there)
        path.symlink_to(there)
    with open_store(root, read_only=True) as store:
        assert store.query(QUERY)["n"].tolist() == [4]
        assert store.check().sound


def test_a_table_of_another_size_is_not_read(tmp_path: Path) -> None:
    path = tmp_path / "table"
    path.write_bytes(b"abc")
    assert read_small(path, 3) == b"abc"
    with pytest.raises(UnusableFileError, match="has 3 bytes, and 2 at most"):
        read_small(path, 2)
    with pytest.raises(UnusableFileError, match="has 3 bytes where 4"):
        checksum_of(path, 4)


def test_checking_imports_nothing_from_the_current_folder(
    root: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "graphrec").mkdir()
    for name in ("json.py", "pyarrow.py", "ladybug.py", "graphrec/__init__.py"):
        (tmp_path / name).write_text(f"open({str(tmp_path / 'ran')!r}, 'w').close()", encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("PYTHONSAFEPATH", raising=False)
    monkeypatch.syspath_prepend("")
    with open_store(root, read_only=True) as store:
        assert store.check().sound
    assert not (tmp_path / "ran").exists()


def test_a_writer_refuses_a_folder_in_the_place_of_the_database(root: Path) -> None:
    exchange(root / DATABASE, "folder")
    with open_store(root) as store, pytest.raises(StoreDamagedError, match=r"graph.lbug.*Move the folder"):
        store.delete_runs(["none"])
