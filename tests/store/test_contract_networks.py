"""The store contract: attribute networks out of INTERACTED and HAS_ATTRIBUTE of either engine."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pytest

from graphrec.dataset.dataset import Dataset
from graphrec.errors import UsageError
from graphrec.sampling.attribute_networks import attribute_networks
from graphrec.sampling.choosing import sampler_of
from graphrec.sampling.from_store import graph_from_store, read_item_links
from graphrec.sampling.network_graph import network_hops, network_rows
from graphrec.store import derived
from tests.store.content import load_small
from tests.store.test_contract_graph import same

if TYPE_CHECKING:
    from pathlib import Path

    from graphrec.sampling.heterograph import HeteroGraph
    from graphrec.store.store import Store

NONE = [[0] * 6] * 6
ALIEN_BLADE = [[0, 1, 0, 0, 0, 0], [1, 0, 0, 0, 0, 0], *[[0] * 6] * 4]
ALIEN_DUNE = [[0, 0, 0, 1, 0, 0], *[[0] * 6] * 2, [1, 0, 0, 0, 0, 0], *[[0] * 6] * 2]


@pytest.fixture(autouse=True)
def _cache(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv(derived.VARIABLE, str(tmp_path / "cache"))


def rows(graph: HeteroGraph, kind: str) -> list[list[int]]:
    """Return items × items, sampled: users who took both × shared values."""
    blocks = sampler_of(graph).blocks({"item": np.arange(6)}, network_hops([kind]), np.random.default_rng(0))
    found: list[list[int]] = network_rows(graph, blocks, kind, "paths").csr(np.int64).toarray().tolist()
    return found


def test_networks_of_a_store(store: Store) -> None:
    load_small(store)
    # alien blade casa dune emma fargo; ada took alien and blade, both science fiction by Ridley Scott
    graph = graph_from_store(store, positive_if="rating>=3", networks=None)
    assert (graph.nodes["pair:director"], graph.nodes["pair:genre"]) == (1, 1)
    assert graph.ids["pair:director"].to_pylist() == [{"owner": "ada", "attribute": "item.director=Ridley Scott"}]
    assert rows(graph, "director") == rows(graph, "genre") == ALIEN_BLADE
    data = Dataset.from_store(store, "rating>=3")
    for network in attribute_networks(data):
        assert network.product(np.eye(6)).tolist() == rows(graph, network.kind)
    # stored counts would have linked alien and dune, both science fiction, which no user took together
    assert rows(graph_from_store(store, interactions="taken", networks=["genre"]), "genre") == ALIEN_BLADE


def test_links_of_a_source_take_the_place_of_users(store: Store) -> None:
    load_small(store)
    graph = graph_from_store(store, networks=["genre", "director"], linked_by="also_bought")
    assert (rows(graph, "genre"), rows(graph, "director")) == (ALIEN_DUNE, NONE)
    assert graph.ids["pair:genre"].to_pylist() == [{"owner": 0, "attribute": "item.genre=Sci-Fi"}]
    data = Dataset.from_store(store)
    (genre,) = attribute_networks(data, ["genre"], links=read_item_links(store, data.items)["also_bought"])
    assert genre.product(np.eye(6)).tolist() == ALIEN_DUNE


def test_the_cache_keeps_networks_and_their_options(store: Store) -> None:
    load_small(store)
    options: list[dict] = [
        {},
        {"networks": None},
        {"networks": ["genre"]},
        {"networks": ["genre"], "max_share": 0.2},
        {"networks": ["genre"], "linked_by": "also_bought"},
    ]
    first = [graph_from_store(store, **some) for some in options]
    for graph, some in zip(first, options, strict=True):
        assert same(graph_from_store(store, **some), graph)
        assert same(graph_from_store(store, cached=False, **some), graph)
    assert [graph.nodes.get("pair:genre") for graph in first] == [None, 1, 1, 0, 1]
    assert rows(graph_from_store(store, networks=None), "genre") == ALIEN_BLADE


def test_what_makes_no_sense_is_refused(store: Store) -> None:
    load_small(store)
    for options, said in (
        ({"networks": ["genre"], "linked_by": "also_viewed"}, "no links .* 'also_viewed' .*Sources are also_bought"),
        ({"networks": ["label"]}, "no item attribute is of the kind 'label'"),
        ({"linked_by": "also_bought"}, "are of attribute networks"),
        ({"max_share": 0.5}, "are of attribute networks"),
    ):
        with pytest.raises(UsageError, match=said):
            graph_from_store(store, **options)
