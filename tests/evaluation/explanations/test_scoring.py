from __future__ import annotations

import torch

from graphrec.evaluation.explanations.pair_scores import candidates_of, ranks_among, scores_of_pairs, standings_of_pairs
from tests.evaluation.explanations.stated import FIVE, adding, held, histories

MODEL = adding(FIVE)
PROFILES = histories([[0, 1, 2], [1, 2]], 5)
SLOTS = MODEL.inputs(PROFILES)
ITEMS = torch.tensor([[3, 4], [4, 3]])
KEPT = torch.zeros(2, 2, 2, 3, dtype=torch.bool)
KEPT[0, 0, 0, :2] = KEPT[0, 0, 1, 2] = KEPT[0, 1, 0] = True
KEPT[1, 0, 0, 1] = KEPT[1, 1, 0, 0] = KEPT[1, 1, 1, :2] = True
SCORES = [[[5.0, -1.0], [3.0, 0.0]], [[2.0, 0.0], [2.0, 1.0]]]


def test_each_pair_is_scored_with_its_own_subsets():
    assert scores_of_pairs(MODEL, PROFILES, SLOTS, KEPT, ITEMS).tolist() == SCORES


def test_ranks_stand_beside_the_scores():
    scores, ranks = standings_of_pairs(MODEL, PROFILES, SLOTS, KEPT, ITEMS, candidates_of(PROFILES.items))
    assert scores.tolist() == SCORES
    # Candidates are 3 and 4 for the first user and 0, 3 and 4 for the second; scores of 0 are level.
    assert ranks.tolist() == [[[1.0, 2.0], [2.0, 1.5]], [[1.0, 2.0], [1.0, 2.0]]]


def test_small_blocks_change_nothing(monkeypatch):
    whole = standings_of_pairs(MODEL, PROFILES, SLOTS, KEPT, ITEMS, candidates_of(PROFILES.items))
    monkeypatch.setattr("graphrec.arrays.bounded_blocks.NUMBERS_AT_ONCE", 1)
    parts = standings_of_pairs(MODEL, PROFILES, SLOTS, KEPT, ITEMS, candidates_of(PROFILES.items))
    assert all(torch.equal(one, two) for one, two in zip(whole, parts, strict=True))
    assert scores_of_pairs(MODEL, PROFILES, SLOTS, KEPT, ITEMS).tolist() == SCORES


def test_ties_share_a_rank_and_a_nan_is_last():
    scores = torch.tensor([[[1.0, 2.0, 2.0, 2.0, float("nan")]]])
    free = torch.ones(1, 5, dtype=torch.bool)
    ranks = [ranks_among(scores, torch.tensor([[item]]), free).item() for item in range(5)]
    assert ranks == [4.0, 2.0, 2.0, 2.0, 5.0]


def test_the_item_itself_counts_even_where_it_was_taken():
    free = candidates_of(held([[1, 2]], 4))
    assert free.tolist() == [[True, False, False, True]]
    scores = torch.tensor([[[3.0, 2.0, 9.0, 1.0]]])
    assert ranks_among(scores, torch.tensor([[1]]), free).item() == 2.0
