"""Ways of taken items: each weight in one slot, and what is 0 never chosen."""

from __future__ import annotations

import numpy as np
import torch

from graphrec.dataset.incidence import Incidence
from graphrec.dataset.profiles import Profiles
from graphrec.explaining.explanation import RecommendedBatch
from graphrec.explaining.selection import choose
from graphrec.explaining.ways import evidence_of_ways, shared_and_near

# Ann took items 0 and 2, bob took 1; one item each is explained.
TAKEN = Incidence.from_pairs(np.array([0, 0, 1]), np.array([0, 2, 1]), (2, 4))
WEIGHTS = torch.tensor([[[[0.5, 0.25], [-1.0, 2.0]]], [[[0.75, 0.0], [0.0, 0.0]]]])
SHARED = np.array([[[[True, False], [False, True]]], [[[False, True], [False, False]]]])


def test_each_weight_stands_in_one_of_two_ways() -> None:
    names, split = shared_and_near(["director", "genre"], WEIGHTS, SHARED)
    assert names == ["attribute:director", "attribute:genre", "neighbours:director", "neighbours:genre"]
    assert split[0, 0].tolist() == [[0.5, 0.0, 0.0, 0.25], [0.0, 2.0, -1.0, 0.0]]
    assert split[1, 0].tolist() == [[0.0, 0.0, 0.75, 0.0], [0.0, 0.0, 0.0, 0.0]]
    torch.testing.assert_close(split[..., :2] + split[..., 2:], WEIGHTS)


def test_what_is_not_shared_is_never_a_reason_by_a_shared_value() -> None:
    names, split = shared_and_near(["director", "genre"], WEIGHTS, SHARED)
    evidence = evidence_of_ways(TAKEN, names, split)
    assert evidence.nodes.tolist() == [[0, 2] * 4, [1, -1] * 4]
    chosen = choose(evidence, evidence.filled, reasons=10, against=10)
    found = [
        (user, names[evidence.vias[user, slot]], int(evidence.nodes[user, slot]), weight)
        for user in range(2)
        for slot, weight in zip(chosen.slots[user, 0].tolist(), chosen.weights[user, 0].tolist(), strict=True)
        if weight
    ]
    assert found == [
        (0, "attribute:genre", 2, 2.0),
        (0, "attribute:director", 0, 0.5),
        (0, "neighbours:genre", 0, 0.25),
        (0, "neighbours:director", 2, -1.0),
        (1, "neighbours:director", 1, 0.75),
    ]
    torch.testing.assert_close(chosen.total, torch.tensor([[3.75], [0.75]]))


def test_a_protected_kind_is_shown_in_neither_way() -> None:
    names, split = shared_and_near(["director", "genre"], WEIGHTS, SHARED)
    evidence = evidence_of_ways(TAKEN, names, split)
    items = torch.tensor([[3], [3]])
    nobody = Incidence.empty(2, 4)
    allowed, shown = np.ones(4, np.bool_), np.ones(0, np.bool_)
    profiles = Profiles(np.arange(2, dtype=np.int32), TAKEN)
    batch = RecommendedBatch(profiles, items, torch.zeros(2, 1), nobody, allowed, shown)
    may = batch.may_show(evidence, ["director"])
    through = [[names[via] for via in evidence.vias[user][may[user].numpy()]] for user in range(2)]
    assert through == [["attribute:genre"] * 2 + ["neighbours:genre"] * 2, ["attribute:genre", "neighbours:genre"]]
