"""Which users is a cold item for? By hand, and beside a slow computation of the same."""

from __future__ import annotations

import tracemalloc
from typing import TYPE_CHECKING, Any, ClassVar

import numpy as np
import pytest
import torch

from graphrec.dataset.incidence import Incidence
from graphrec.dataset.splitting import SplitData, item_split
from graphrec.errors import InputError, ModelError, UsageError
from graphrec.evaluation.cold_items import (
    MOST_ACTIVE,
    RANDOM,
    evaluate_cold_items,
    evaluate_most_active,
    expect_random_users,
    over_items,
)
from graphrec.models.ease import EASE
from graphrec.models.recommender import Recommender
from graphrec.testing.toy import build, toy

if TYPE_CHECKING:
    from collections.abc import Mapping

    from graphrec.dataset.dataset import Dataset
    from graphrec.dataset.profiles import Profiles
    from graphrec.models.recommender import FitContext

USERS = ("ada", "ben", "cat", "dan")
DATA = build({"ada": {"a": 5, "b": 5}, "ben": {"a": 5}, "cat": {"b": 5}, "dan": {"a": 5, "b": 5}}, ["a", "b", "c", "d"])
NOTHING = Incidence.empty(4, 4)


def held_out(**users: str) -> Incidence:
    """Return who is to be found for each item: ``held_out(c="ada ben")``."""
    pairs = [(USERS.index(user), "abcd".index(item)) for item, of in users.items() for user in of.split()]
    rows, columns = np.array(pairs).T
    return Incidence.from_pairs(rows, columns, (4, 4))


class ByHistory(Recommender):
    """Scores every item with what a user took: 1 for a, 2 for b, 3 for both."""

    name: ClassVar[str] = "by-history"
    nan: ClassVar[bool] = False

    def learn(self, dataset: Dataset, context: FitContext) -> dict[str, float]:
        self._items = len(dataset.items)
        return {}

    def score(self, profiles: Profiles, items: torch.Tensor | None = None) -> torch.Tensor:
        rows, columns = profiles.items.row_of_entry, profiles.items.indices
        own = torch.from_numpy(np.bincount(rows, columns + 1.0, len(profiles)).astype(np.float32))
        width = self._items if items is None else items.shape[1]
        scores = own[:, None].repeat(1, width)
        return scores * float("nan") if self.nan else scores

    def count_inputs(self, profiles: Profiles) -> Any:
        return profiles.items.counts

    def arrays(self) -> dict[str, Any]:
        return {}

    def restore(self, arrays: Mapping[str, Any]) -> None:
        """Take up nothing."""


def test_by_hand() -> None:
    """Everybody ranks Ada and Dan (3) first, Ada by her position, then Cat (2), then Ben (1)."""
    data = SplitData(DATA, NOTHING, held_out(c="dan", d="ada ben"))
    found = evaluate_cold_items(ByHistory().fit(DATA), data, [1, 2, 3, 4, 9])
    assert found.recall.tolist() == [[0, 1, 1, 1, 1], [1 / 2, 1 / 2, 1 / 2, 1, 1]]
    assert found.items.tolist() == [2, 3]
    assert found.right_users.tolist() == [1, 2]
    assert (found.users, found.without_input, found.model) == (4, 0, "by-history")
    assert found.interval(2).mean == 3 / 4


def test_who_took_the_item_is_not_ranked() -> None:
    """Of item a, Ada, Ben and Dan are out: Cat comes first."""
    data = SplitData(DATA, NOTHING, held_out(a="cat"))
    assert evaluate_cold_items(ByHistory().fit(DATA), data, [1]).recall.tolist() == [[1]]
    assert evaluate_most_active(data, [1]).recall.tolist() == [[1]]
    assert expect_random_users(data, [1]).recall.tolist() == [[1]]


def test_orders_without_a_model_by_hand() -> None:
    """Ada and Dan took two items, Ben and Cat one. In random order each of four users is among the first k with k/4."""
    data = SplitData(DATA, NOTHING, held_out(c="dan cat"))
    active, chance = evaluate_most_active(data, [1, 2, 3, 4]), expect_random_users(data, [1, 2, 3, 4, 9])
    assert active.recall.tolist() == [[0, 1 / 2, 1 / 2, 1]]
    assert chance.recall.tolist() == [[1 / 4, 1 / 2, 3 / 4, 1, 1]]
    assert (active.model, chance.model) == (MOST_ACTIVE, RANDOM)


def test_users_without_input_are_in_no_ranking() -> None:
    data = build({"ada": {"a": 5}, "ben": {}, "cat": {}, "dan": {"b": 5}}, ["a", "b", "c", "d"])
    cut = SplitData(data, NOTHING, held_out(c="ben dan"))
    found = evaluate_cold_items(ByHistory().fit(data), cut, [4])
    assert found.recall.tolist() == [[1 / 2]]
    assert found.without_input == 2


