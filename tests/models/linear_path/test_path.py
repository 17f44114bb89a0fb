"""The linear path: by hand on four items, at both ends of the share, and the share against a search of its own."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pytest
import torch

from graphrec.dataset.profiles import profiles_of
from graphrec.dataset.splitting import user_split
from graphrec.errors import ModelError, UsageError
from graphrec.models import ease_weights
from graphrec.models.ease import EASE
from graphrec.models.linear_path import share as shares
from graphrec.models.linear_path.config import LinearPathConfig
from graphrec.models.linear_path.path import LinearPath
from graphrec.models.linear_path.share import GRID
from graphrec.models.recommender import FitContext
from graphrec.testing.toy import build, toy

if TYPE_CHECKING:
    from graphrec.dataset.dataset import Dataset
    from graphrec.dataset.profiles import Profiles
    from graphrec.dataset.splitting import SplitData

FOUR = {"both": {"a": 5.0, "b": 5.0}, "one": {"a": 5.0}, "other": {"c": 5.0, "d": 5.0}, "last": {"c": 5.0}}


def nothing(profiles: Profiles) -> torch.Tensor:
    """Score as a model that tells no items apart."""
    return torch.zeros(len(profiles), profiles.items.n_columns)


def own_scores(profiles: Profiles) -> torch.Tensor:
    """Score as a model of numbers that follow from the history, of a scale far from EASE's and of any level."""
    table = torch.from_numpy(np.random.default_rng(5).normal(size=(profiles.items.n_columns,) * 2)).float()
    return 40 * torch.from_numpy(profiles.items.csr().toarray()) @ table + 1000


def path_of(data: Dataset, score: Any = nothing, context: FitContext | None = None, **settings: Any) -> LinearPath:
    path = LinearPath.fit(data, context or FitContext(), LinearPathConfig(**settings), score)
    assert path is not None
    return path


def whole(data: Dataset) -> Profiles:
    users = np.arange(len(data.users))
    return profiles_of(data, users.astype(np.int32), users)


@pytest.fixture(scope="module")
def cut() -> SplitData:
    data = toy(n_users=120, n_items=30)
    return user_split(data, validation=0.3, test=0.1, given=0.6).apply(data)


def test_four_items_by_hand() -> None:
    """Two pairs of items that never meet, λ = 1: within a pair B is [[0, 1/3], [1/2, 0]], between pairs 0."""
    path = path_of(build(FOUR, list("abcd")), linear_path=6.0, linear_reg=1.0)
    np.testing.assert_allclose(path.weights, [[0, 2, 0, 0], [3, 0, 0, 0], [0, 0, 0, 2], [0, 0, 3, 0]], atol=1e-6)
    taken = build({"new": {"a": 5.0, "b": 5.0, "d": 5.0}}, list("abcd")).positives
    np.testing.assert_allclose(path.scores(taken), [[3, 2, 3, 0]], atol=1e-6)
    np.testing.assert_allclose(path.scores(taken, torch.tensor([[2, 1, 2]])), [[3, 2, 3]], atol=1e-6)
    assert path.metrics == {"linear_share": 6.0}


def test_it_is_ease_times_the_share() -> None:
    data = toy()
    ease = EASE(reg=3.0).fit(data)
    path = path_of(data, linear_path=0.25, linear_reg=3.0)
    np.testing.assert_array_equal(path.weights, np.float32(0.25) * ease.arrays()["item_weights"])
    scores = path.scores(whole(data).items)
    np.testing.assert_allclose(scores, 0.25 * ease.score(whole(data)), rtol=1e-5, atol=1e-7)


def test_none_is_no_path_and_a_share_of_nothing_changes_no_score() -> None:
    data = toy()
    assert LinearPath.fit(data, FitContext(), LinearPathConfig(), nothing) is None
    assert not path_of(data, linear_path=0).scores(whole(data).items).any()


def test_a_large_share_ranks_as_ease() -> None:
    data = toy()
    profiles = whole(data).rows(np.flatnonzero(data.positives.counts))
    ease = EASE(reg=3.0).fit(data).score(profiles).numpy()
    together = own_scores(profiles) + path_of(data, linear_path=1e7, linear_reg=3.0).scores(profiles.items)
    order = np.argsort(-ease, axis=1)
    apart = -np.diff(np.take_along_axis(ease, order, axis=1), axis=1) > 1e-4
    steps = np.diff(np.take_along_axis(together.numpy(), order, axis=1), axis=1)
    assert apart.any(axis=1).all()
    assert (steps[apart] < 0).all()


