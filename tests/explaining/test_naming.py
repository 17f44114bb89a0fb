"""Names of factors of items."""

from __future__ import annotations

import numpy as np
import pytest

from graphrec.dataset.ids import IdMap
from graphrec.dataset.incidence import Incidence
from graphrec.dataset.kinds import ITEM_ENTITIES
from graphrec.explaining.naming import names_by_items, over_representation, told_apart
from graphrec.testing.toy import build


def test_names_are_what_is_over_represented() -> None:
    """Ten of 20 items are in each factor; all ten horror films are in one: C(10,10)/C(20,10) by chance."""
    items = [f"i{number}" for number in range(20)]
    carried = {item: ["item.genre=horror"] for item in items[:10]} | {
        item: ["item.genre=drama"] for item in items[10:12]
    }
    data = build({"u": {"i0": 1.0}}, items, carried=carried)
    belonging = np.repeat([[0.9, 0.1], [0.2, 0.8]], 10, axis=0).astype(np.float32)
    surprise = over_representation(belonging > 0.5, data.item_attributes.csr(np.float64))
    horror = data.attributes.ids.to_pylist().index("item.genre=horror")
    assert np.exp(surprise[0, horror]) == pytest.approx(1 / 184756)
    drama = data.attributes.ids.to_pylist().index("item.genre=drama")
    assert surprise[1, drama] == 0.0  # two carriers in the factor are too few
    named = names_by_items(belonging, np.array([0, 0]), data)
    assert named == [data.attributes.columns["name"][horror].as_py(), "items like The i10 · The i11 · The i12"]
    linked = data.changed(
        nodes={"Entity": IdMap.of("Entity", ["q1", "q2"], name=["Ghent", "q2"])},
        links={ITEM_ENTITIES: Incidence.from_pairs(np.r_[10:20, 10:20], np.repeat([0, 1], 10), (20, 2))},
    )
    assert names_by_items(belonging, np.array([0, 0]), linked)[1] == "Ghent"
    numbered = linked.changed(nodes={"Entity": IdMap.of("Entity", ["kg:1", "kg:2"], name=["entity 1", "kg:2"])})
    assert names_by_items(belonging, np.array([0, 0]), numbered)[1] == "items like The i10 · The i11 · The i12"
    twice = np.concatenate([belonging, belonging], axis=1)
    assert len(set(names_by_items(twice, np.array([0, 0, 1, 1]), linked))) == 4


def test_chance_gives_no_names() -> None:
    """400 attributes of three random items each, four random factors: three of three happens, and tells nothing."""
    rng = np.random.default_rng(0)
    carried: dict[str, list[str]] = {f"i{number}": [] for number in range(200)}
    for mark in range(400):
        for item in rng.choice(200, 3, replace=False):
            carried[f"i{item}"].append(f"item.tag={mark}")
    tags = {f"item.tag={mark}": ("item", "tag") for mark in range(400)}
    data = build({"u": {"i0": 1.0}}, list(carried), carried=carried, attributes=tags)
    belonging = rng.random((200, 4)).astype(np.float32)
    whole = over_representation(belonging == belonging.max(axis=1, keepdims=True), data.item_attributes.csr(np.float64))
    assert (np.exp(whole) < 0.02).any()
    names = names_by_items(belonging, np.zeros(4, dtype=np.int64), data)
    assert all(name.startswith("items like The i") for name in names)


def test_a_factor_without_marks_is_called_by_the_items_that_are_most_of_it() -> None:
    """Belonging × (1 + takers): a 0.9 × 1, b 0.6 × 3, c 0.8 × 2, d 0.7 × 1; e belongs to the other more."""
    took = {"u": {"b": 5.0, "c": 5.0, "e": 5.0}, "v": {"b": 5.0, "e": 5.0}}
    data = build(took, ["a", "b", "c", "d", "e"])
    belonging = np.array([[0.9, 0, 0], [0.6, 0, 0], [0.8, 0, 0], [0.7, 0, 0], [0.4, 0.5, 0]], dtype=np.float32)
    assert names_by_items(belonging, np.array([0, 0, 0]), data) == [
        "items like The b · The c · The a",
        "items like The e",
        "factor 3",
    ]


def test_no_two_names_are_the_same() -> None:
    """The number behind a name may make one that is there already."""
    assert told_apart(["space", "space (3)", "space", "war"]) == ["space", "space (3)", "space (4)", "war"]