def test_the_mean_of_random_orders_is_the_closed_form() -> None:
    data = toy(5, n_users=30, n_items=20)
    cut = item_split(data, validation=3, test=6, seed=1).apply(data)
    expected = expect_random_users(cut, [1, 5, 12]).recall
    rng = np.random.default_rng(0)
    turned = [set(cut.test.row_of_entry[cut.test.indices == item]) for item in np.unique(cut.test.indices)]
    draws = []
    for _ in range(2000):
        order = rng.permutation(cut.test.n_rows)
        draws.append([[len(right & set(order[:k])) / len(right) for k in (1, 5, 12)] for right in turned])
    error = np.std(draws, axis=0, ddof=1) / np.sqrt(len(draws))
    assert (abs(np.mean(draws, axis=0) - expected) < 5 * error + 1e-9).all()


def slow(model: Recommender, cut: SplitData, ks: list[int]) -> list[list[float]]:
    """Return recall item by item and user by user, from whole rows of scores."""
    from graphrec.dataset.profiles import profiles_of

    aligned, known = model.align(cut.seen)
    scores = model.score(profiles_of(aligned, known, np.arange(len(cut.seen.users)))).numpy()
    known_users = model.count_inputs(profiles_of(aligned, known, np.arange(len(cut.seen.users)))) > 0
    rows = []
    for item in range(cut.test.n_columns):
        right = {user for user in range(cut.test.n_rows) if item in cut.test.row(user)}
        if right:
            who = [u for u in range(cut.test.n_rows) if item not in cut.seen.taken.row(u) and known_users[u]]
            order = sorted(who, key=lambda user: (-scores[user, item], user))
            rows.append([len(right & set(order[:k])) / len(right) for k in ks])
    return rows


@pytest.mark.parametrize("numbers", [8_000_000, 40, 1])
def test_a_slow_computation_says_the_same(numbers: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """Also where items and users go in blocks, down to one item at a time."""
    data = toy(6, n_users=40, n_items=30)
    cut = item_split(data, validation=4, test=9, seed=2).apply(data)
    model = EASE(reg=3.0, attribute_weight=4.0).fit(cut.train)
    monkeypatch.setattr("graphrec.arrays.bounded_blocks.NUMBERS_AT_ONCE", numbers)
    ks = [1, 3, 10, 50]
    found = evaluate_cold_items(model, cut, ks)
    np.testing.assert_allclose(found.recall, slow(model, cut, ks), atol=1e-12)
    assert len(found.items) == 9
    assert found.without_input == evaluate_cold_items(model, cut, ks, part="validation").without_input
    assert found.of(3).mean() > expect_random_users(cut, ks).of(3).mean()  # attributes tell something of cold items


def test_models_item_by_item() -> None:
    data = toy(6, n_users=40, n_items=30)
    cut = item_split(data, validation=4, test=9, seed=2).apply(data)
    model = evaluate_cold_items(EASE(reg=3.0, attribute_weight=4.0).fit(cut.train), cut, [3, 10])
    active = evaluate_most_active(cut, [3, 10])
    found = over_items(model, active, 10)
    each = model.of(10) - active.of(10)
    assert found.mean == pytest.approx(each.mean())
    half = 2.306004 * each.std(ddof=1) / 3  # t of 8 degrees of freedom, nine items
    assert (found.low, found.high) == pytest.approx((each.mean() - half, each.mean() + half), abs=1e-6)
    assert found.pairs == 9
    with pytest.raises(UsageError, match="not asked about the same items: 9 and 4"):
        over_items(model, evaluate_most_active(cut, [10], part="validation"), 10)
    with pytest.raises(UsageError, match=r"recall@5 was not measured.*3, 10"):
        over_items(model, active, 5)


def test_what_cannot_be_evaluated() -> None:
    data = SplitData(DATA, NOTHING, held_out(c="dan"))
    model = ByHistory().fit(DATA)
    with pytest.raises(UsageError, match="needs a k of 1 or more"):
        evaluate_cold_items(model, data, [0])
    with pytest.raises(UsageError, match="'train' is no part"):
        evaluate_cold_items(model, data, [1], part="train")
    with pytest.raises(InputError, match="no item has interactions in the validation part"):
        evaluate_cold_items(model, data, [1], part="validation")
    with pytest.raises(UsageError, match="one item has no interval"):
        over_items(evaluate_most_active(data, [1]), expect_random_users(data, [1]), 1)
    model.nan = True  # type: ignore[misc]
    with pytest.raises(ModelError, match="by-history gives scores that are no numbers"):
        evaluate_cold_items(model, data, [1])


def test_memory_is_bounded_whatever_the_number_of_items(monkeypatch: pytest.MonkeyPatch) -> None:
    """The scores of 1,000 held-out items for 3,000 users would be 12 MB, and their order 24 MB."""
    monkeypatch.setattr("graphrec.arrays.bounded_blocks.NUMBERS_AT_ONCE", 100_000)
    n_users, n_items = 3_000, 1_000
    users = {f"u{number:04}": {"a": 5.0} for number in range(n_users)}
    data = build(users, ["a", *(f"i{number:04}" for number in range(n_items))])
    rows, columns = np.arange(n_items), np.arange(n_items) + 1
    cut = SplitData(
        data, Incidence.empty(n_users, n_items + 1), Incidence.from_pairs(rows, columns, (n_users, n_items + 1))
    )
    model = ByHistory().fit(data)
    tracemalloc.start()
    try:
        found = evaluate_cold_items(model, cut, [10])
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert found.of(10).sum() == 10  # everybody scores alike: the first ten users stand first
    assert peak < 6e6
