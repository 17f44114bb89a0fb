"""A damaged database file is noticed before the engine opens it, and a sound one is not read whole for every query."""

from __future__ import annotations

import json
import os
import random
import time
from typing import TYPE_CHECKING, Any

import pytest

from graphrec.errors import StoreDamagedError
from graphrec.store.embedded import reading, verifying
from graphrec.store.embedded.embedded_store import EmbeddedStore
from graphrec.store.embedded.folder import StoreFolder
from graphrec.store.embedded.manifest import read_manifest
from tests.commands.conftest import in_a_process
from tests.store.content import copied_small, everything, nodes

if TYPE_CHECKING:
    from pathlib import Path

PAGE = 4096
DAMAGES = 32
QUERY = "MATCH (u:User) RETURN count(u) AS users"


@pytest.fixture
def folder(tmp_path: Path) -> StoreFolder:
    copied_small(tmp_path / "store", runs=True)
    return StoreFolder(tmp_path / "store")


@pytest.fixture
def readings(monkeypatch: pytest.MonkeyPatch) -> list[Path]:
    """The database files that were read whole."""
    seen: list[Path] = []
    original = verifying.checksum_of

    def counted(path: Path, size: int) -> str:
        seen.append(path)
        return original(path, size)

    monkeypatch.setattr(verifying, "checksum_of", counted)
    return seen


