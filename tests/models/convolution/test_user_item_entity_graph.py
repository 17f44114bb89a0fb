"""The graph of users, items and entities, and its normalised adjacency, against the dense formula."""

from __future__ import annotations

import numpy as np

from graphrec.models.convolution.user_item_entity_graph import UserItemEntityGraph, shares_of_users
from graphrec.testing.knowledge import toy_with_knowledge, with_facts
from graphrec.testing.toy import build, toy

ONE = np.float32(1)


def small() -> UserItemEntityGraph:
    """Items a, b; entities x, y; users u (took a, b) and nobody. a is about x twice over, x is a y, y is a y."""
    data = build({"u": {"a": 5, "b": 5}, "nobody": {}}, ["a", "b"])
    facts = [("a", "about", "x"), ("a", "by", "x"), ("x", "is a", "y"), ("y", "is a", "y"), ("y", "has", "x")]
    return UserItemEntityGraph.of(with_facts(data, facts, ["x", "y"]))


def test_links_by_hand() -> None:
    """Numbered a 0, b 1, x 2, y 3, u 4, nobody 5; a pair counts once, a node is no neighbour of its own."""
    graph = small()
    links = list(zip(graph.first.tolist(), graph.second.tolist(), strict=True))
    assert links == [(0, 2), (0, 4), (1, 4), (2, 0), (2, 3), (3, 2), (4, 0), (4, 1)]
    assert graph.degrees.tolist() == [3, 2, 3, 2, 3, 1]


def test_the_normalised_adjacency_by_hand() -> None:
    matrix = small().normalised(np.ones((6, 1), dtype=np.float32), 0).toarray()
    s = 1 / np.sqrt(6)
    expected = [
        [1 / 3, 0, 1 / 3, 0, 1 / 3, 0],
        [0, 1 / 2, 0, 0, s, 0],
        [1 / 3, 0, 1 / 3, s, 0, 0],
        [0, 0, s, 1 / 2, 0, 0],
        [1 / 3, s, 0, 0, 1 / 3, 0],
        [0, 0, 0, 0, 0, 1],
    ]
    np.testing.assert_allclose(matrix, expected, atol=1e-6)


def test_a_link_has_the_share_of_the_end_that_tells() -> None:
    """Shares in the channel: a .1, b .2, x .4, y .8, u .5, nobody .5. a–u has a's, a–x has x's, x–y the mean .6."""
    first = np.array([0.1, 0.2, 0.4, 0.8, 0.5, 0.5], dtype=np.float32)
    shares = np.column_stack([first, 1 - first])
    graph = small()
    matrix = graph.normalised(shares, 0).toarray()
    whole = graph.normalised(np.ones((6, 1), dtype=np.float32), 0).toarray()
    ratio = np.divide(matrix, whole, out=np.zeros_like(whole), where=whole > 0)
    assert ratio[0, 4] == ratio[4, 0] == np.float32(0.1)
    np.testing.assert_allclose([ratio[1, 4], ratio[0, 2], ratio[2, 3]], [0.2, 0.4, 0.6], rtol=1e-6)
    np.testing.assert_allclose(np.diag(ratio), first, rtol=1e-6)
    np.testing.assert_allclose(matrix, matrix.T)
    np.testing.assert_allclose(matrix + graph.normalised(shares, 1).toarray(), whole, atol=1e-7)


def test_it_is_the_formula_of_the_paper() -> None:
    """D^−½ (A + I) D^−½, densely, on data with facts of all kinds."""
    graph = UserItemEntityGraph.of(toy_with_knowledge())
    links = np.zeros((graph.n_nodes, graph.n_nodes))
    links[graph.first, graph.second] = 1
    assert (links == links.T).all()
    links += np.eye(graph.n_nodes)
    root = np.diag(links.sum(axis=1) ** -0.5)
    found = graph.normalised(np.ones((graph.n_nodes, 1), dtype=np.float32), 0).toarray()
    np.testing.assert_allclose(found, root @ links @ root, atol=1e-6)


def test_without_facts_there_are_users_and_items_alone() -> None:
    data = toy()
    graph = UserItemEntityGraph.of(data)
    assert len(graph.first) == 2 * data.positives.n_entries
    assert graph.n_entities == 0


def test_shares_of_users() -> None:
    data = build({"u": {"a": 5, "b": 5}, "nobody": {}}, ["a", "b"])
    found = shares_of_users(data.positives, np.array([[0.2, 0.8], [0.6, 0.4]], dtype=np.float32))
    np.testing.assert_allclose(found, [[0.4, 0.6], [0.5, 0.5]])
