"""Which facts stand for a user."""

from __future__ import annotations

import numpy as np

from graphrec.dataset.incidence import Incidence
from graphrec.dataset.knowledge import Knowledge
from graphrec.models.ripplenet.ripples import facts_of

# items 0, 1, 2; entities 3, 4, 5; item 2 is in no fact
GRAPH = Knowledge.of(np.array([0, 0, 1, 4]), np.array([0, 1, 0, 1]), np.array([3, 4, 4, 5]), ["a", "b"], 3, 3)


def triples(hop: np.ndarray, facts: object) -> list[tuple[int, int, int]]:
    known = hop[hop >= 0]
    return sorted(
        zip(facts.head[known].tolist(), facts.relation[known].tolist(), facts.tail[known].tolist(), strict=True)
    )


def test_forwards() -> None:
    """Relation 2 is the loop of nodes from which nothing starts: item 2 and entities 3 and 5."""
    facts = facts_of(GRAPH, backwards=False, seed=0)
    history = Incidence.from_pairs(np.array([0, 1, 1]), np.array([0, 1, 2]), (2, 3))
    first, second, third = facts.ripples(history, 3, 9)
    assert triples(first[0], facts) == [(0, 0, 3), (0, 1, 4)]
    assert triples(second[0], facts) == [(3, 2, 3), (4, 1, 5)]
    assert triples(third[0], facts) == [(3, 2, 3), (5, 2, 5)]
    assert triples(first[1], facts) == [(1, 0, 4), (2, 2, 2)]
    assert triples(second[1], facts) == [(2, 2, 2), (4, 1, 5)]


def test_backwards_too() -> None:
    """By relations 2 and 3; the loop is relation 4."""
    facts = facts_of(GRAPH, backwards=True, seed=0)
    first, second = facts.ripples(Incidence.from_pairs(np.array([0]), np.array([1]), (1, 3)), 2, 9)
    assert triples(first[0], facts) == [(1, 0, 4)]
    assert triples(second[0], facts) == [(4, 1, 5), (4, 2, 1), (4, 3, 0)]
    assert facts.n_relations == 5
    assert triples(facts.ripples(Incidence.from_pairs(np.array([0]), np.array([2]), (1, 3)), 1, 9)[0][0], facts) == [
        (2, 4, 2)
    ]


def wide() -> Knowledge:
    """Item i has facts with entities 40 … 59 by one relation."""
    head, tail = np.divmod(np.arange(800), 20)
    return Knowledge.of(head, np.zeros(800, dtype=int), tail + 40, ["a"], 40, 20)


def test_drawn_evenly_without_replacement_and_each_user_otherwise() -> None:
    facts = facts_of(wide(), backwards=False, seed=3)
    users, items = np.nonzero(np.random.default_rng(0).random((2000, 40)) < 0.1)
    kept = np.unique(users).tolist()
    history = Incidence.from_pairs(np.searchsorted(kept, users), items, (len(kept), 40))
    (hop,) = facts.ripples(history, 1, 5)
    assert (np.sort(hop, axis=1)[:, 1:] != np.sort(hop, axis=1)[:, :-1]).all()
    row = np.repeat(np.arange(len(kept)), 5)
    assert history.has(row, facts.head[hop.ravel()]).all()
    # every fact of a user has the chance 5 / facts: entities are hit alike
    hits = np.bincount(facts.tail[hop.ravel()] - 40, minlength=20)
    assert np.abs(hits - hits.mean()).max() < 5 * np.sqrt(hits.mean())
    # and users with one item in common do not draw the same of it
    both = np.flatnonzero(history.csr().toarray()[:, 0])
    drawn = {tuple(np.sort(facts.tail[user[facts.head[user] == 0]])) for user in hop[both]}
    assert len(drawn) > len(both) / 3


def test_the_same_history_draws_the_same_whoever_else_is_asked_about() -> None:
    facts = facts_of(wide(), backwards=True, seed=0)
    rows, items = np.array([0, 0, 1, 2, 2]), np.array([3, 7, 5, 3, 7])
    history = Incidence.from_pairs(rows, items, (3, 40))
    hops = facts.ripples(history, 2, 6)
    for hop, alone in zip(hops, facts.ripples(history.rows(np.array([2])), 2, 6), strict=True):
        np.testing.assert_array_equal(hop[0], hop[2])
        np.testing.assert_array_equal(hop[0], alone[0])
    other = facts_of(wide(), backwards=True, seed=1).ripples(history, 1, 6)[0]
    assert not np.array_equal(other, hops[0])


def test_nobody_and_nothing() -> None:
    facts = facts_of(Knowledge.empty(2, 0), backwards=True, seed=0)
    hops = facts.ripples(Incidence.from_pairs(np.array([0]), np.array([1]), (2, 2)), 2, 3)
    assert [triples(hop[0], facts) for hop in hops] == [[(1, 0, 1)]] * 2
    assert (hops[0][1] == -1).all()