def damage(path: Path, chance: random.Random) -> None:
    """Damage a page in place: random bytes, zeros, one flipped bit, or another page's content."""
    content = path.read_bytes()
    place = chance.randrange(len(content) // PAGE) * PAGE
    page = bytearray(content[place : place + PAGE])
    kind = chance.choice(["random", "zeros", "bit", "other"])
    if kind == "random":
        page = bytearray(chance.randbytes(PAGE))
    elif kind == "zeros":
        page = bytearray(PAGE)
    elif kind == "other":
        other = chance.randrange(len(content) // PAGE) * PAGE
        page = bytearray(content[other : other + PAGE])
    if bytes(page) == content[place : place + PAGE]:
        page[chance.randrange(PAGE)] ^= 1 << chance.randrange(8)
    with path.open("r+b") as file:
        file.seek(place)
        file.write(page)


def test_no_damaged_page_reaches_the_engine(folder: StoreFolder) -> None:
    """That this notices every one also shows that the files' times are enough to tell that they were written to."""
    chance = random.Random(12)
    sound = folder.database.read_bytes()
    for _ in range(DAMAGES):
        folder.database.write_bytes(sound)
        with EmbeddedStore(folder.root, read_only=True) as store:
            assert store.query(QUERY)["users"].tolist() == [4]
        damage(folder.database, chance)
        with EmbeddedStore(folder.root, read_only=True) as store:
            with pytest.raises(StoreDamagedError, match="not as it was written") as said:
                store.query(QUERY)
            assert "graphrec rebuild" in said.value.remedy
            with pytest.raises(StoreDamagedError):
                nodes(store, "Item")


@pytest.mark.parametrize(
    "line",
    [
        ("why", "ada"),
        ("verify",),
        ("train", "ease", "--out", "fit"),
        ("split", "random", "--out", "split.parquet"),
        ("export", "csv"),
        ("copy", "store", "copy"),
        ("rebuild",),
    ],
)
def test_every_verb_says_so_with_its_code_or_mends_it(
    tmp_path: Path, folder: StoreFolder, line: tuple[str, ...]
) -> None:
    damage(folder.database, random.Random(str(line)))
    at = () if line[0] == "copy" else ("--store", "store")
    ran = in_a_process(*line, *at, cwd=tmp_path)
    if line[0] == "rebuild":
        assert ran.returncode == 0, ran.stderr
    else:
        assert (ran.returncode, len(ran.stderr.splitlines())) == (6, 1), ran.stderr
        assert "the embedded database is not as it was written" in ran.stderr
        assert "Run: graphrec rebuild" in ran.stderr
        assert not (tmp_path / "csv").exists()


def test_a_file_is_read_whole_once_for_each_change(folder: StoreFolder, readings: list[Path]) -> None:
    folder.verified.unlink()
    for number in (1, 1, 1):
        with EmbeddedStore(folder.root, read_only=True) as store:
            store.query(QUERY)
        assert len(readings) == number
    os.utime(folder.database, ns=(1, 1))
    for number in (2, 2):
        with EmbeddedStore(folder.root, read_only=True) as store:
            store.query(QUERY)
        assert len(readings) == number


def test_what_was_just_written_is_not_read_again(folder: StoreFolder, readings: list[Path]) -> None:
    with EmbeddedStore(folder.root) as store:
        store.use_run("old")
        everything(store)
    with EmbeddedStore(folder.root, read_only=True) as store:
        everything(store)
    assert readings == []


@pytest.mark.parametrize("seconds", [-60.0, verifying.TRUSTED_FOR + 60])
def test_after_a_week_or_by_a_wrong_clock_it_is_read_again(
    folder: StoreFolder, readings: list[Path], monkeypatch: pytest.MonkeyPatch, seconds: float
) -> None:
    with EmbeddedStore(folder.root) as store:
        store.use_run("old")
    moment = time.time() + seconds
    monkeypatch.setattr(verifying.time, "time", lambda: moment)
    with EmbeddedStore(folder.root, read_only=True) as store:
        store.query(QUERY)
    assert readings == [folder.database]


@pytest.mark.parametrize("record", [b"", b"{}", b"[]", b"\xff", b'{"file": [], "read": 0}', None])
def test_a_damaged_record_means_reading(folder: StoreFolder, readings: list[Path], record: bytes | None) -> None:
    with EmbeddedStore(folder.root) as store:
        store.use_run("old")
    if record is None:
        folder.verified.unlink()
    else:
        folder.verified.write_bytes(record)
    with EmbeddedStore(folder.root, read_only=True) as store:
        store.query(QUERY)
    assert readings == [folder.database]


def test_a_change_within_one_tick_of_a_coarse_clock_is_not_trusted(folder: StoreFolder) -> None:
    manifest = read_manifest(folder)
    assert manifest is not None
    assert manifest.database is not None
    folder.verified.unlink(missing_ok=True)
    status = folder.database.stat()

    class Coarse:
        """The status of a file on a system that tells times by the second."""

        st_ctime_ns = time.time_ns() // 1_000_000_000 * 1_000_000_000

    original = type(folder.database).stat
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(type(folder.database), "stat", lambda _: Coarse)
        verifying.remember(folder, folder.database, manifest.database)
    assert original(folder.database) == status
    assert not folder.verified.exists()


@pytest.mark.parametrize("moment", ["compared", "opened"])
def test_a_database_that_a_writer_moves_while_it_is_opened_is_opened_where_it_is(
    folder: StoreFolder, monkeypatch: pytest.MonkeyPatch, moment: str
) -> None:
    """It takes its place by a rename right after the commit, which a reader may be in the middle of."""
    manifest = read_manifest(folder)
    assert manifest is not None
    moving = folder.database.rename(folder.next_database(manifest.generation))
    compare = reading.is_as_written

    def moved(*arguments: Any) -> bool:
        if moment == "opened":
            sound = compare(*arguments)
        if moving.exists():
            moving.rename(folder.database)
        return sound if moment == "opened" else compare(*arguments)

    monkeypatch.setattr(reading, "is_as_written", moved)
    with EmbeddedStore(folder.root, read_only=True) as store:
        assert store.query(QUERY)["users"].tolist() == [4]


def test_a_log_that_another_program_left_is_damage(folder: StoreFolder) -> None:
    """The engine would apply it."""
    folder.database.with_name("graph.lbug.wal").write_bytes(b"anything")
    with EmbeddedStore(folder.root, read_only=True) as store, pytest.raises(StoreDamagedError, match="another program"):
        store.query(QUERY)
    with EmbeddedStore(folder.root) as store:
        store.rebuild()
        assert store.query(QUERY)["users"].tolist() == [4]


def test_damage_of_a_kept_table_does_not_enter_the_next(folder: StoreFolder) -> None:
    """Rows read from a damaged table and written again would have a sound checksum."""
    manifest = read_manifest(folder)
    assert manifest is not None
    table = manifest.part("User", "small")
    assert table is not None
    path = folder.tables / table.path
    written = path.read_bytes()
    assert written.count(b"Ada") == 1
    path.write_bytes(written.replace(b"Ada", b"Eda"))
    with EmbeddedStore(folder.root) as store:
        before = json.loads(folder.manifest.read_bytes())
        with pytest.raises(StoreDamagedError, match=r"a kept table is damaged.*nodes/User"):
            store.forget("ben")
        assert json.loads(folder.manifest.read_bytes()) == before
