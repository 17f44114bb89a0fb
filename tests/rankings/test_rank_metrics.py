"""Rankings from scores: what is ranked, ties, NaN, lists that are short or empty, chunks."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from graphrec.dataset.incidence import Incidence
from graphrec.errors import InputError, ModelError, UsageError
from graphrec.evaluation import Candidates, Expected, Full, Metric, Sampled, rank_metrics
from graphrec.rankings.candidates import RankingTask
from graphrec.rankings.rank_metrics import measure


def of(scores: np.ndarray) -> Any:
    """Return what scores some or all items of users by a table."""
    return lambda users, items: scores[users] if items is None else scores[users[:, None], items]


def incidence(mask: object) -> Incidence:
    array = np.asarray(mask, dtype=bool)
    return Incidence.from_pairs(*np.nonzero(array), array.shape)


def test_taken_items_are_not_ranked_and_users_without_held_out_items_are_left_out() -> None:
    scores = np.array([[9, 8, 7, 6], [1, 2, 3, 4], [4, 3, 2, 1]], dtype=np.float32)
    taken = Incidence.from_pairs(np.array([0, 0, 2]), np.array([0, 1, 3]), (3, 4))
    held_out = Incidence.from_pairs(np.array([0, 2, 2]), np.array([3, 0, 2]), (3, 4))
    values = rank_metrics(lambda users: scores[users], taken, held_out, [("recall", 1), ("recall", 2), ("ndcg", 2)])
    np.testing.assert_allclose(values["recall@1"], [0, 1 / 2])
    np.testing.assert_allclose(values["recall@2"], [1, 1 / 2])
    np.testing.assert_allclose(values["ndcg@2"], [1 / np.log2(3), 1 / (1 + 1 / np.log2(3))])


@pytest.mark.parametrize("candidates", [Full(), Sampled(4), Sampled(4, "positive"), Expected(4)])
def test_scores_alone_are_measured_against_any_candidates(candidates: Candidates) -> None:
    rng = np.random.default_rng(2)
    taken = rng.random((20, 30)) < 0.3
    held_out = ~taken & (rng.random((20, 30)) < 0.2)
    scores = rng.random((20, 30)).astype(np.float32)
    parts = incidence(taken), incidence(held_out)
    values = rank_metrics(lambda users: scores[users], *parts, [("ndcg", 5)], candidates)
    expected = measure(of(scores), RankingTask(*parts), [Metric("ndcg", 5)], candidates).values
    np.testing.assert_array_equal(values["ndcg@5"], expected["ndcg@5"])


def test_k_beyond_the_catalogue() -> None:
    """Two items, the second place is a hit: what is missing of five places is no hit, and precision is by five."""
    held_out, scores = incidence([[0, 1]]), np.array([[2, 1]], dtype=np.float32)
    wanted = [(name, 5) for name in ("recall", "precision", "ndcg", "map", "mrr")]
    values = rank_metrics(lambda _: scores, Incidence.empty(1, 2), held_out, wanted)
    assert {name: value[0] for name, value in values.items()} == pytest.approx(
        {"recall@5": 1, "precision@5": 1 / 5, "ndcg@5": 1 / np.log2(3), "map@5": 1 / 2, "mrr@5": 1 / 2}
    )


def test_equal_scores_are_ranked_by_position() -> None:
    """All items score alike: the order is that of positions, whoever asks, and k cuts it there."""
    held_out = incidence([[0, 0, 1, 0, 0], [1, 0, 0, 0, 1]])
    taken = incidence([[1, 0, 0, 0, 0], [0] * 5])
    values = rank_metrics(
        lambda users: np.zeros((len(users), 5), np.float32), taken, held_out, [("mrr", 5), ("recall", 1)]
    )
    assert values["mrr@5"].tolist() == [1 / 2, 1]
    assert values["recall@1"].tolist() == [0, 1 / 2]


def test_minus_infinity_and_an_empty_list() -> None:
    """Item 0 is kept out of the first ranking; the second has no candidate at all, and is worth nothing."""
    scores = np.array([[-np.inf, 1, 0], [-np.inf] * 3], dtype=np.float32)
    held_out = incidence([[1, 1, 0], [1, 0, 0]])
    values = rank_metrics(lambda users: scores[users], Incidence.empty(2, 3), held_out, [("recall", 3), ("mrr", 3)])
    assert values["recall@3"].tolist() == [1 / 2, 0]
    assert values["mrr@3"].tolist() == [1, 0]


def test_a_held_out_item_that_was_taken_is_never_found() -> None:
    held_out = incidence([[1, 0]])
    values = rank_metrics(lambda _: np.ones((1, 2), np.float32), incidence([[1, 0]]), held_out, [("recall", 2)])
    assert values["recall@2"].tolist() == [0]


def test_infinity_is_the_best_score() -> None:
    scores = np.array([[0, np.inf, 5]], dtype=np.float32)
    values = rank_metrics(lambda _: scores, Incidence.empty(1, 3), incidence([[0, 1, 0]]), [("mrr", 3)])
    assert values["mrr@3"].tolist() == [1]


@pytest.mark.parametrize("candidates", [Full(), Sampled(1)])
def test_nan_is_refused_with_the_name_of_the_model(candidates: object) -> None:
    scores = np.array([[0, 1, 2], [0, np.nan, 2], [0, 1, 2]], dtype=np.float32)
    task = RankingTask(Incidence.empty(3, 3), incidence(np.eye(3)))
    with pytest.raises(ModelError, match=r"mine gives scores that are no numbers \(NaN\), to 1 of 3 users"):
        measure(
            of(scores),
            task,
            [Metric("ndcg", 1)],
            candidates,
            whose="mine",
        )  # type: ignore[arg-type]


def test_nobody_has_held_out_items() -> None:
    with pytest.raises(InputError, match="nobody has held-out items"):
        rank_metrics(lambda _: np.ones((1, 2)), Incidence.empty(1, 2), Incidence.empty(1, 2), [("recall", 2)])


def test_an_unknown_metric() -> None:
    with pytest.raises(UsageError, match="there is no metric 'gain'"):
        rank_metrics(lambda _: np.ones((1, 2)), Incidence.empty(1, 2), incidence([[1, 0]]), [("gain", 2)])


@pytest.mark.parametrize("candidates", [Full(), Sampled(4), Sampled(4, "positive")])
def test_chunks_change_nothing(candidates: Full | Sampled, monkeypatch: pytest.MonkeyPatch) -> None:
    rng = np.random.default_rng(1)
    taken = rng.random((50, 30)) < 0.3
    held_out = ~taken & (rng.random((50, 30)) < 0.1)
    task, scores = RankingTask(incidence(taken), incidence(held_out)), rng.integers(0, 6, (50, 30)).astype(np.float32)
    wanted, told = [Metric("ndcg", 5), Metric("map", 40)], []
    whole = measure(of(scores), task, wanted, candidates)
    monkeypatch.setattr("graphrec.arrays.bounded_blocks.NUMBERS_AT_ONCE", 5 * candidates.numbers(task))
    parts = measure(of(scores), task, wanted, candidates, progress=lambda *done: told.append(done))
    assert len(told) == -(-np.count_nonzero(held_out.any(axis=1)) // 5)
    assert told[-1][1] == told[-1][2]
    assert (parts.users == whole.users).all()
    for metric in map(str, wanted):
        np.testing.assert_array_equal(parts.values[metric], whole.values[metric])
