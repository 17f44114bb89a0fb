"""Every edge of a small graph, by hand."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from graphrec.dataset.incidence import Incidence
from graphrec.dataset.knowledge import Knowledge
from graphrec.errors import UsageError
from graphrec.sampling.from_dataset import graph_of
from graphrec.sampling.heterograph import HeteroGraph, reverse_of, transposed
from graphrec.testing.toy import build
from tests.sampling.toy import ENTITY_OF, HAS_ENTITY, RELATED, RELATED_FROM, TAKEN_BY, TOOK, dense, small


def test_every_edge_is_there_in_both_directions() -> None:
    graph = graph_of(small())
    assert graph.nodes == {"user": 3, "item": 4, "attribute": 11, "entity": 3, "feature": 0}
    first = {label: graph.ids[label].to_pylist()[:2] for label in ("user", "item", "entity")}
    assert first == {"user": ["u", "v"], "item": ["a", "b"], "entity": ["x", "y"]}
    assert dense(graph, TAKEN_BY) == [[1, 1, 0, 0], [0, 0, 1, 0], [0, 0, 0, 0]]  # u's c has a low rating
    assert dense(graph, ENTITY_OF) == [[0, 0, 0], [1, 0, 0], [1, 1, 0], [0, 0, 0]]
    assert dense(graph, RELATED) == [[0, 0, 0], [0, 0, 0], [1, 0, 0]]  # target z, source x
    assert dense(graph, ("item", "related_from", "entity")) == [[0, 0, 0, 0], [1, 0, 0, 0], [0, 0, 0, 0]]
    assert dense(graph, ("item", "related_to", "item")) == [[0] * 4, [0] * 4, [0] * 4, [1, 0, 0, 0]]
    assert graph.neighbours["attribute", "attribute_of", "item"].row(0).tolist() == [1]
    assert graph.neighbours["attribute", "attribute_of", "user"].row(0).tolist() == [8]
    for edge_type, matrix in graph.neighbours.items():
        other = graph.neighbours[reverse_of(edge_type)]
        assert (other.csr(np.int64) != matrix.csr(np.int64).T).nnz == 0, edge_type


def test_taken_items_with_low_ratings_are_edges_if_asked_for() -> None:
    assert dense(graph_of(small(), interactions="taken"), TAKEN_BY)[0] == [1, 1, 1, 0]


def test_each_relation_can_be_a_type_of_its_own() -> None:
    graph = graph_of(small(), relations=True)
    names = {edge_type for edge_type in graph.neighbours if ":" in edge_type[1]}
    forward = {
        ("item", "has_entity:about", "entity"),
        ("item", "has_entity:starring", "entity"),
        ("entity", "related_to:like", "entity"),
        ("entity", "related_to:like", "item"),
        ("item", "related_to:like", "item"),
    }
    assert names == forward | {reverse_of(edge_type) for edge_type in forward}
    assert dense(graph, ("entity", "entity_of:starring", "item")) == [[0] * 3, [0] * 3, [0, 1, 0], [0] * 3]
    assert dense(graph, ("entity", "entity_of:about", "item")) == [[0] * 3, [1, 0, 0], [1, 1, 0], [0] * 3]


def test_co_purchases_come_from_what_the_data_set_shows() -> None:
    people = {f"u{n}": {"a": 5.0, "b": 5.0} for n in range(5)}
    data = build(people, ["a", "b", "c"])
    both = ("item", "co_purchased", "item")
    assert dense(graph_of(data), both) == [[0, 1, 0], [1, 0, 0], [0, 0, 0]]
    training = data.keeping(data.interactions.user > 0, split="some")
    assert dense(graph_of(training), both) == [[0] * 3] * 3


def test_links_of_other_sources_are_types_of_their_own() -> None:
    linked = Incidence.from_pairs(np.array([0, 3]), np.array([3, 0]), (4, 4))
    graph = graph_of(small(), links={"also_bought": linked})
    edge_type = ("item", "co_purchased:also_bought", "item")
    assert graph.require(edge_type).row(0).tolist() == [3]
    assert reverse_of(edge_type) == edge_type
    with pytest.raises(UsageError, match="are not a matrix of 4 items"):
        graph_of(small(), links={"also_bought": Incidence.empty(2, 2)})


def test_a_graph_without_entities_or_with_entities_without_links_has_all_types() -> None:
    full = set(graph_of(small()).neighbours)
    bare = graph_of(build({"u": {"a": 5}}, ["a", "b"]))
    lonely = graph_of(small(knowledge=Knowledge.empty(4, 3)))
    assert set(bare.neighbours) == set(lonely.neighbours) == full
    assert bare.nodes["entity"] == 0
    assert lonely.neighbours[HAS_ENTITY].n_entries == lonely.neighbours[RELATED_FROM].n_entries == 0
    assert lonely.neighbours[TOOK].n_entries == 3


def test_what_does_not_fit_is_refused() -> None:
    graph = graph_of(small())
    with pytest.raises(UsageError, match="need 3 nodes 'user'; the graph has 0"):
        HeteroGraph({"item": graph.ids["item"]}, {TOOK: graph.neighbours[TOOK]})
    with pytest.raises(UsageError, match=r"no edges \('user', 'hated', 'item'\)"):
        graph.require(("user", "hated", "item"))
    with pytest.raises(UsageError, match="have no reverse"):
        reverse_of(("user", "hated", "item"))


def test_a_matrix_is_turned_with_its_columns_ascending() -> None:
    turned = transposed(Incidence.from_pairs(np.array([2, 0, 2]), np.array([1, 1, 0]), (3, 2)))
    assert [turned.row(n).tolist() for n in range(2)] == [[2], [0, 2]]
    assert replace(turned, n_columns=3).csr().shape == (2, 3)