@pytest.mark.parametrize("metric", ["ndcg@5", "recall@3"])
@pytest.mark.parametrize("at_once", [None, 7 * 3 * 30])
def test_the_share_is_the_best_of_the_grid(
    cut: SplitData, metric: str, at_once: int | None, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Search once more over whole matrices, with gains and discounts written out; blocks of 7 users change nothing."""
    if at_once:
        monkeypatch.setattr("graphrec.arrays.bounded_blocks.NUMBERS_AT_ONCE", at_once)
    context = FitContext(cut.validation, fold_in=cut.fold_in)
    path = path_of(cut.train, hinted, context, linear_path="validated", linear_reg=20.0, metric=metric)
    assert cut.fold_in is not None
    assert cut.validation is not None
    users = np.flatnonzero(cut.validation.counts)
    profiles = whole(cut.fold_in).rows(users)
    own = hinted(profiles).numpy().astype(np.float64)
    linear = EASE(reg=20.0).fit(cut.train).score(profiles).numpy().astype(np.float64)
    unit = np.sqrt((own.std(axis=1) ** 2).mean() / (linear.std(axis=1) ** 2).mean())
    values = [
        np.mean([value_of(metric, row, cut.fold_in.taken.row(user), cut.validation.row(user)) for user, row in rows])
        for rows in (zip(users, own + grid * unit * linear, strict=True) for grid in GRID)
    ]
    best = int(np.argmax(values))
    assert 0 < best < len(GRID) - 1
    assert path.share == pytest.approx(GRID[best] * unit, rel=1e-5)


def hinted(profiles: Profiles) -> torch.Tensor:
    """Score by half a taste and half noise, so that neither part alone is the best."""
    n_items = profiles.items.n_columns
    rng = np.random.default_rng(5)
    noise = rng.normal(size=(n_items, n_items))
    table = 40 * (noise + 0.6 * (np.arange(n_items)[:, None] % 2 == np.arange(n_items) % 2))
    return torch.from_numpy((profiles.items.csr() @ table + 1000).astype(np.float32))


def value_of(metric: str, scores: Any, taken: Any, held_out: Any) -> float:
    name, _, k = metric.partition("@")
    ranked = [item for item in np.argsort(-scores, kind="stable") if item not in set(taken)][: int(k)]
    hits = [place for place, item in enumerate(ranked) if item in set(held_out)]
    if name == "recall":
        return len(hits) / len(held_out)
    ideal = sum(1 / np.log2(place + 2) for place in range(min(int(k), len(held_out))))
    return sum(1 / np.log2(place + 2) for place in hits) / ideal


def test_of_equal_shares_the_smallest_is_chosen(cut: SplitData) -> None:
    """All items of the catalogue fit into the list and all are found, whatever the share."""
    context = FitContext(cut.validation, fold_in=cut.fold_in)
    assert path_of(cut.train, own_scores, context, linear_path="validated", metric="recall@30").share == 0


def test_a_model_that_tells_no_items_apart_takes_ease_in_its_own_units(cut: SplitData) -> None:
    context = FitContext(cut.validation, fold_in=cut.fold_in)
    path = path_of(cut.train, nothing, context, linear_path="validated", linear_reg=20.0)
    assert path.share == GRID[1]  # any share above 0 ranks alike


def test_arrays_bring_it_back_from_among_those_of_a_model() -> None:
    data = toy()
    path = path_of(data, linear_path=0.5)
    back = LinearPath.restored({"weights": np.zeros(3), **path.arrays()})
    assert back is not None
    assert back.share == 0.5
    np.testing.assert_array_equal(back.weights, path.weights)
    assert LinearPath.restored({"weights": np.zeros(3)}) is None


def test_a_share_is_not_validated_on_nobody(cut: SplitData) -> None:
    """Without a validation part, with an empty one, and where nobody asked about has a history."""
    data, validated = cut.train, LinearPathConfig(linear_path="validated")
    assert cut.validation is not None
    empty = cut.validation.where(np.zeros(cut.validation.n_entries, dtype=bool))
    for context in (FitContext(), FitContext(empty), FitContext(cut.validation)):
        with pytest.raises(UsageError, match=r"linear path .*there are none.*linear_path=NUMBER"):
            LinearPath.fit(data, context, validated, nothing)


def test_a_catalogue_too_large_for_ease_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ease_weights, "MAX_ITEMS", 5)
    with pytest.raises(ModelError, match=r"12 items are too many for it.*set linear_path=none"):
        path_of(toy(), linear_path=1.0)


def test_memory_is_bounded_by_a_batch(cut: SplitData, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(shares, "USERS_AT_ONCE", 4)
    sizes = []

    def noted(profiles: Profiles) -> torch.Tensor:
        sizes.append(len(profiles))
        return own_scores(profiles)

    context = FitContext(cut.validation, fold_in=cut.fold_in)
    path_of(cut.train, noted, context, linear_path="validated")
    assert max(sizes) == 4
