"""Rows of attribute networks: out of the pairs and out of samples of the graph, both beside the dense formula."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pytest

from graphrec.errors import UsageError
from graphrec.sampling import network_rows as rows_module
from graphrec.sampling.attribute_networks import attribute_networks
from graphrec.sampling.from_dataset import graph_of
from graphrec.sampling.network_graph import in_pair, network_graph, network_hops, network_rows
from tests.sampling.networks_by_hand import dense_entries, dense_network, random_data
from tests.sampling.test_samplers import kind, make

if TYPE_CHECKING:
    from graphrec.dataset.incidence import Incidence

__all__ = ["kind"]
"""The fixture: each sampler in turn."""

BATCH = np.array([7, 0, 24, 3, 12])
DATA = random_data()


@pytest.mark.parametrize("of", ["positives", "taken"])
@pytest.mark.parametrize("whole_graph", [True, False])
def test_samples_and_the_product_are_the_papers_network(kind: str, of: str, whole_graph: bool) -> None:
    networks = attribute_networks(DATA, of=of)
    graph = graph_of(DATA, networks=networks) if whole_graph else network_graph(DATA, networks)
    hops = network_hops([network.kind for network in networks])
    blocks = make(kind, graph).blocks({"item": BATCH}, hops, np.random.default_rng(0))
    for network in networks:
        dense = dense_network(DATA.positives if of == "positives" else DATA.taken, network.carried)
        sampled = network_rows(graph, blocks, network.kind, "paths").csr(np.int64).toarray()
        np.testing.assert_array_equal(sampled, dense["paths"][BATCH])
        np.testing.assert_array_equal(sampled, network.product(np.eye(25))[BATCH])


@pytest.mark.parametrize("entries", ["edges", "co_takers", "paths"])
@pytest.mark.parametrize("threshold", [1, 2, 4, 100])
@pytest.mark.parametrize("at_once", [1, 60, 4_000_000])
def test_thresholds_count_users_and_not_paths(
    entries: str, threshold: int, at_once: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(rows_module, "_PATHS_AT_ONCE", at_once)
    networks = attribute_networks(DATA, of="taken")
    graph = network_graph(DATA, networks)
    blocks = make("torch", graph).blocks({"item": BATCH}, network_hops(["actor", "genre"]), np.random.default_rng(0))
    for network in networks:
        expected = dense_entries(dense_network(DATA.taken, network.carried), entries, threshold)[BATCH]
        assert expected.any() == (threshold < 100)
        out_of_pairs = network.rows(BATCH, entries, threshold)
        for rows in (out_of_pairs, network_rows(graph, blocks, network.kind, entries, threshold)):
            np.testing.assert_array_equal(rows.csr(np.int64).toarray(), expected)
            assert rows.n_entries == np.count_nonzero(expected)
            assert (rows.values is None) == (entries == "edges")
            assert_ascending(rows)


def assert_ascending(rows: Incidence) -> None:
    for row in range(rows.n_rows):
        assert (np.diff(rows.row(row)) > 0).all()


def test_fan_outs_draw_a_part_of_the_network(kind: str) -> None:
    (genre,) = attribute_networks(DATA, ["genre"], "taken")
    graph = network_graph(DATA, [genre])
    sampler, whole = make(kind, graph), genre.rows(BATCH, "paths").csr().toarray()
    sums = np.zeros_like(whole)
    for seed in range(40):
        blocks = sampler.blocks({"item": BATCH}, network_hops(["genre"], (5, 3)), np.random.default_rng(seed))
        some = network_rows(graph, blocks, "genre", "paths")
        assert (some.counts <= 15).all()
        sums += some.csr().toarray()
        assert (some.csr().toarray() <= whole).all()
        assert (network_rows(graph, blocks, "genre", "co_takers", 2).weights >= 2).all()
    assert ((sums > 0) == (whole > 0)).mean() > 0.95, "every edge comes up, and no other"
    assert (whole[sums > 0] > 0).all()


def test_pairs_have_ids_and_edges_in_both_directions() -> None:
    networks = attribute_networks(DATA)
    graph = graph_of(DATA, networks=networks)
    actor = networks[0]
    ids = graph.ids["pair:actor"]
    assert ids[0].as_py() == {
        "owner": DATA.users.ids[int(actor.owners[0])].as_py(),
        "attribute": DATA.attributes.ids[int(actor.attributes[actor.values[0]])].as_py(),
    }
    joins, joined = (graph.neighbours[edge] for edge in (in_pair("actor"), ("pair:actor", "pair_of:actor", "item")))
    assert (joins.csr(np.int64) != joined.csr(np.int64).T).nnz == 0
    took = DATA.positives
    users = took.has(actor.owners[joins.row_of_entry], joins.indices)
    carriers = DATA.item_attributes.has(joins.indices, actor.attributes[actor.values[joins.row_of_entry]])
    assert users.all()
    assert carriers.all()


def test_no_items_and_items_without_an_edge(kind: str) -> None:
    networks = attribute_networks(DATA)
    graph = network_graph(DATA, networks)
    for batch in (np.empty(0, dtype=np.int64), np.array([0])):  # i0 carries nothing
        blocks = make(kind, graph).blocks({"item": batch}, network_hops(["actor"]), np.random.default_rng(0))
        for rows in (network_rows(graph, blocks, "actor", "co_takers"), networks[0].rows(batch, "co_takers", 2)):
            assert (rows.n_rows, rows.n_columns, rows.n_entries) == (len(batch), 25, 0)


def test_what_makes_no_sense_is_refused() -> None:
    networks = attribute_networks(DATA)
    graph = network_graph(DATA, networks)
    blocks = make("torch", graph).blocks({"item": BATCH}, network_hops(["actor"]), np.random.default_rng(0))
    for call, said in (
        (lambda: network_rows(graph, blocks, "genre"), "not two hops over the network 'genre'"),
        (lambda: network_rows(graph, blocks[1:], "actor"), "not two hops"),
        (lambda: network_rows(graph, blocks, "actor", "sums"), "no entries 'sums'"),
        (lambda: network_rows(graph, blocks, "actor", threshold=0), "the threshold is 0"),
        (lambda: networks[0].rows(np.array([25])), "an item is out of range; the network actor has 25"),
        (lambda: networks[0].rows(np.array([-1])), "an item is out of range"),
        (lambda: network_graph(DATA, [networks[0], networks[0]]), "two networks are of the kind actor"),
        (lambda: network_graph(random_data(items=9), networks), "of 25 items, the data set has 9"),
    ):
        with pytest.raises(UsageError, match=said):
            call()
