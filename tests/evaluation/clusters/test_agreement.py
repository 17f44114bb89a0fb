"""Purity by hand; mutual information against its definition; what permutations leave."""

from __future__ import annotations

import numpy as np
import pytest

from graphrec.errors import UsageError
from graphrec.evaluation.clusters.agreement import agreement, parts_of_equal_size, permuted_agreement, purity
from graphrec.evaluation.clusters.scikit_learn import k_means
from graphrec.evaluation.clusters.seed_agreement import seed_agreement


def test_purity_by_hand() -> None:
    """Group 0 has labels 1, 1, 0; group 2 has 2, 0: two and one of five carry the most common one."""
    assert purity(np.array([0, 0, 0, 2, 2]), np.array([1, 1, 0, 2, 0])) == pytest.approx(3 / 5)


def test_mutual_information_by_its_definition() -> None:
    """NMI = 2 I(g; l) / (H(g) + H(l))."""
    groups, labels = np.array([0, 0, 0, 1, 1, 1]), np.array([0, 0, 1, 1, 1, 1])
    together = np.array([[2, 1], [0, 3]]) / 6
    of_group, of_label = together.sum(axis=1), together.sum(axis=0)
    mutual = sum(
        together[group, label] * np.log(together[group, label] / of_group[group] / of_label[label])
        for group in range(2)
        for label in range(2)
        if together[group, label]
    )
    entropies = [-(part * np.log(part)).sum() for part in (of_group, of_label)]
    found = agreement(groups, labels)
    assert found.nmi == pytest.approx(2 * mutual / sum(entropies))
    assert found.purity == pytest.approx(5 / 6)


def test_what_has_no_group_or_label_is_left_out() -> None:
    groups, labels = np.array([0, 0, 1, 1, -1, 0]), np.array([0, 0, 1, 1, 1, -1])
    found = agreement(groups, labels)
    assert (found.purity, found.nmi, found.ami, found.members) == (1.0, pytest.approx(1), pytest.approx(1), 4)
    with pytest.raises(UsageError, match="nothing has both a group and a label"):
        agreement(np.array([-1, 0]), np.array([0, -1]))


def test_permuted_groups_have_purity_and_nmi_but_no_adjusted_information() -> None:
    """Many small groups: the reason why purity says nothing without this control."""
    rng = np.random.default_rng(0)
    labels = rng.integers(4, size=400)
    found = permuted_agreement(np.arange(400) // 5, labels)
    assert found.purity > 0.4
    assert found.nmi > 0.1
    assert abs(found.ami) < 0.02
    assert permuted_agreement(labels, labels).purity < 0.4


def test_parts_of_equal_size() -> None:
    assert parts_of_equal_size(np.array([5, 1, 9, 1, 7, 3]), 3).tolist() == [1, 0, 2, 0, 2, 1]
    assert np.bincount(parts_of_equal_size(np.zeros(10), 4)).tolist() == [3, 2, 3, 2]


def test_k_means_finds_what_lies_apart() -> None:
    rng = np.random.default_rng(0)
    truth = rng.integers(3, size=90)
    labels = k_means(rng.standard_normal((90, 2)) + 20 * np.eye(3)[truth, :2] * [1, 1], 3, 0)
    assert agreement(labels, truth).ami == pytest.approx(1)
    assert len(set(k_means(np.zeros((2, 2)), 5, 0))) <= 2


def test_the_same_clusters_under_other_numbers_are_the_same() -> None:
    first = np.repeat([0, 1, 2], 30)
    second, third = (first + 1) % 3, np.tile([0, 1, 2], 30)
    found = seed_agreement([first, second, third])
    assert found.between[0] == pytest.approx(1)
    assert found.between[1] == pytest.approx(found.between[2])
    assert abs(found.between[1]) < 0.05
    assert max(map(abs, found.permuted)) < 0.1
    assert len(found.to_dict()["permuted"]) == 3


def test_fits_that_cannot_be_compared() -> None:
    with pytest.raises(UsageError, match="one clustering"):
        seed_agreement([np.zeros(3, dtype=np.int64)])
    with pytest.raises(UsageError, match="nothing belongs to a cluster in both"):
        seed_agreement([np.array([0, -1]), np.array([-1, 0])])
