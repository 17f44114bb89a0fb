"""The mean over all draws of negatives, in closed form."""

from __future__ import annotations

import tracemalloc
from itertools import combinations
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest
from scipy import stats

from graphrec.dataset.incidence import Incidence
from graphrec.errors import ModelError, UsageError
from graphrec.evaluation import METRICS, Expected, Full, Metric, Sampled, parse_candidates
from graphrec.rankings.candidates import RankingTask
from graphrec.rankings.expectation import hypergeometric
from graphrec.rankings.rank_metrics import measure

if TYPE_CHECKING:
    import numpy.typing as npt

EVERY = [Metric(name, k) for name in METRICS for k in (1, 3, 10)]


def of(scores: npt.NDArray[Any]) -> Any:
    """Return what scores some or all items of users by a table."""
    return lambda users, items: scores[users] if items is None else scores[users[:, None], items]


def incidence(mask: object) -> Incidence:
    array = np.asarray(mask, dtype=bool)
    return Incidence.from_pairs(*np.nonzero(array), array.shape)


def task(seed: int, users: int = 12, items: int = 40) -> tuple[RankingTask, npt.NDArray[np.float32]]:
    """Return a task with several held-out items a user, and scores with many ties and some −inf."""
    rng = np.random.default_rng(seed)
    part = rng.choice(4, (users, items), p=[0.6, 0.2, 0.1, 0.1])
    scores = rng.integers(0, 9, (users, items)).astype(np.float32)
    scores[rng.random((users, items)) < 0.05] = -np.inf
    return RankingTask(*(incidence(part == code) for code in (1, 2, 3))), scores


def test_one_of_three_negatives_by_hand() -> None:
    """Item 2 is asked for; of items 0, 1 and 3 the first stands above it: it is drawn with the chance 1/3.

    Item 1 scores the same as item 2 and has the lower position, in the second ranking: the chance is 2/3.
    """
    scores = np.array([[3, 1, 2, 1], [3, 2, 2, 1]], dtype=np.float32)
    held_out = incidence([[0, 0, 1, 0]] * 2)
    metrics = [Metric(name, k) for name, k in (("hit_rate", 1), ("precision", 2), ("mrr", 2), ("ndcg", 2))]
    found = measure(of(scores), RankingTask(Incidence.empty(2, 4), held_out), metrics, Expected(1)).values
    np.testing.assert_allclose(found["hit_rate@1"], [2 / 3, 1 / 3])
    np.testing.assert_allclose(found["precision@2"], [1 / 2, 1 / 2])  # found in any case, one of two
    np.testing.assert_allclose(found["mrr@2"], [2 / 3 + 1 / 6, 1 / 3 + 2 / 6])
    np.testing.assert_allclose(found["ndcg@2"], [2 / 3 + 1 / 3 / np.log2(3), 1 / 3 + 2 / 3 / np.log2(3)])


def test_the_mean_over_every_draw_there_is() -> None:
    """All 20 sets of three of six negatives, ranked one by one."""
    rng = np.random.default_rng(4)
    scores = rng.permutation(7).astype(np.float32)[None]
    held_out = incidence([[0, 0, 0, 0, 1, 0, 0]])
    found = measure(of(scores), RankingTask(Incidence.empty(1, 7), held_out), EVERY, Expected(3)).values
    for metric in EVERY:
        values = []
        for drawn in combinations([0, 1, 2, 3, 5, 6], 3):
            order = sorted([*drawn, 4], key=lambda item: -scores[0, item])
            hits = np.array([[item == 4 for item in order]])
            values.append(METRICS[metric.name](hits, np.array([1]), metric.k)[0])
        assert found[str(metric)][0] == pytest.approx(np.mean(values), abs=1e-12)


@pytest.mark.parametrize("negatives", [1, 5, 12])
def test_drawing_many_times_comes_to_the_same(negatives: int) -> None:
    """Mean over 400 seeds within five standard errors of it, of all held-out items and of the mean over them."""
    asked, scores = task(3)
    exact = measure(of(scores), asked, EVERY, Expected(negatives))
    draws = [measure(of(scores), asked, EVERY, Sampled(negatives, "positive", seed)) for seed in range(400)]
    assert (exact.users == draws[0].users).all()
    for metric in map(str, EVERY):
        values, expected = np.array([one.values[metric] for one in draws]), exact.values[metric]
        means = values.mean(axis=1)
        assert abs(means.mean() - expected.mean()) <= 5 * means.std(ddof=1) / 20 + 1e-9
        each = values.std(axis=0, ddof=1) / 20
        assert (abs(values.mean(axis=0) - expected) <= 5 * each + 0.01).all()  # .01: what 400 draws may never show


