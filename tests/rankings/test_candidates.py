"""Who is ranked against what: full, sampled per user, sampled per held-out item."""

from __future__ import annotations

import numpy as np
import pytest

from graphrec.dataset.incidence import Incidence
from graphrec.errors import UsageError
from graphrec.evaluation import Full, Sampled, parse_candidates
from graphrec.rankings.candidates import RankingTask
from graphrec.rankings.negatives import sample_negatives


def task(seed: int = 0, users: int = 30, items: int = 40) -> tuple[RankingTask, np.ndarray]:
    """Return a task, and which items are known to be each user's."""
    part = np.random.default_rng(seed).choice(4, (users, items), p=[0.5, 0.3, 0.1, 0.1])
    part[part[:, 0] != 2, 0] = 2  # everybody has a held-out item
    parts = [Incidence.from_pairs(*np.nonzero(part == code), part.shape) for code in (1, 2, 3)]
    return RankingTask(parts[0], parts[1], parts[2]), part


def test_full_is_all_that_was_not_taken() -> None:
    asked, part = task()
    users = np.array([3, 7])
    cases = Full().cases(asked, users)
    assert cases.items is None
    np.testing.assert_array_equal(cases.ranked, part[users] != 1)
    np.testing.assert_array_equal(cases.relevant, part[users] == 2)


def test_a_sample_for_each_user() -> None:
    asked, part = task()
    users = np.arange(30)
    cases = Sampled(5).cases(asked, users)
    assert cases.items is not None
    assert (cases.users == users).all()
    for user in users:
        items, relevant = cases.items[user], cases.relevant[user]
        there = items >= 0
        assert (np.diff(items[there]) > 0).all()  # ascending, none twice
        assert (items[relevant] == np.flatnonzero(part[user] == 2)).all()
        assert (part[user, items[there & ~relevant]] == 0).all()
        assert np.count_nonzero(there & ~relevant) == 5
    np.testing.assert_array_equal(cases.ranked, cases.items >= 0)


def test_a_sample_for_each_held_out_item() -> None:
    asked, part = task()
    users = np.array([4, 9])
    cases = Sampled(5, "positive").cases(asked, users)
    assert cases.items is not None
    positives = [(user, item) for user in users for item in np.flatnonzero(part[user] == 2)]
    assert cases.users.tolist() == [user for user, _ in positives]
    assert cases.items[cases.relevant].tolist() == [item for _, item in positives]
    assert cases.items.shape == (len(positives), 6)
    for row, (user, _) in enumerate(positives):
        assert (part[user, cases.items[row, ~cases.relevant[row]]] == 0).all()
        assert len(set(cases.items[row])) == 6
    same = [set(cases.items[row, ~cases.relevant[row]]) for row in range(len(positives)) if positives[row][0] == 4]
    assert len(set(map(frozenset, same))) > 1  # negatives of its own


def test_fewer_negatives_than_asked_for_are_all_there_are() -> None:
    known = np.array([[2, 1, 1, 0, 0], [2, 1, 1, 1, 1]])
    parts = [Incidence.from_pairs(*np.nonzero(known == code), known.shape) for code in (1, 2)]
    cases = Sampled(4).cases(RankingTask(*parts), np.array([0, 1]))
    assert cases.items is not None
    assert cases.items.tolist() == [[0, 3, 4, -1, -1], [0, -1, -1, -1, -1]]
    assert cases.ranked.sum(axis=1).tolist() == [3, 1]


def test_what_is_drawn_follows_from_the_seed_and_the_user_alone() -> None:
    asked, _ = task()
    drawn = {seed: Sampled(5, seed=seed).cases(asked, np.arange(30)).items for seed in (0, 1)}
    assert (drawn[0] != drawn[1]).any(axis=1).mean() > 0.9
    late = Sampled(5).cases(asked, np.array([20, 3])).items
    assert late is not None
    assert drawn[0] is not None
    for row, user in enumerate((20, 3)):
        assert set(late[row]) - {-1} == set(drawn[0][user]) - {-1}


def test_every_set_is_drawn_alike() -> None:
    """Two of the five columns that are left, 20,000 times: each of the ten pairs about 2,000 times."""
    rows = 20_000
    excluded = Incidence.from_pairs(np.repeat(np.arange(rows), 2), np.tile([1, 4], rows), (rows, 7))
    drawn = np.sort(sample_negatives(excluded, 2, 3, [np.arange(rows)]), axis=1)
    pairs, counts = np.unique(drawn, axis=0, return_counts=True)
    assert {tuple(pair) for pair in pairs.tolist()} == {
        (a, b) for a in (0, 2, 3, 5, 6) for b in (0, 2, 3, 5, 6) if a < b
    }
    assert (abs(counts - 2000) < 5 * np.sqrt(2000 * 0.9)).all()


def test_rows_are_drawn_independently() -> None:
    """Whether neighbouring users, or neighbouring keys of one user, draw column 0 is not correlated."""
    nothing = Incidence.empty(10_000, 2)
    for keys in ([np.arange(10_000)], [np.full(10_000, 7), np.arange(10_000)]):
        first = sample_negatives(nothing, 1, 0, keys)[:, 0]
        assert abs(np.corrcoef(first[1:], first[:-1])[0, 1]) < 0.05
        assert abs(first.mean() - 0.5) < 0.025


def test_all_columns_may_be_drawn_and_none() -> None:
    drawn = sample_negatives(
        Incidence.from_pairs(np.array([1, 1, 1]), np.array([0, 1, 2]), (2, 3)), 3, 0, [np.arange(2)]
    )
    assert sorted(drawn[0]) == [0, 1, 2]
    assert drawn[1].tolist() == [-1, -1, -1]


def test_more_than_there_can_be_costs_no_more_than_all() -> None:
    """Of six columns, rows 0 and 1 have four and one left: a thousand million steps would not end."""
    excluded = Incidence.from_pairs(np.array([0, 0, 1, 1, 1, 1, 1]), np.array([1, 2, 0, 1, 2, 4, 5]), (2, 6))
    drawn = sample_negatives(excluded, 10**9, 0, [np.arange(2)])
    assert drawn.tolist() == [[0, 3, 4, 5, -1, -1], [3, -1, -1, -1, -1, -1]]
    held_out = Incidence.from_pairs(np.array([0]), np.array([1]), (2, 6))
    assert Sampled(10**9).numbers(RankingTask(Incidence.empty(2, 6), held_out)) == 7
    assert Sampled(10**9, "positive").numbers(RankingTask(Incidence.empty(2, 6), held_out)) == 7


def test_text() -> None:
    assert parse_candidates("full") == Full()
    assert parse_candidates("100", 7) == Sampled(100, "user", 7)
    assert parse_candidates("99-per-user") == Sampled(99)
    assert parse_candidates("100-per-positive") == Sampled(100, "positive")
    assert (str(Full()), str(Sampled(9, "positive", 2))) == ("full", "9 negatives per positive, seed 2")
    assert (Full().sampled, Sampled(1).sampled) == (False, True)
    for text in ("", "-3", "many", "10-per-item", "1.5"):
        with pytest.raises(UsageError, match="does not say which candidates"):
            parse_candidates(text)
    with pytest.raises(UsageError, match="0 negatives"):
        Sampled(0)
    with pytest.raises(UsageError, match="seed of the negatives is -1"):
        Sampled(1, seed=-1)
    with pytest.raises(UsageError, match="less than 2⁶⁴"):
        Sampled(1, seed=2**64)
