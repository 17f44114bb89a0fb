"""Files that appear whole or not at all, and never in the place of something else."""

from __future__ import annotations

import errno
import os
import socket
import stat
import subprocess
import sys
import threading
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from graphrec.errors import InputError
from graphrec.own_kinds import PAGE, SPLIT, FileKind
from graphrec.whole_file import whole_file, write_whole

OURS = FileKind("page", lambda path: path.read_bytes().startswith(b"ours"))
FOLDERS = FileKind("page", OURS.is_one, makes_folder=True)


def test_a_new_file_an_empty_one_and_an_older_one_of_its_kind_are_written(tmp_path: Path) -> None:
    file = tmp_path / "page"
    write_whole("ours 1", file, OURS)
    write_whole("ours 2", file, OURS)
    (tmp_path / "empty").touch()
    write_whole("ours 3", tmp_path / "empty", OURS)
    assert {path.name: path.read_text() for path in tmp_path.iterdir()} == {"page": "ours 2", "empty": "ours 3"}


def test_what_is_of_another_kind_stays(tmp_path: Path) -> None:
    file = tmp_path / "thesis.html"
    file.write_text("years of work")
    with pytest.raises(InputError, match=rf"no page, and it is not replaced \({file}\). Name another file"):
        write_whole("ours", file, OURS)
    assert [(path.name, path.read_text()) for path in tmp_path.iterdir()] == [("thesis.html", "years of work")]


def test_the_permissions_of_a_file_are_kept(tmp_path: Path) -> None:
    file = tmp_path / "page"
    write_whole("ours", file, OURS)
    assert stat.S_IMODE(file.stat().st_mode) == 0o666 & ~_umask()
    file.chmod(0o640)
    write_whole("ours too", file, OURS)
    assert stat.S_IMODE(file.stat().st_mode) == 0o640


def _umask() -> int:
    os.umask(mask := os.umask(0))
    return mask


def test_an_error_leaves_the_old_file_and_nothing_beside_it(tmp_path: Path) -> None:
    write_whole("ours", tmp_path / "page", OURS)
    with pytest.raises(TypeError), whole_file(tmp_path / "page", OURS) as draft:
        draft.write_text(5)  # type: ignore[arg-type]
    assert [(path.name, path.read_text()) for path in tmp_path.iterdir()] == [("page", "ours")]


def test_a_draft_of_a_process_that_was_killed_goes_and_one_of_a_living_process_stays(tmp_path: Path) -> None:
    code = (
        "import os, sys; from pathlib import Path; from tests.test_whole_file import OURS\n"
        "from graphrec.whole_file import whole_file\n"
        "with whole_file(Path(sys.argv[1]), OURS) as draft: os._exit(9)"
    )
    assert subprocess.run([sys.executable, "-c", code, str(tmp_path / "page")], check=False).returncode == 9
    (left,) = tmp_path.iterdir()
    write_whole("ours", tmp_path / "page", OURS)
    assert left.exists()  # it may be that of a process on another machine
    os.utime(left, (0, 0))
    with whole_file(tmp_path / "page", OURS) as draft:
        draft.write_text("ours")
        write_whole("ours, by another thread", tmp_path / "page", OURS)
    assert [(path.name, path.read_text()) for path in tmp_path.iterdir()] == [("page", "ours")]


def test_a_link_is_written_through_by_the_same_rule(tmp_path: Path) -> None:
    (tmp_path / "link").symlink_to("page")
    write_whole("ours", tmp_path / "link", OURS)
    assert (tmp_path / "link").is_symlink()
    assert (tmp_path / "page").read_text() == "ours"
    (tmp_path / "page").write_text("theirs")
    with pytest.raises(InputError, match="not replaced"):
        write_whole("ours", tmp_path / "link", OURS)
    (tmp_path / "round").symlink_to("round")
    with pytest.raises(OSError, match=r"round") as refused:
        write_whole("ours", tmp_path / "round", OURS)
    assert refused.value.errno == errno.ELOOP


