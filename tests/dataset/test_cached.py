"""The arrays of a data set in the local cache: the same as from the store, or read from it again."""

from __future__ import annotations

from dataclasses import fields
from typing import TYPE_CHECKING, Any

import numpy as np
import pyarrow as pa
import pytest

from graphrec.dataset import cached
from graphrec.dataset.dataset import Dataset
from graphrec.dataset.incidence import Incidence
from graphrec.schema.elements import EdgeKind
from graphrec.store.embedded.embedded_store import EmbeddedStore
from graphrec.tables import DatasetInfo, GraphTables

if TYPE_CHECKING:
    from pathlib import Path

INFO = DatasetInfo("shop", "Shop", "by hand", verb="bought")


def tables(rating: float = 5.0) -> GraphTables:
    """Return a graph with every kind of node and link that a data set has."""
    nodes = {
        label: pa.table({"id": ids, "name": [f"the {each}" for each in ids]})
        for label, ids in {"User": ["u", "v"], "Item": ["a", "b", "c"], "Entity": ["e"], "Feature": ["f"]}.items()
    }
    nodes["Attribute"] = pa.table({"id": ["item.k=x"], "name": ["x"], "owner": ["item"], "kind": ["k"], "value": ["x"]})
    edges = {
        ("INTERACTED", "User", "Item"): {
            "from": ["v", "u", "u"],
            "to": ["c", "b", "a"],
            "rating": [rating, None, 3.0],
            "timestamp": [7, None, 9],
            "microsecond": [500_000, None, None],
            "weight": [1.0, 2.0, 1.0],
        },
        ("HAS_ATTRIBUTE", "Item", "Attribute"): {"from": ["b"], "to": ["item.k=x"]},
        ("HAS_ENTITY", "Item", "Entity"): {"from": ["a"], "to": ["e"], "relation": ["starring"]},
        ("MENTIONED", "User", "Feature"): {
            "from": ["u"], "to": ["f"], "item": ["a"], "sentiment": [0.5], "count": [2],
        },
    }  # fmt: skip
    named = {("INTERACTED", "User", "Item"): EdgeKind("INTERACTED", "User", "Item")}
    return GraphTables(nodes, {named.get(k, EdgeKind(*k)): pa.table(columns) for k, columns in edges.items()})


@pytest.fixture
def store(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> EmbeddedStore:
    """An embedded store with data; every data set is worth keeping."""
    monkeypatch.setenv("GRAPHREC_CACHE", str(tmp_path / "cache"))
    monkeypatch.setattr(cached, "WORTHWHILE", 1)
    store = EmbeddedStore(tmp_path / "store")
    store.load(tables(), INFO)
    return store


def told(data: Dataset) -> dict[str, Any]:
    """Return all that a data set holds, as plain values and with the types of its arrays."""

    def plain(value: Any) -> Any:
        if isinstance(value, np.ndarray):
            return value.dtype.str, [None if v != v else v for v in value.tolist()]
        if isinstance(value, Incidence):
            return plain(value.indptr), plain(value.indices), value.n_columns
        if isinstance(value, (pa.Array, pa.Table)):
            return value.to_pylist()
        return value

    held: dict[str, Any] = {label: ids.to_table().to_pylist() for label, ids in data.nodes.items()}
    held |= {str(kind): plain(links) for kind, links in data.all_links.items()}
    for part in (data.interactions, data.knowledge, data.mentions):
        held |= {f"{type(part).__name__} {f.name}": plain(getattr(part, f.name)) for f in fields(part)}
    return {**held, "fingerprint": data.fingerprint, "id": data.id, "verb": data.verbs, "split": data.split}


def entries(tmp_path: Path) -> list[Path]:
    return sorted((tmp_path / "cache" / "derived").iterdir())


def test_the_second_start_has_the_same_arrays_without_reading_the_store(
    store: EmbeddedStore, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = told(Dataset.from_store(store))
    assert len(entries(tmp_path)) == 1
    monkeypatch.setattr(store, "index_edges", None)
    monkeypatch.setattr(store, "read_nodes", None)
    second = Dataset.from_store(store)
    assert told(second) == first
    assert first["Interactions timestamp"] == ("<f8", [9.0, None, 7.5])
    assert not second.interactions.user.flags.owndata, "it is mapped"
    second.interactions.user[0] = 1  # which stays here
    assert told(Dataset.from_store(store)) == first


def test_changed_data_is_read_and_takes_the_place_of_what_was_kept(store: EmbeddedStore, tmp_path: Path) -> None:
    Dataset.from_store(store)
    (before,) = entries(tmp_path)
    store.load(tables(rating=1.0), INFO)
    data = Dataset.from_store(store)
    assert data.interactions.rating[-1] == 1.0
    (after,) = entries(tmp_path)
    assert after != before


@pytest.mark.parametrize("place", [3, 40, -1, -200])
def test_a_damaged_entry_is_read_from_the_store_again(store: EmbeddedStore, tmp_path: Path, place: int) -> None:
    """A flipped byte in the length, the header or the arrays; and an entry that was cut short."""
    whole = told(Dataset.from_store(store))
    (entry,) = entries(tmp_path)
    sound = entry.read_bytes()
    damaged = bytearray(sound)
    damaged[place] ^= 0xFF
    for content in (bytes(damaged), sound[:place], b""):
        entry.write_bytes(content)
        assert told(Dataset.from_store(store)) == whole
        assert entry.stat().st_size == len(sound), "it was made again"


def test_small_data_and_data_that_anybody_may_change_are_not_kept(
    store: EmbeddedStore, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(store, "is_sealed", False)
    Dataset.from_store(store)
    monkeypatch.setattr(store, "is_sealed", True)
    monkeypatch.setattr(cached, "WORTHWHILE", 4)
    Dataset.from_store(store)
    Dataset.from_tables(tables(), INFO)
    assert not (tmp_path / "cache").exists()


def test_a_forgotten_person_is_in_no_entry_of_any_state(store: EmbeddedStore, tmp_path: Path) -> None:
    """Two data sets, one of which was kept in an earlier state than the one that the person is forgotten in."""
    second = DatasetInfo("2-shop", "Second", "by hand", prefix="2-")
    own = tables()
    prefixed = GraphTables(
        {"User": pa.table({"id": ["2-u"], "name": ["u"]}), "Item": pa.table({"id": ["2-a"], "name": ["a"]})},
        {EdgeKind("INTERACTED", "User", "Item"): pa.table({"from": ["2-u"], "to": ["2-a"], "weight": [1.0]})},
    )
    assert own.nodes
    store.load(prefixed, second)
    for name in ("shop", "2-shop"):
        Dataset.from_store(store, dataset=name)
    assert len(entries(tmp_path)) == 2
    store.load(tables(rating=1.0), INFO)  # shop is now kept in a state that is past
    store.forget("u")
    assert entries(tmp_path) == []
