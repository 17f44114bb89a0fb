"""Removal of the group that weighs most: by hand on six films, and against scoring each set by itself."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pyarrow as pa
import pytest
import torch

from graphrec.dataset.profiles import profiles_of
from graphrec.errors import UsageError
from graphrec.evaluation.explanations.group_removal import REMOVED, groups_of_items, remove_groups, strongest_group
from graphrec.explaining.evidence import history_slots
from graphrec.explaining.factors import NO_FACTORS
from graphrec.models.ease import EASE
from tests.clustered import FILMS, TOOK, Clustered, films
from tests.evaluation.explanations.stated import held

if TYPE_CHECKING:
    from graphrec.dataset.profiles import Profiles
    from graphrec.evaluation.explanations.group_removal import GroupRemoval

MINE, OTHER = 0.9 * 0.9 + 0.1 * 0.1, 2 * 0.9 * 0.1
"""What a film adds to the score of one of its own group, and of the other: .82 and .18."""


def asked(*users: str) -> tuple[Clustered, Profiles]:
    data = films()
    model = Clustered().fit(data)
    place = data.users.positions(pa.array(users)).astype(np.int64)
    return model, profiles_of(data, np.arange(len(data.users), dtype=np.int32), place)


def removed(model: Clustered, profiles: Profiles, items: torch.Tensor, **settings: int) -> GroupRemoval:
    return remove_groups(model, model.factors(films()), profiles, items, profiles.items, **settings)


def log_p(scores: list[float], place: int) -> float:
    return scores[place] - float(np.log(np.exp(scores).sum()))


def test_falls_by_hand() -> None:
    """Dot took alien, dune (group 1) and emma (group 2); for blade the group 1 weighs 2 · .81 + .09 of 1.82."""
    model, profiles = asked("dot")
    blade, fargo = FILMS.index("blade"), FILMS.index("fargo")
    found = removed(model, profiles, torch.tensor([[blade]]), draws=400)
    assert (found.members.tolist(), found.taken.tolist()) == ([[2]], [3])
    assert (found.without_group, found.of_one_group) == (0, 0)
    # candidates blade, fargo, gigi: 2 · .82 + .18 and 2 · .18 + .82 with all; .18 and .82 with emma alone
    whole, alone = [2 * MINE + OTHER, *2 * [2 * OTHER + MINE]], [OTHER, MINE, MINE]
    by_group = {name: found.falls["log_p"][name][0, 0] for name in REMOVED}
    assert by_group["group"] == pytest.approx(log_p(whole, 0) - log_p(alone, 0))
    assert by_group["strongest"] == pytest.approx(by_group["group"])
    # two of the three at random: one draw in three is the group, the others leave one film of the first group
    other = log_p(whole, 0) - log_p([MINE, OTHER, OTHER], 0)
    assert by_group["random"] == pytest.approx((by_group["group"] + 2 * other) / 3, abs=0.05)
    spread = np.std(whole)
    assert found.falls["sd"]["group"][0, 0] == pytest.approx((whole[0] - OTHER) / spread, rel=1e-5)
    # for a film of group 2 emma weighs .81 through it and the others .09 each; through group 1 all together .19
    assert removed(model, profiles, torch.tensor([[fargo]])).members.tolist() == [[1]]


def test_a_group_that_is_the_whole_history_is_counted_and_not_measured() -> None:
    model, profiles = asked("ann", "dot")
    found = removed(model, profiles, torch.tensor([[2], [1]]))
    assert (found.of_one_group, found.without_group) == (1, 0)
    assert [np.isnan(found.falls[unit]["group"]).tolist() for unit in ("sd", "log_p")] == 2 * [[[True], [False]]]


def test_falls_are_those_of_scoring_without_the_group(monkeypatch: pytest.MonkeyPatch) -> None:
    model, profiles = asked(*TOOK)
    items = torch.from_numpy(np.random.default_rng(0).integers(6, size=(8, 2)))
    taken = held([[] for _ in TOOK], 6)  # everything is a candidate
    found = remove_groups(model, model.factors(films()), profiles, items, taken)
    groups = model._groups.argmax(axis=1)
    for user in range(8):
        own = profiles.items.row(user)
        before = model.score(profiles.rows(np.array([user])))[0].double()
        for place, item in enumerate(items[user].tolist()):
            weights = [sum(model._groups[j, g] * model._groups[item, g] for j in own) for g in (0, 1)]
            inhabited = [g for g in (0, 1) if (groups[own] == g).any()]
            top = max(inhabited, key=lambda g: weights[g])
            rest = own[groups[own] != top]
            if not len(rest):
                assert np.isnan(found.falls["log_p"]["group"][user, place])
                continue
            after = torch.from_numpy(model._groups[rest].sum(axis=0) @ model._groups.T).double()
            expected = before.log_softmax(0)[item] - after.log_softmax(0)[item]
            assert found.falls["log_p"]["group"][user, place] == pytest.approx(float(expected), rel=1e-5)
            assert found.falls["sd"]["group"][user, place] == pytest.approx(
                float((before[item] - after[item]) / before.std(unbiased=False)), rel=1e-5
            )
    monkeypatch.setattr("graphrec.evaluation.explanations.pair_batches.NUMBERS_AT_ONCE", 1)
    apart = remove_groups(model, model.factors(films()), profiles, items, taken)
    for unit in ("sd", "log_p"):
        for name in REMOVED:
            np.testing.assert_allclose(found.falls[unit][name], apart.falls[unit][name], rtol=1e-5, atol=1e-7)


def test_only_groups_that_something_came_through_and_that_were_taken_count() -> None:
    """Items 0 to 2 are of the groups 0, 1 and none; group 2 weighs most, but nobody took anything of it."""
    slots = history_slots(held([[0, 1, 2], [1, 2], [2]], 5))
    through = torch.tensor([[[2.0, 3.0, 9.0]], [[5.0, 0.0, 9.0]], [[5.0, 0.0, 9.0]]])
    groups = strongest_group(through, slots, np.array([0, 1, -1, 2, 2]))
    assert groups.tolist() == [[[False, True, False]], [[False] * 3], [[False] * 3]]
    assert strongest_group(-through, slots, np.array([0, 1, -1, 2, 2]))[0].tolist() == [[True, False, False]]


def test_clusters_of_users_are_no_groups() -> None:
    model, _ = asked("dot")
    factors = model.factors(films())
    groups = groups_of_items(factors, 6)
    assert factors.ids.columns["index"].take(pa.array(groups)).to_pylist() == [0, 0, 0, 1, 1, 1]
    assert set(factors.ids.columns["kind"].take(pa.array(groups)).to_pylist()) == {"item_group"}


def test_a_model_without_factors_is_refused() -> None:
    data = films()
    model = EASE().fit(data)
    profiles = profiles_of(data, np.arange(8, dtype=np.int32), np.arange(8))
    with pytest.raises(UsageError, match="no evidence of ease came through a factor"):
        remove_groups(model, NO_FACTORS, profiles, torch.zeros(8, 1, dtype=torch.int64), profiles.items)
