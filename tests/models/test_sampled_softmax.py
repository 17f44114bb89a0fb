"""Items drawn for a softmax: their chances, what corrects for them, and what is hidden from whom."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pytest
import torch

from graphrec.dataset.incidence import Incidence
from graphrec.models.sampled_softmax import (
    ItemDraws,
    SampledItems,
    draw_beside,
    grouped_logsumexp,
    inclusion_chances,
)

if TYPE_CHECKING:
    from graphrec.models.config import Chances


def positives_of(takers: list[int]) -> Incidence:
    """Return positives in which item i has so many takers."""
    item = np.repeat(np.arange(len(takers)), takers)
    user = np.concatenate([np.arange(count) for count in takers])
    return Incidence.from_pairs(user, item, (max(takers), len(takers)))


def test_chances_by_hand() -> None:
    """Three of 10, 2, 2, 1, 1: the first is certain, the others share two draws in proportion, 2/6 of each weight."""
    weights = np.array([2.0, 10.0, 1.0, 2.0, 1.0])
    np.testing.assert_allclose(inclusion_chances(weights, 3), [2 / 3, 1, 1 / 3, 2 / 3, 1 / 3])
    np.testing.assert_allclose(inclusion_chances(weights, 1), weights / 16)
    np.testing.assert_allclose(inclusion_chances(weights, 5), 1)


@pytest.mark.parametrize("chances", ["uniform", "popularity"])
def test_every_item_is_drawn_with_its_chance(chances: Chances) -> None:
    """3 of 7 over 6,000 draws of 20 orders; the corrected sum of any numbers is that of all on average."""
    positives, values = positives_of([9, 0, 2, 4, 1, 1, 5]), np.array([3.0, 1.0, 4.0, 1.0, 5.0, 9.0, 2.0])
    rng = np.random.default_rng(0)
    seen, sums = np.zeros(7), []
    for _ in range(20):
        draws = ItemDraws(positives, 3, chances, rng)
        for _ in range(300):
            drawn = draws.draw(rng)
            assert len(drawn.items) == 3
            assert (np.diff(drawn.items) > 0).all()
            seen[drawn.items] += 1
            sums.append((values[drawn.items] * np.exp(drawn.correction)).sum())
    weights = np.array([10.0, 1.0, 3.0, 5.0, 2.0, 2.0, 6.0]) if chances == "popularity" else np.ones(7)
    np.testing.assert_allclose(seen / 6000, inclusion_chances(weights, 3), atol=0.025)
    assert np.mean(sums) == pytest.approx(values.sum(), abs=4 * np.std(sums) / 6000**0.5)


@pytest.mark.parametrize("chances", ["uniform", "popularity"])
def test_a_draw_of_all_is_the_catalogue(chances: Chances) -> None:
    rng = np.random.default_rng(0)
    drawn = ItemDraws(positives_of([3, 0, 1]), 8, chances, rng).draw(rng)
    np.testing.assert_array_equal(drawn.items, [0, 1, 2])
    np.testing.assert_allclose(drawn.correction, 0, atol=1e-7)


@pytest.mark.parametrize("chances", ["uniform", "popularity"])
def test_the_same_seed_draws_the_same(chances: Chances) -> None:
    def drawn(seed: int) -> list[int]:
        rng = np.random.default_rng(seed)
        draws = ItemDraws(positives_of([3, 0, 1, 2, 2, 1, 1, 1]), 3, chances, rng)
        return [int(item) for _ in range(5) for item in draws.draw(rng).items]

    assert drawn(1) == drawn(1) != drawn(2)


def test_what_is_wanted_is_certain_and_others_stand_for_several() -> None:
    """Wanted 4 and 9 of six items: two of the other four count double; over many draws the sum is that of all."""
    population, values = np.array([1, 4, 5, 7, 9, 12]), np.exp(np.arange(13) / 5)
    rng, sums = np.random.default_rng(0), []
    for _ in range(4000):
        sample = draw_beside(np.array([4, 9]), population, 2, rng)
        assert len(sample.items) == 4
        assert (np.diff(sample.items) > 0).all()
        certain = np.isin(sample.items, [4, 9])
        assert certain.sum() == 2
        np.testing.assert_allclose(sample.correction, np.where(certain, 0, np.log(2)), rtol=1e-6)
        sums.append((values[sample.items] * np.exp(sample.correction)).sum())
    assert np.mean(sums) == pytest.approx(values[population].sum(), abs=4 * np.std(sums) / 4000**0.5)
    whole = draw_beside(np.array([4, 9]), population, 99, rng)
    np.testing.assert_array_equal(whole.items, population)
    assert not whole.correction.any()


def test_wanted_items_are_certain_beside_what_was_drawn() -> None:
    """5 was drawn and is wanted, so that it stands for itself; 2 and 6 keep what they stand for."""
    drawn = SampledItems(np.array([2, 5, 6]), np.log([2.0, 3.0, 4.0]).astype(np.float32))
    sample = drawn.beside(np.array([9, 5, 3, 5]))
    np.testing.assert_array_equal(sample.items, [2, 3, 5, 6, 9])
    np.testing.assert_allclose(np.exp(sample.correction), [2, 1, 1, 4, 1])
    np.testing.assert_array_equal(sample.places(np.array([9, 2, 4])), [4, 0, -1])


def test_entries_in_the_numbering_of_a_sample() -> None:
    sample = SampledItems(np.array([2, 5, 6]), np.zeros(3, dtype=np.float32))
    entries = Incidence.from_pairs(np.array([0, 0, 2, 2]), np.array([3, 5, 6, 2]), (3, 7))
    np.testing.assert_array_equal(sample.among(entries).csr().toarray(), [[0, 1, 0], [0, 0, 0], [1, 0, 1]])


def test_sums_of_groups() -> None:
    """Against the plain sum; large values do not overflow, a group without any is −inf."""
    values = torch.tensor([1000.0, 1000.0, 0.5, -2.0], requires_grad=True)
    sums = grouped_logsumexp(values, torch.tensor([0, 0, 2, 2]), 3)
    expected = [1000 + np.log(2), -np.inf, np.log(np.exp(0.5) + np.exp(-2))]
    torch.testing.assert_close(sums, torch.tensor(expected, dtype=torch.float32))
    (towards,) = torch.autograd.grad(sums[[0, 2]].sum(), values)
    share = np.exp(0.5) / (np.exp(0.5) + np.exp(-2))
    torch.testing.assert_close(towards, torch.tensor([0.5, 0.5, share, 1 - share], dtype=torch.float32))
