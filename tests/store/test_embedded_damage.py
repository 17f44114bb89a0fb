"""A damaged embedded store: ``check`` says so, and ``rebuild`` restores data and runs from the kept tables."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from graphrec.errors import StoreDamagedError
from graphrec.store.embedded.embedded_store import EmbeddedStore
from tests.store.content import everything, load_small, nodes, write_small_runs

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


@pytest.fixture
def full(tmp_path: Path) -> Iterator[EmbeddedStore]:
    with EmbeddedStore(tmp_path / "store") as store:
        load_small(store)
        write_small_runs(store)
        yield store


def flip(path: Path, at: int, count: int = 64) -> None:
    content = bytearray(path.read_bytes())
    content[at : at + count] = bytes(byte ^ 0xFF for byte in content[at : at + count])
    path.write_bytes(content)


def test_a_sound_store_has_no_findings(full: EmbeddedStore) -> None:
    report = full.check()
    assert report.sound
    assert report.examined["kept tables"] == len(list(full.path.rglob("*.parquet")))
    data = 4 + 6 + 5 + 3 + 2 + 8 + 4 + 8 + 3 + 3 + 1 + 2
    new_run = 5 + 13 + 3 * 5 + 1 + 5
    old_run = 1 + 1 + 3
    assert report.examined["rows kept"] == data + new_run + old_run
    assert report.examined["rows in the database"] == data + new_run + old_run + 3  # one Dataset, two Runs


@pytest.mark.parametrize("place", [0.0, 0.1, 0.3, 0.5, 0.7, 0.9])
def test_flipped_bytes_are_found_and_mended(full: EmbeddedStore, place: float) -> None:
    held = everything(full)
    path = full.path / "graph.lbug"
    full.close()
    flip(path, int(place * path.stat().st_size))
    report = full.check()
    assert not report.sound
    assert "bytes that differ" in report.findings[0].what
    assert {finding.remedy for finding in report.findings} == {"Run: graphrec rebuild"}
    full.rebuild()
    assert full.check().sound
    assert everything(full) == held


def test_content_that_differs_is_named_by_its_part(full: EmbeddedStore) -> None:
    path = full.path / "graph.lbug"
    full.close()
    content = path.read_bytes()
    assert content.count(b"Casablanca") >= 1
    path.write_bytes(content.replace(b"Casablanca", b"Casablanka"))
    whats = [finding.what for finding in full.check().findings]
    assert "the database holds rows of Item that differ from those written" in whats
    assert not any("User" in what for what in whats)


@pytest.mark.parametrize("size", [0, 1, 4096, 0.5, 0.99])
def test_a_database_cut_short_is_found_and_mended(full: EmbeddedStore, size: float) -> None:
    held = everything(full)
    path = full.path / "graph.lbug"
    full.close()
    whole = path.read_bytes()
    path.write_bytes(whole[: int(size * len(whole)) if isinstance(size, float) else size])
    with pytest.raises(StoreDamagedError, match="graphrec rebuild"):
        nodes(full, "User")
    (finding,) = full.check().findings
    assert f"where {len(whole)} were written" in finding.what
    full.rebuild()
    assert everything(full) == held


def test_a_missing_database_is_found_and_mended(full: EmbeddedStore) -> None:
    held = everything(full)
    full.close()
    (full.path / "graph.lbug").unlink()
    with pytest.raises(StoreDamagedError, match="is missing"):
        full.query("MATCH (u:User) RETURN u")
    (finding,) = full.check().findings
    assert finding.what == "the database is missing"
    full.rebuild()
    assert everything(full) == held


def test_no_run_is_added_to_a_damaged_database(full: EmbeddedStore) -> None:
    path = full.path / "graph.lbug"
    full.close()
    flip(path, path.stat().st_size // 2)
    with pytest.raises(StoreDamagedError, match="not as it was written"):
        full.use_run("old")
    full.rebuild()
    full.use_run("old")
    assert full.run().id == "old"


@pytest.mark.parametrize(
    "which", ["data/nodes/Item", "data/edges/INTERACTED.User.Item", "runs/new/nodes/Recommendation"]
)
def test_a_damaged_table_is_named(full: EmbeddedStore, which: str) -> None:
    (path,) = (full.path / "tables").glob(f"{which}*.parquet")
    flip(path, path.stat().st_size // 2, 8)
    (finding,) = full.check().findings
    assert finding.where == str(path)
    assert "bytes that differ" in finding.what
    with pytest.raises(StoreDamagedError, match=path.name.replace("[", ".")):
        full.rebuild()
    assert len(nodes(full, "User")) == 4
    path.unlink()
    assert [(f.what.split()[-1], f.where) for f in full.check().findings] == [("missing", str(path))]


def test_a_store_without_its_manifest_is_not_taken_for_an_empty_one(tmp_path: Path) -> None:
    """Writing sweeps away what no manifest names: with no manifest at all, that would be everything."""
    with EmbeddedStore(tmp_path / "store") as store:
        load_small(store)
        write_small_runs(store)
    (tmp_path / "store" / "tables" / "manifest.json").unlink()
    held = {path: path.stat().st_size for path in (tmp_path / "store").rglob("*") if path.is_file()}
    for read_only in (True, False):
        with pytest.raises(StoreDamagedError, match="the store's manifest is missing"):
            EmbeddedStore(tmp_path / "store", read_only=read_only)
    assert {path: path.stat().st_size for path in (tmp_path / "store").rglob("*") if path.is_file()} == held