def test_a_missing_folder_is_made_where_the_kind_says_so(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="the folder of the file is not there"):
        write_whole("ours", tmp_path / "new" / "page", OURS)
    write_whole("ours", tmp_path / "new" / "er" / "page", FOLDERS)
    assert (tmp_path / "new" / "er" / "page").read_text() == "ours"
    with pytest.raises(FileExistsError):
        write_whole("ours", tmp_path / "new" / "er" / "page" / "page", FOLDERS)
    with pytest.raises(InputError, match="this is a folder, not a file"):
        write_whole("ours", tmp_path / "new", FOLDERS)
    with pytest.raises(InputError, match="this is no path"):
        write_whole("ours", Path("a\0b"), OURS)


def test_a_long_name_has_a_draft_too(tmp_path: Path) -> None:
    write_whole("ours", tmp_path / ("n" * 250), OURS)
    with pytest.raises(OSError, match="File name too long"):
        write_whole("ours", tmp_path / ("n" * 256), OURS)
    assert [path.name for path in tmp_path.iterdir()] == ["n" * 250]


def test_a_pipe_is_written_into(tmp_path: Path) -> None:
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    read: list[bytes] = []
    reader = threading.Thread(target=lambda: read.append(pipe.read_bytes()), daemon=True)
    reader.start()
    write_whole("any kind", pipe, OURS)
    reader.join(timeout=20)
    assert read == [b"any kind"]
    assert pipe.is_fifo()


def test_a_reader_that_leaves_early_is_no_failure(tmp_path: Path) -> None:
    ours, theirs = os.pipe()
    os.close(ours)
    try:
        write_whole("x" * 1_000_000, Path(f"/dev/fd/{theirs}"), OURS)
    finally:
        os.close(theirs)


def test_an_open_file_is_written_into_and_not_replaced(tmp_path: Path) -> None:
    """As ``--html /dev/stdout > FILE`` does."""
    with (tmp_path / "log").open("wb", buffering=0) as log:
        log.write(b"first\n")
        write_whole("second\n", Path(f"/dev/fd/{log.fileno()}"), OURS)
        log.write(b"third\n")
    assert (tmp_path / "log").read_text() == "first\nsecond\nthird\n"
    with pytest.raises(OSError, match="Bad file descriptor: '/dev/fd/99999'"):
        write_whole("x", Path("/dev/fd/99999"), OURS)


def test_devices(tmp_path: Path) -> None:
    write_whole("gone", Path("/dev/null"), OURS)
    assert Path("/dev/null").is_char_device()
    with pytest.raises(OSError, match="No space left on device: '/dev/full'"):
        write_whole("full", Path("/dev/full"), OURS)
    with socket.socket(socket.AF_UNIX) as one:
        one.bind(str(tmp_path / "socket"))
        with pytest.raises(InputError, match="a device or a socket"):
            write_whole("x", tmp_path / "socket", OURS)


@pytest.mark.parametrize("mark", ["graph.lbug", "tables/manifest.json"])
def test_nothing_is_written_inside_a_store(tmp_path: Path, mark: str) -> None:
    (tmp_path / "store" / "tables" / "runs").mkdir(parents=True)
    (tmp_path / "store" / mark).touch()
    for place in ("page", "tables/page", "tables/runs/page", "tables/manifest.json"):
        with pytest.raises(InputError, match=r"inside the store .*Name a place outside of it"):
            write_whole("ours", tmp_path / "store" / place, FOLDERS)
    write_whole("ours", tmp_path / "page", OURS)


def test_nothing_is_written_beside_the_parts_of_a_model(tmp_path: Path) -> None:
    (tmp_path / "model.json").write_text('{"format": 3, "fit": "f", "model": "ease", "config": {}}')
    with pytest.raises(InputError, match="inside the folder of a model"):
        write_whole("ours", tmp_path / "page", OURS)


def test_how_pages_and_splits_are_recognised(tmp_path: Path) -> None:
    file = tmp_path / "file"
    file.write_text('<!DOCTYPE html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n<title>Mine</title>')
    assert not PAGE.is_one(file)
    assert not SPLIT.is_one(file)
    pq.write_table(pa.table({"user": ["u"], "item": ["i"], "part": ["train"]}), file)
    assert not SPLIT.is_one(file)
    pq.write_table(pa.table({"user": ["u"]}).replace_schema_metadata({"graphrec.split": "{}"}), file)
    assert SPLIT.is_one(file)
    assert not PAGE.is_one(file)
