"""The knowledge graph as arrays."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from graphrec.dataset.dataset import Dataset
from graphrec.dataset.ids import IdMap
from graphrec.dataset.knowledge import Knowledge
from graphrec.errors import InputError
from graphrec.testing.toy import build

# Items 0–2, entities 3–5 (x, y, z); z has no fact.
HEAD, RELATION, TAIL = np.array([1, 0, 0, 3, 0, 1]), np.array([0, 1, 0, 1, 0, 0]), np.array([3, 3, 3, 4, 3, 2])
FACTS = Knowledge.of(HEAD, RELATION, TAIL, ["starring", "about"], 3, 3)


def triples(knowledge: Knowledge) -> list[tuple[int, str, int]]:
    names = [knowledge.relations[position] for position in knowledge.relation]
    return list(zip(knowledge.head.tolist(), names, knowledge.tail.tolist(), strict=True))


def dense(knowledge: Knowledge, *sides: str, **more: str) -> list[list[int]]:
    return knowledge.links(*sides, **more).csr(np.int64).toarray().tolist()  # type: ignore[arg-type, no-any-return]


def test_facts_are_sorted_and_each_is_there_once() -> None:
    assert triples(FACTS) == [
        (0, "about", 3),
        (0, "starring", 3),
        (1, "starring", 2),
        (1, "starring", 3),
        (3, "about", 4),
    ]
    assert FACTS.head.dtype == FACTS.relation.dtype == FACTS.tail.dtype == np.int32


def test_links_forget_relations_and_directions() -> None:
    assert dense(FACTS, "item", "entity") == [[1, 0, 0], [1, 0, 0], [0, 0, 0]]
    assert dense(FACTS, "entity", "item") == [[1, 1, 0], [0, 0, 0], [0, 0, 0]]
    assert dense(FACTS, "item", "item") == [[0, 0, 0], [0, 0, 1], [0, 1, 0]]
    assert dense(FACTS, "entity", "entity") == [[0, 1, 0], [1, 0, 0], [0, 0, 0]]
    assert dense(FACTS, "item", "entity", relation="about") == [[1, 0, 0], [0, 0, 0], [0, 0, 0]]
    assert FACTS.links("item", "entity", relation="unheard of").n_entries == 0


def test_no_facts() -> None:
    assert Knowledge.empty(2, 0).links("item", "entity").csr().shape == (2, 0)
    assert len(Knowledge.of(np.empty(0), np.empty(0), np.empty(0), [], 2, 1)) == 0
    data = build({"u": {"a": 5}}, ["a", "b"])
    assert (data.knowledge.n_items, data.knowledge.n_entities, len(data.knowledge)) == (2, 0, 0)


def test_a_knowledge_graph_of_other_data_is_refused() -> None:
    with pytest.raises(InputError, match="numbers 3 items and 3 entities, the data set has 2 and 0"):
        replace(build({"u": {"a": 5}}, ["a", "b"]), knowledge=FACTS)


def test_aligned_data_has_its_facts_in_the_numbering_of_the_model() -> None:
    data = build({"u": {"a": 5}}, ["a", "b", "c"])
    data = data.changed(nodes={"Entity": IdMap.of("Entity", ["x", "y", "z"])}, knowledge=FACTS)
    there = data.aligned(
        {"Item": IdMap.of("Item", ["c", "new", "b"]), "Entity": IdMap.of("Entity", ["y", "x"])},
    )
    # b is 2 and c is 0 now; x is 3 + 1, y is 3 + 0; a is gone with its two facts
    assert triples(there.knowledge) == [(2, "starring", 0), (2, "starring", 4), (4, "about", 3)]
    assert (there.knowledge.n_items, there.knowledge.n_entities) == (3, 2)


def test_co_purchases_are_counted_from_what_the_data_shows() -> None:
    people = {f"u{n}": {"a": 5.0, "b": 1.0, **({"c": 4.0} if n < 5 else {})} for n in range(6)}
    data = build(people, ["a", "b", "c"], positive_if="rating>=3")
    pairs = data.co_purchases
    assert list(zip(pairs.first.tolist(), pairs.second.tolist(), pairs.count.tolist(), strict=True)) == [
        (0, 1, 6),
        (0, 2, 5),
        (1, 2, 5),
    ]
    training = data.keeping(data.interactions.user > 0, split="some")
    assert isinstance(training, Dataset)
    assert training.co_purchases.count.tolist() == [5]
