from __future__ import annotations

from math import isnan

import numpy as np
import pytest
import torch

from graphrec.evaluation.explanations.overlap import rank_biased_overlap
from tests.evaluation.explanations.stated import listing


def overlap(first, second, slots=8, **settings):
    pad = max(len(first), len(second), 1)
    one, two = (listing([[[*of, *[-1] * (pad - len(of))]]], slots) for of in (first, second))
    found = rank_biased_overlap(one, two, **settings)
    return found.extrapolated.item(), found.truncated.item()


def webber(first, second, p):
    """Equation 32 of the paper, with sets, one depth after another."""
    short, long = sorted((first, second), key=len)
    s, n = len(short), len(long)
    x = [len(set(short[:d]) & set(long[:d])) for d in range(n + 1)]
    total = sum(x[d] / d * p**d for d in range(1, n + 1))
    total += sum(x[s] * (d - s) / (s * d) * p**d for d in range(s + 1, n + 1))
    return (1 - p) / p * total + ((x[n] - x[s]) / n + x[s] / s) * p**n


def test_by_hand():
    # a b c against b a c: X = 0, 2, 3, agreement 0, 1, 1; (.1/.9)(.81 + .729) = .171, and .9³ = .729 beyond
    extrapolated, truncated = overlap([0, 1, 2], [1, 0, 2])
    assert truncated == pytest.approx(0.171)
    assert extrapolated == pytest.approx(0.9)


def test_the_same_order_is_one_and_nothing_in_common_is_nought():
    assert overlap([3, 1, 2], [3, 1, 2]) == (pytest.approx(1), pytest.approx(1 - 0.9**3))
    assert overlap([0, 1], [2, 3]) == (0, 0)


def test_the_beginning_counts_more():
    assert overlap([0, 1, 2, 3], [0, 1, 3, 2])[0] > overlap([0, 1, 2, 3], [1, 0, 2, 3])[0]
    assert overlap([0, 1, 2], [1, 0, 2], p=0.5)[0] == pytest.approx(0.5)  # .25 + .125 and .125 beyond


def test_only_the_depth_is_read():
    assert overlap([0, 1, 2, 3], [0, 1, 3, 2], depth=2) == (pytest.approx(1), pytest.approx(0.19))


def test_lists_of_unlike_length_by_hand():
    # a against a b: X = 1, 1; (.1/.9)(.9 + .405 + 1·1/(1·2)·.81) + (0/2 + 1)·.81 = .19 + .81
    assert overlap([0], [0, 1])[0] == pytest.approx(1)
    # b against a b: X = 0, 1; (.1/.9)(.405) + (1/2)(.81) = .045 + .405
    assert overlap([1], [0, 1])[0] == pytest.approx(0.45)


def test_empty_lists():
    assert all(isnan(value) for value in overlap([], []))
    assert overlap([], [0, 1]) == (0, 0)


def test_agrees_with_the_definition_on_random_lists():
    rng = np.random.default_rng(0)
    for _ in range(50):
        first, second = (rng.permutation(8)[: rng.integers(1, 9)].tolist() for _ in range(2))
        p = float(rng.uniform(0.3, 0.98))
        assert overlap(first, second, p=p)[0] == pytest.approx(webber(first, second, p), abs=1e-12)


def test_many_pairs_at_once_are_what_they_are_alone():
    lists = torch.tensor([[[0, 1, 2], [2, 1, 0]], [[1, 0, 2], [0, 2, 1]]])
    one, two = listing(lists.tolist(), 3), listing(lists.flip(0).tolist(), 3)
    found = rank_biased_overlap(one, two).extrapolated
    for row in range(2):
        for column in range(2):
            alone = overlap(lists[row, column].tolist(), lists[1 - row, column].tolist(), slots=3)[0]
            assert found[row, column] == pytest.approx(alone)
