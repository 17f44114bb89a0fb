"""Rows of the explanation tables, worked out by hand."""

from __future__ import annotations

import numpy as np
import pyarrow as pa
import pytest
import torch

from graphrec.dataset.ids import IdMap
from graphrec.dataset.incidence import Incidence
from graphrec.dataset.kinds import ITEM_ATTRIBUTES, USER_ATTRIBUTES
from graphrec.dataset.profiles import Profiles
from graphrec.explaining.evidence import Evidence, history_slots
from graphrec.explaining.explanation import Explanation
from graphrec.explaining.reason_sets import ReasonSets
from graphrec.explaining.selection import choose
from graphrec.explaining.table_rows import ExplainedBatch, _percent, explanation_tables
from graphrec.schema.property_graph import EVIDENCE_LABELS, GROUNDS
from graphrec.tables.explanations import REASONS, RECOMMENDATIONS

ITEM, ATTRIBUTE = EVIDENCE_LABELS.index("Item"), EVIDENCE_LABELS.index("Attribute")
HISTORY, CARRIED, PROFILE = (GROUNDS.index(name) for name in ("history", "item_attribute", "profile"))
NAMES = {
    "User": IdMap.of("User", ["ann", "bob"]),
    "Item": IdMap.of("Item", ["a", "b", "c", "d"], name=["Alien", "Brazil", "Casablanca", "Dune"]),
    "Attribute": IdMap.of(
        "Attribute", ["item.genre=drama", "user.age=old"], owner=["item", "user"], kind=["genre", "age"]
    ),
}


@pytest.fixture
def tables():
    """Bob took a and b, b is a drama, and he is old. He gets c (score 1.0) and one empty place."""
    profiles = Profiles(
        known=np.array([1], np.int32),
        items=Incidence.from_pairs(np.array([0, 0]), np.array([0, 1]), (1, 4)),
        links={
            USER_ATTRIBUTES: Incidence.from_pairs(np.array([0]), np.array([1]), (1, 2)),
            ITEM_ATTRIBUTES: Incidence.from_pairs(np.array([1]), np.array([0]), (4, 2)),
        },
    )
    evidence = Evidence(
        labels=np.array([[ITEM, ITEM, ATTRIBUTE, ATTRIBUTE, -1]], np.int8),
        nodes=np.array([[0, 1, 0, 1, -1]], np.int32),
        grounds=np.array([[HISTORY, HISTORY, CARRIED, PROFILE, 0]], np.int8),
        vias=np.array([[0, 0, 2, 1, 0]], np.int32),
        via_names=pa.array(["self", "profile", "attribute:genre"]),
        weights=torch.tensor([[[0.004, 0.5, 0.8, -0.304, 0.0], [9.0, 9.0, 9.0, 9.0, 0.0]]]),
    )
    chosen = choose(evidence, torch.tensor([[True] * 4 + [False]]), reasons=3, against=1)
    effects = torch.tensor([[[0.5, 0.25, float("nan"), -1.0], [0.0, 0.0, 0.0, 0.0]]])
    explained = ExplainedBatch(
        users=np.array([1]),
        items=np.array([[2, -1]]),
        scores=np.array([[1.0, 0.0]], np.float32),
        profiles=profiles,
        explanation=Explanation(evidence, chosen, effects),
    )
    return explanation_tables(explained, NAMES, method="lrp")


def test_recommendations(tables) -> None:
    assert tables.recommendations.schema == RECOMMENDATIONS
    row = tables.recommendations.to_pylist()
    assert len(row) == 1
    assert row[0].pop("rest") == pytest.approx(0.0, abs=1e-6)
    assert {row[0].pop(name) for name in ("counterfactual", "computed", "basis")} == {None}
    assert row == [{"user": "bob", "item": "c", "name": "Casablanca", "score": 1.0, "rank": 1, "n_reasons": 4}]


def test_reasons(tables) -> None:
    assert tables.reasons.schema == REASONS
    rows = tables.reasons.to_pydict()
    assert rows["user"] == ["bob"] * 4
    assert rows["item"] == ["c"] * 4
    assert rows["label"] == ["Attribute", "Item", "Item", "Attribute"]
    assert rows["evidence"] == ["item.genre=drama", "b", "a", "user.age=old"]
    assert rows["via"] == ["attribute:genre", "self", "self", "profile"]
    assert rows["ground"] == ["item_attribute", "history", "history", "profile"]
    assert rows["anchor"] == ["b", "b", "a", None]
    assert rows["rank"] == [1, 2, 3, -1]
    assert rows["weight"] == pytest.approx([0.8, 0.5, 0.004, -0.304])
    total = 0.8 + 0.5 + 0.004 + 0.304
    assert rows["share"] == pytest.approx([0.8 / total, 0.5 / total, 0.004 / total, -0.304 / total])
    assert rows["percent"] == ["50 %", "31 %", "<1 %", "-19 %"]
    assert rows["effect"] == [0.5, 0.25, None, -1.0]
    assert rows["method"] == ["lrp"] * 4
    assert rows["set"] == [0] * 4
    for name in ("contrast", "delta", "joint_effect", "flips"):
        assert rows[name] == [None] * 4


def test_shares_next_to_zero_say_on_which_side_they_are() -> None:
    shares = np.array([0.004, -0.004, 0.006, -0.006, 0.0, -1.0, 1.0])
    assert _percent(shares).to_pylist() == ["<1 %", ">-1 %", "1 %", "-1 %", "<1 %", "-100 %", "100 %"]


def test_members_of_a_set() -> None:
    """Bob took a and b; without both he would not get c, and d overtakes. The members' weights are not summed."""
    profiles = Profiles(
        known=np.array([1], np.int32),
        items=Incidence.from_pairs(np.array([0, 0]), np.array([0, 1]), (1, 4)),
    )
    slots = history_slots(profiles.items)
    sets = ReasonSets.none(slots, 2)
    sets.weights[0, 0] = torch.tensor([0.5, 1.5])
    sets.deltas[0, 0] = -1.0
    sets.contrast[0, 0], sets.joint_effect[0, 0], sets.flips[0, 0] = 3, 0.75, True
    evidence = slots.weighed(sets.weights)
    chosen = choose(evidence, slots.filled, reasons=5, against=0)
    explained = ExplainedBatch(
        users=np.array([1]),
        items=np.array([[2, 0]]),
        scores=np.array([[1.0, 0.5]], np.float32),
        profiles=profiles,
        explanation=Explanation(evidence, chosen, torch.tensor([[[0.25, 0.125], [0.0, 0.0]]]), sets=sets.by_slot()),
    )
    tables = explanation_tables(explained, NAMES, method="counterfactual")
    assert tables.reasons.schema == REASONS
    rows = tables.reasons.to_pydict()
    assert rows["evidence"] == ["b", "a"]
    assert rows["weight"] == [1.5, 0.5]
    assert rows["share"] == [0.75, 0.25]
    assert rows["set"] == [1, 1]
    assert rows["contrast"] == ["d", "d"]
    assert rows["delta"] == [-1.0, -1.0]
    assert rows["joint_effect"] == [0.75, 0.75]
    assert rows["flips"] == [True, True]
    assert rows["effect"] == [0.25, 0.125]
    assert rows["net"] == [None, None]
    assert tables.recommendations["rest"].to_pylist() == [1.0, 0.5]
    assert tables.recommendations["n_reasons"].to_pylist() == [2, 0]
    assert sets.sizes.tolist() == [[2, 0]]
