"""Overlapping communities, against planted ones and NetworkX."""

from __future__ import annotations

from itertools import combinations

import networkx as nx
import numpy as np
import pytest

from graphrec.dataset.incidence import Incidence
from graphrec.models.splitter.communities import detect_communities, shares_of_nodes
from graphrec.testing.knowledge import toy_with_knowledge, with_facts
from graphrec.testing.toy import build

BOTH = 4
"""The column that is in both communities of ``overlapping``."""


def overlapping() -> Incidence:
    """Ten rows take the columns 0 to 4, ten others 4 to 8."""
    rows = np.repeat(np.arange(20), 5)
    columns = np.concatenate([np.tile(np.arange(5), 10), np.tile(np.arange(4, 9), 10)])
    return Incidence.from_pairs(rows, columns, (20, 9))


@pytest.mark.parametrize("seed", range(4))
def test_finds_what_was_planted(seed: int) -> None:
    rows, columns = detect_communities(overlapping(), 2, rounds=300, seed=seed)
    np.testing.assert_allclose(rows.sum(axis=1), 1, atol=1e-6)
    first = int(columns[0].argmax())
    np.testing.assert_allclose(columns[:4, first], 1, atol=0.05)
    np.testing.assert_allclose(columns[5:, first], 0, atol=0.05)
    assert columns[BOTH, first] == pytest.approx(0.5, abs=0.1)
    assert (rows[:10, first] > 0.8).all()
    assert (rows[10:, first] < 0.2).all()


def test_agrees_with_clique_percolation_on_the_projection() -> None:
    """NetworkX on the columns, linked where a row has both: its communities are those to which a column belongs."""
    links = overlapping()
    projection = nx.Graph()
    for row in range(links.n_rows):
        projection.add_edges_from(combinations(links.row(row).tolist(), 2))
    theirs = {frozenset(part) for part in nx.community.k_clique_communities(projection, 3)}
    _, columns = detect_communities(links, 2, rounds=300, seed=0)
    assert {frozenset(np.flatnonzero(of > 0.2).tolist()) for of in columns.T} == theirs


def test_without_links_all_belong_evenly() -> None:
    for part in detect_communities(Incidence.empty(3, 2), 4, rounds=5, seed=0):
        np.testing.assert_allclose(part, 0.25)
    _, columns = detect_communities(Incidence.from_pairs(np.array([0]), np.array([0]), (1, 2)), 2, rounds=5, seed=0)
    np.testing.assert_allclose(columns[1], 0.5)


def test_entities_belong_where_their_items_do() -> None:
    """Two tastes whose items are about two entities: the communities of both graphs get the same numbers."""
    taken = {f"{taste}r{n}": {f"{taste}{m}": 5.0 for m in range(5)} for taste in ("love", "war") for n in range(6)}
    items = [f"{taste}{m}" for taste in ("love", "war") for m in range(5)]
    facts = [(item, "about", item[:-1]) for item in items]
    data = with_facts(build(taken, items), facts, ["love", "war", "alone"])
    for seed in range(4):
        shares = shares_of_nodes(data, 2, rounds=300, seed=seed)
        community = shares.argmax(axis=1)
        assert community[0] != community[5]
        assert community[:10].tolist() == [community[0]] * 5 + [community[5]] * 5
        assert community[10:12].tolist() == [community[0], community[5]]
        np.testing.assert_allclose(shares[12], 0.5)
        assert community[13:].tolist() == [community[0]] * 6 + [community[5]] * 6


def test_a_row_for_every_node() -> None:
    data = toy_with_knowledge()
    shares = shares_of_nodes(data, 3, rounds=20, seed=0)
    assert shares.shape == (len(data.items) + len(data.entities) + len(data.users), 3)
    assert shares.dtype == np.float32
    np.testing.assert_allclose(shares.sum(axis=1), 1, atol=1e-6)
    assert shares.min() >= 0
