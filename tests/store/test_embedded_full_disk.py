"""A disk that is really full, and a folder that really may not be written: file systems of their own in memory."""

from __future__ import annotations

import subprocess
from typing import TYPE_CHECKING

import pyarrow as pa
import pytest

from graphrec.errors import StoreError
from graphrec.store.embedded.embedded_store import EmbeddedStore
from graphrec.store.embedded.manifest import read_manifest
from graphrec.store.export import export_store
from graphrec.tables import GraphTables
from tests.commands.conftest import in_a_process
from tests.store.content import SMALL, copied_small, everything
from tests.store.test_embedded_faults import files

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

EVE = GraphTables({"User": pa.table({"id": ["eve"], "name": ["Eve"]})})
CHANGES: dict[str, Callable[[EmbeddedStore], object]] = {
    "load": lambda store: store.load(EVE, SMALL),
    "use": lambda store: store.use_run("old"),
    "delete": lambda store: store.delete_runs(["old"]),
    "forget": lambda store: store.forget("ben"),
    "rebuild": lambda store: store.rebuild(),
}


@pytest.fixture
def disk(tmp_path: Path) -> Iterator[Callable[..., Path]]:
    """Mount a file system of so many kilobytes; its folder holds a store of the small graph and its runs."""
    place = tmp_path / "disk"

    def mount(free: int) -> Path:
        copied_small(tmp_path / "template", runs=True)
        size = sum(path.stat().st_size // 4096 * 4 + 4 for path in (tmp_path / "template").rglob("*")) + free
        place.mkdir()
        command = ["mount", "-t", "tmpfs", "-o", f"size={size}k", "tmpfs", str(place)]
        try:
            subprocess.run(command, check=True, capture_output=True)
        except (OSError, subprocess.CalledProcessError):
            pytest.skip("no file system can be mounted here")
        copied_small(place / "store", runs=True)
        return place

    yield mount
    if place.is_mount():
        subprocess.run(["umount", "--lazy", str(place)], check=True)


@pytest.mark.parametrize("free", [8, 100, 1200, 2000])
def test_a_change_that_does_not_fit_leaves_everything_as_it_was(disk: Callable[..., Path], free: int) -> None:
    folder = disk(free) / "store"
    with EmbeddedStore(folder) as store:
        held, there = everything(store), files(folder)
        for name, change in CHANGES.items():
            with pytest.raises(StoreError, match="the disk is full") as said:
                change(store)
            assert "make room for a second database" in said.value.remedy, name
            assert files(folder) == there, name
            assert everything(store) == held, name
        assert store.check().sound


def test_an_export_that_does_not_fit_leaves_the_one_before(disk: Callable[..., Path]) -> None:
    place = disk(600)
    with EmbeddedStore(place / "store", read_only=True) as store:
        export_store(store, place / "csv")
        held = {path.name: path.read_bytes() for path in (place / "csv").iterdir()}
        with pytest.raises(OSError, match="No space left"):
            (place / "filling").write_bytes(bytes(20_000_000))
        said = in_a_process("export", place / "csv", "--store", place / "store")
        assert (said.returncode, len(said.stderr.splitlines())) == (4, 1)
        assert said.stderr.startswith("graphrec: the disk is full")
        assert {path.name: path.read_bytes() for path in (place / "csv").iterdir()} == held
        (place / "filling").unlink()
        export_store(store, place / "csv")
    assert sorted(path.name for path in place.iterdir()) == ["csv", "store"]


def test_a_store_that_may_only_be_read_is_read_and_says_so_to_who_writes(disk: Callable[..., Path]) -> None:
    place = disk(10_000)
    subprocess.run(["mount", "-o", "remount,ro", str(place)], check=True)
    there = files(place)
    for line in (("why", "ada"), ("status",), ("runs",), ("check",)):
        ran = in_a_process(*line, "--store", place / "store")
        assert ran.returncode == 0, (line, ran.stderr)
    for line in (("forget", "ada"), ("runs", "use", "old"), ("rebuild",), ("export", place / "csv")):
        ran = in_a_process(*line, "--store", place / "store")
        assert ran.returncode in (3, 4), (line, ran.stderr)
        assert len(ran.stderr.splitlines()) == 1
        assert "read-only file system" in ran.stderr or "may only be read" in ran.stderr
    assert files(place) == there


def test_a_copied_store_that_may_only_be_read_is_compared_each_time(disk: Callable[..., Path]) -> None:
    """Its record belongs to another file, and no other can be written."""
    place = disk(10_000)
    (place / "store" / "tables" / "verified.json").unlink()
    subprocess.run(["mount", "-o", "remount,ro", str(place)], check=True)
    with EmbeddedStore(place / "store", read_only=True) as store:
        assert everything(store)
        manifest = read_manifest(store._reading.folder)
    assert manifest is not None
    assert not (place / "store" / "tables" / "verified.json").exists()
