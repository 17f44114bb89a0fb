"""The facts that stand for a node."""

from __future__ import annotations

import numpy as np

from graphrec.dataset.knowledge import Knowledge
from graphrec.models.kgcn.field import Field, draw_field

# items 0, 1, 2 and entities 3 … 6; item 2 and entity 6 are in no fact
GRAPH = Knowledge.of(
    np.array([0, 0, 0, 1, 1, 3]),
    np.array([0, 1, 0, 0, 1, 1]),
    np.array([3, 3, 4, 3, 5, 4]),
    ["of", "by"],
    3,
    4,
)
BY, OF = 0, 1


def entries(field: Field, node: int) -> list[tuple[int, int, int]]:
    of = slice(field.indptr[node], field.indptr[node + 1])
    return list(zip(field.relation[of].tolist(), field.node[of].tolist(), field.count[of].tolist(), strict=True))


def test_both_directions_and_every_relation_of_a_pair() -> None:
    """Item 0 has three facts: with three draws, each is drawn once."""
    field = draw_field(GRAPH, 3, np.random.default_rng(0))
    assert entries(field, 0) == [(BY, 3, 1), (OF, 3, 1), (OF, 4, 1)]
    assert sum(count for *_, count in entries(field, 3)) == 3
    assert {(relation, node) for relation, node, _ in entries(field, 3)} < {(BY, 0), (OF, 0), (OF, 1), (BY, 4)}
    assert entries(field, 2) == entries(field, 6) == []


def test_few_facts_are_drawn_several_times() -> None:
    field = draw_field(GRAPH, 8, np.random.default_rng(0))
    assert entries(field, 5) == [(BY, 1, 8)]
    total = np.bincount(np.repeat(np.arange(7), np.diff(field.indptr)), field.count, minlength=7)
    assert total.tolist() == [8, 8, 0, 8, 8, 8, 0]


def test_facts_are_drawn_evenly() -> None:
    """Entity 3 has four facts: without replacement for two of them, with replacement for eight draws."""
    for number in (2, 8):
        drawn = np.zeros(4)
        for seed in range(400):
            for relation, node, count in entries(draw_field(GRAPH, number, np.random.default_rng(seed)), 3):
                drawn[[(BY, 0), (BY, 4), (OF, 0), (OF, 1)].index((relation, node))] += count
        expected = 400 * number / 4
        assert np.abs(drawn - expected).max() < 5 * np.sqrt(expected)


def test_entries_of_several_nodes() -> None:
    field = draw_field(GRAPH, 3, np.random.default_rng(0))
    entry, place, first = field.entries_of(np.array([5, 2, 0, 5]))
    assert place.tolist() == [0, 2, 2, 2, 3]
    assert first.tolist() == [0, 1, 1, 4]
    assert field.node[entry].tolist() == [1, 3, 3, 4, 1]
