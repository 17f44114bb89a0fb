"""The manifest's checksum notices every flipped bit, and its copy restores it."""

from __future__ import annotations

import json
import shutil
from typing import TYPE_CHECKING

import pytest

from graphrec.errors import StoreDamagedError, StoreError
from graphrec.store.embedded.embedded_store import EmbeddedStore
from graphrec.store.embedded.folder import StoreFolder
from graphrec.store.embedded.manifest import parse_manifest, read_manifest
from graphrec.store.embedded.restoring import renew_copy, restore_manifest
from graphrec.store.embedded.sealing import CHECKSUM, UNSEALED
from graphrec.store.embedded.writing import Writing
from tests.store.content import copied_small, everything, load_small

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture
def folder(tmp_path: Path) -> StoreFolder:
    copied_small(tmp_path / "store", runs=True)
    return StoreFolder(tmp_path / "store")


def test_every_flipped_bit_is_noticed_or_changes_nothing(folder: StoreFolder) -> None:
    """A bit may turn a space between two values into a tab: then the content is the same."""
    written = folder.manifest.read_bytes()
    content = json.loads(written)
    seen = unseen = 0
    for place in range(len(written)):
        flipped = bytearray(written)
        flipped[place] ^= 1 << place % 8
        try:
            parse_manifest(bytes(flipped), folder)
            unseen += 1
        except StoreDamagedError:
            seen += 1
        else:
            assert json.loads(flipped) == content
            assert written[place : place + 1] in b" \n"
    assert seen > 10 * unseen


@pytest.mark.parametrize("bit", range(8))
def test_no_bit_of_the_checksum_or_its_name_can_flip_unseen(folder: StoreFolder, bit: int) -> None:
    """A manifest whose checksum has another name is not taken for one from before there was a checksum."""
    written = folder.manifest.read_bytes()
    begin = written.index(b'"checksum"')
    for place in range(begin, begin + len(f'"checksum": "{json.loads(written)[CHECKSUM]}"')):
        flipped = bytearray(written)
        flipped[place] ^= 1 << bit
        with pytest.raises(StoreDamagedError, match="manifest is damaged"):
            parse_manifest(bytes(flipped), folder)


@pytest.mark.parametrize("damage", [b"", b"\xff", b"null", b"[1]", b"{", b"[" * 100_000, b'{"format": 1e999}'])
def test_what_is_no_manifest_at_all_is_damage(folder: StoreFolder, damage: bytes) -> None:
    with pytest.raises(StoreDamagedError, match="manifest is damaged"):
        parse_manifest(damage, folder)


def test_a_manifest_laid_out_anew_is_the_same(folder: StoreFolder) -> None:
    before = read_manifest(folder)
    folder.manifest.write_text(json.dumps(json.loads(folder.manifest.read_bytes()), indent=4, sort_keys=True))
    assert read_manifest(folder) == before


def test_a_manifest_of_0_3_opens_and_gets_its_checksum_at_the_next_write(folder: StoreFolder) -> None:
    content = json.loads(folder.manifest.read_bytes())
    del content[CHECKSUM]
    assert set(content) <= UNSEALED
    folder.manifest.write_text(json.dumps(content, indent=1))
    folder.manifest_copy.unlink()
    with EmbeddedStore(folder.root) as store:
        held = everything(store)
        store.use_run("old")
        store.use_run("new")
        assert everything(store) == held
    assert CHECKSUM in json.loads(folder.manifest.read_bytes())
    assert folder.manifest_copy.read_bytes() == folder.manifest.read_bytes()


@pytest.mark.parametrize("damage", ["flipped", "missing"])
def test_rebuild_restores_the_manifest_from_its_copy(folder: StoreFolder, damage: str) -> None:
    with EmbeddedStore(folder.root) as store:
        held = everything(store)
    if damage == "missing":
        folder.manifest.unlink()
    else:
        folder.manifest.write_bytes(folder.manifest.read_bytes().replace(b'"rows": 4', b'"rows": 5', 1))
    with pytest.raises(StoreDamagedError, match=f"manifest is {damage.replace('flipped', 'damaged')}") as said:
        EmbeddedStore(folder.root, read_only=True)
    assert said.value.remedy == "Run: graphrec rebuild (it restores the manifest from its copy)"
    assert restore_manifest(folder.root)
    assert not restore_manifest(folder.root)
    with EmbeddedStore(folder.root) as store:
        assert everything(store) == held
        store.rebuild()
        assert store.check().sound
        assert everything(store) == held


def test_without_a_sound_copy_the_manifest_needs_a_backup(folder: StoreFolder) -> None:
    folder.manifest.write_bytes(b"{}")
    folder.manifest_copy.write_bytes(b"{}")
    with EmbeddedStore(folder.root) as store, pytest.raises(StoreDamagedError, match="its copy is too") as said:
        store.rebuild()
    assert "backup" in said.value.remedy
    folder.manifest_copy.unlink()
    with pytest.raises(StoreDamagedError) as said:
        EmbeddedStore(folder.root, read_only=True)
    assert "backup" in said.value.remedy


def test_a_damaged_copy_is_found_and_written_again(folder: StoreFolder) -> None:
    folder.manifest_copy.write_bytes(b"{}")
    with EmbeddedStore(folder.root) as store:
        (finding,) = store.check().findings
        assert finding.where == str(folder.manifest_copy)
        store.rebuild()
        assert store.check().sound


def test_a_copy_that_a_kill_left_behind_follows_before_its_tables_go(folder: StoreFolder) -> None:
    """Were it the other way round, the copy could name tables that are gone."""
    former = shutil.copytree(folder.root, folder.root.with_name("former"))
    with EmbeddedStore(folder.root) as store:
        store.forget("ada")
    folder.manifest_copy.write_bytes(StoreFolder(former).manifest_copy.read_bytes())
    with Writing.begin(folder):
        assert folder.manifest_copy.read_bytes() == folder.manifest.read_bytes()
    folder.manifest_copy.write_bytes(b"{}")
    renew_copy(folder)
    assert folder.manifest_copy.read_bytes() == folder.manifest.read_bytes()


def test_a_copy_whose_tables_are_gone_is_not_put_in_the_manifests_place(folder: StoreFolder) -> None:
    """An earlier graphrec writes no copy: that of the last later one then names tables that were swept away."""
    behind = folder.manifest_copy.read_bytes()
    with EmbeddedStore(folder.root) as store:
        store.forget("ada")
    folder.manifest_copy.write_bytes(behind)
    folder.manifest.write_bytes(b"{}")
    with pytest.raises(StoreError, match="names tables that are gone"):
        restore_manifest(folder.root)


def test_nothing_is_made_where_no_store_is(tmp_path: Path) -> None:
    assert not restore_manifest(tmp_path / "nowhere")
    with EmbeddedStore(tmp_path / "store") as store:
        load_small(store)
    assert not restore_manifest(tmp_path / "store")
    assert not (tmp_path / "nowhere").exists()
