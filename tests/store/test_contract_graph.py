"""The store contract: from either engine to the same graph, out of a cache where the data is as it was."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pyarrow as pa
import pytest

from graphrec.dataset.dataset import Dataset
from graphrec.errors import UnknownIdError
from graphrec.sampling.from_store import graph_from_store
from graphrec.schema import EdgeKind
from graphrec.store import derived
from graphrec.tables import GraphTables
from tests.sampling.toy import ENTITY_OF, RELATED_FROM, TAKEN_BY, dense
from tests.store.content import INTERACTED, SMALL, load_small

if TYPE_CHECKING:
    from pathlib import Path

    from graphrec.sampling.heterograph import HeteroGraph
    from graphrec.store.store import Store


@pytest.fixture(autouse=True)
def cache(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    monkeypatch.setenv(derived.VARIABLE, str(tmp_path / "cache"))
    return tmp_path / "cache" / "derived"


@pytest.fixture
def reads(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Note every time that the store itself is read."""
    noted: list[str] = []
    read = Dataset.from_store

    def reading(store: Store, positive_if: str = ""):
        noted.append(positive_if)
        return read(store, positive_if)

    monkeypatch.setattr(Dataset, "from_store", reading)
    return noted


def same(one: HeteroGraph, other: HeteroGraph) -> bool:
    return (
        all(one.ids[label].equals(ids) for label, ids in other.ids.items())
        and list(one.neighbours) == list(other.neighbours)
        and all(
            np.array_equal(mine.indptr, theirs.indptr)
            and np.array_equal(mine.indices, theirs.indices)
            and (mine.n_columns, mine.indptr.dtype, mine.indices.dtype)
            == (theirs.n_columns, theirs.indptr.dtype, theirs.indices.dtype)
            for mine, theirs in zip(one.neighbours.values(), other.neighbours.values(), strict=True)
        )
    )


def test_a_store_becomes_a_graph(store: Store) -> None:
    load_small(store)
    graph = graph_from_store(store, positive_if="rating>=3")
    # ada ben cat dan; alien blade casa dune emma fargo; england ford scott
    assert graph.nodes == {"user": 4, "item": 6, "attribute": 5, "entity": 3, "feature": 2}
    assert dense(graph, TAKEN_BY) == [
        [1, 1, 0, 0, 0, 0],
        [1, 0, 0, 0, 1, 0],
        [0, 1, 1, 0, 0, 0],
        [0, 0, 0, 0, 0, 1],
    ]
    assert dense(graph, ENTITY_OF)[:2] == [[0, 0, 1], [0, 1, 1]]
    assert dense(graph, RELATED_FROM) == [[0, 0, 0], [0, 0, 0], [1, 0, 0]]
    # what was counted from all interactions is not there; nobody shares two items with four others
    assert graph.neighbours["item", "co_purchased", "item"].n_entries == 0
    bought = graph.neighbours["item", "co_purchased:also_bought", "item"]
    assert (bought.row(0).tolist(), bought.row(3).tolist(), bought.n_entries) == ([3], [0], 2)


def test_unchanged_data_comes_from_the_cache(store: Store, cache: Path, reads: list[str]) -> None:
    load_small(store)
    first = graph_from_store(store)
    assert same(graph_from_store(store), first)
    assert reads == [""]
    assert len(list(cache.iterdir())) == 1
    assert not same(graph_from_store(store, positive_if="rating>=5"), first), "other settings are another entry"
    assert same(graph_from_store(store, cached=False), first)
    assert reads == ["", "rating>=5", ""]


def test_changed_data_is_noticed_and_the_old_entry_goes(store: Store, cache: Path, reads: list[str]) -> None:
    load_small(store)
    graph_from_store(store)
    edge = pa.table({"from": ["dan"], "to": ["alien"], "rating": [4.5], "weight": [1.0], "timestamp": [10]})
    store.load(GraphTables({}, {INTERACTED: edge}), SMALL)
    assert graph_from_store(store).neighbours[TAKEN_BY].row(3).tolist() == [0, 5]
    assert len(reads) == 2
    assert len(list(cache.iterdir())) == 1


@pytest.mark.parametrize("damage", ["cut", "flipped", "emptied"])
def test_a_damaged_entry_is_made_again(
    store: Store, cache: Path, reads: list[str], damage: str, caplog: pytest.LogCaptureFixture
) -> None:
    load_small(store)
    first = graph_from_store(store)
    (entry,) = cache.iterdir()
    content = bytearray(entry.read_bytes())
    if damage == "flipped":
        content[-1] ^= 1
    entry.write_bytes({"cut": content[:-8], "flipped": content, "emptied": b""}[damage])
    assert same(graph_from_store(store), first)
    assert len(reads) == 2
    assert "it is made again" in caplog.text
    assert same(graph_from_store(store), first)
    assert len(reads) == 2


def test_who_is_forgotten_is_not_in_the_cache_either(store: Store, cache: Path) -> None:
    load_small(store)
    graph_from_store(store)
    derived.keep("the store by another address", store.data_fingerprint(), "its graph", {"ada": np.arange(1)})
    store.forget("ada")
    assert list(cache.iterdir()) == []
    assert graph_from_store(store).ids["user"].to_pylist() == ["ben", "cat", "dan"]


def test_a_cache_that_cannot_be_written_is_said_and_does_no_harm(
    store: Store, cache: Path, reads: list[str], caplog: pytest.LogCaptureFixture
) -> None:
    load_small(store)
    cache.parent.mkdir()
    cache.write_text("no folder")
    assert same(graph_from_store(store), graph_from_store(store))
    assert len(reads) == 2
    assert "nothing is cached" in caplog.text


def test_an_empty_store_says_so(store: Store) -> None:
    with pytest.raises(UnknownIdError, match="holds no data"):
        graph_from_store(store)


def test_relations_are_types_of_their_own(store: Store) -> None:
    load_small(store)
    like = pa.table({"from": ["dune"], "to": ["blade"], "relation": ["like"]})
    store.load(GraphTables({}, {EdgeKind("RELATED_TO", "Item", "Item"): like}), SMALL)
    graph = graph_from_store(store, relations=True)
    assert graph.neighbours["item", "related_to:like", "item"].row(1).tolist() == [3]
    assert graph.neighbours["entity", "entity_of:starring", "item"].row(1).tolist() == [1]
    assert same(graph_from_store(store, relations=True), graph)