def test_all_negatives_are_the_full_ranking_of_that_item() -> None:
    """For users with a single held-out item, and none that is liked otherwise."""
    rng = np.random.default_rng(5)
    taken = rng.random((20, 30)) < 0.3
    held_out = np.zeros_like(taken)
    for user in range(20):
        held_out[user, rng.choice(np.flatnonzero(~taken[user]))] = True
    scores = rng.integers(0, 9, (20, 30)).astype(np.float32)
    asked = RankingTask(incidence(taken), incidence(held_out))
    full = measure(of(scores), asked, EVERY, Full())
    for negatives in (30, 10**9):
        exact = measure(of(scores), asked, EVERY, Expected(negatives))
        assert (exact.users == full.users).all()
        for metric in map(str, EVERY):
            np.testing.assert_allclose(exact.values[metric], full.values[metric], atol=1e-12)


def test_what_was_taken_or_scores_minus_infinity_is_never_found() -> None:
    scores = np.array([[1, 0, 5], [-np.inf, 0, 0]], dtype=np.float32)
    asked = RankingTask(incidence([[0, 0, 1], [0, 0, 0]]), incidence([[0, 0, 1], [1, 0, 0]]))
    assert measure(of(scores), asked, [Metric("mrr", 5)], Expected(2)).values["mrr@5"].tolist() == [0, 0]


def test_a_negative_without_a_score_is_drawn_and_stands_nowhere() -> None:
    """One of two is drawn: item 1, which has no score, or item 2, which stands above."""
    scores = np.array([[1, -np.inf, 2]], dtype=np.float32)
    asked = RankingTask(Incidence.empty(1, 3), incidence([[1, 0, 0]]))
    assert measure(of(scores), asked, [Metric("hit_rate", 1)], Expected(1)).values["hit_rate@1"].tolist() == [0.5]


def test_nobody_left_to_be_drawn() -> None:
    asked = RankingTask(incidence([[0, 1]]), incidence([[1, 0]]))
    values = measure(of(np.zeros((1, 2), np.float32)), asked, [Metric("mrr", 5)], Expected(100)).values
    assert values["mrr@5"].tolist() == [1]


def test_chunks_change_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    asked, scores = task(6, users=50)
    whole = measure(of(scores), asked, EVERY, Expected(7))
    monkeypatch.setattr("graphrec.arrays.bounded_blocks.NUMBERS_AT_ONCE", 3 * 40)
    parts = measure(of(scores), asked, EVERY, Expected(7))
    assert (parts.users == whole.users).all()
    for metric in map(str, EVERY):
        np.testing.assert_allclose(parts.values[metric], whole.values[metric], atol=1e-12)


def test_chances_agree_with_scipy_for_large_catalogues() -> None:
    population, marked, drawn = (np.array(counts) for counts in ([10**6, 9000, 5], [70_000, 8999, 5], [100, 100, 2]))
    chances = hypergeometric(population, marked, drawn, 60)
    expected = stats.hypergeom.pmf(np.arange(60), population[:, None], marked[:, None], drawn[:, None])
    np.testing.assert_allclose(chances, expected, rtol=1e-6, atol=1e-15)


def test_nan_is_refused_with_the_name_of_the_model() -> None:
    asked = RankingTask(Incidence.empty(1, 2), incidence([[1, 0]]))
    with pytest.raises(ModelError, match="mine gives scores that are no numbers"):
        measure(of(np.array([[0, np.nan]], np.float32)), asked, [Metric("mrr", 1)], Expected(1), whose="mine")


def test_text() -> None:
    assert parse_candidates("100-expected", 7) == Expected(100)
    assert str(Expected(9)) == "9 negatives per positive, the mean over all draws"
    assert Expected(1).sampled
    with pytest.raises(UsageError, match="0 negatives"):
        Expected(0)


def test_memory_is_bounded_whatever_the_number_of_users(monkeypatch: pytest.MonkeyPatch) -> None:
    """All scores would be 32 MB, and the comparison of every held-out item with the catalogue ten times that."""
    monkeypatch.setattr("graphrec.arrays.bounded_blocks.NUMBERS_AT_ONCE", 200_000)
    users, items, each = 4_000, 2_000, 10
    rng = np.random.default_rng(0)
    held_out = Incidence.from_pairs(
        np.repeat(np.arange(users), each), rng.integers(0, items, users * each), (users, items)
    )
    asked = RankingTask(Incidence.empty(users, items), held_out)

    def scores(rows: npt.NDArray[np.int64], _: object) -> npt.NDArray[np.float32]:
        return np.sin(rows[:, None] * np.float32(0.7) + np.arange(items, dtype=np.float32)).astype(np.float32)

    tracemalloc.start()
    try:
        measure(scores, asked, [Metric("ndcg", 10)], Expected(100))
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert peak < 20e6
