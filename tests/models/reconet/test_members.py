"""Several networks as one: scores and relevances are the members' means."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pytest

import graphrec as gr
from graphrec.errors import UsageError
from graphrec.models.ensemble import seed_of_member
from graphrec.models.reconet.members import joined_members
from graphrec.models.reconet.model import RecoNet
from graphrec.models.saving import load_model, save_model
from graphrec.testing.toy import toy
from tests.models.reconet.test_model import SMALL, TestLinear

if TYPE_CHECKING:
    from pathlib import Path


class TestThreeMembers(TestLinear):
    def make(self, **settings: object) -> RecoNet:
        return RecoNet(**{**SMALL, "members": 3, "epochs": 4, **settings})


class TestTwoMembersWithLayer(TestLinear):
    def make(self, **settings: object) -> RecoNet:
        return RecoNet(**{**SMALL, "members": 2, "hidden_size": 5, "epochs": 4, **settings})


def test_two_networks_by_hand() -> None:
    """Q = [2], W = [3] scores 6; Q = [5], W = [1] scores 5; together 5.5."""
    first = {"features": np.array([[2.0]]), "output": np.array([[3.0]])}
    second = {"features": np.array([[5.0]]), "output": np.array([[1.0]])}
    whole = joined_members([first, second])
    assert whole["features"].tolist() == [[2, 5]]
    assert whole["output"].tolist() == [[1.5, 0.5]]
    assert whole["output"] @ whole["features"][0] == pytest.approx(5.5)


def test_a_layer_keeps_to_its_own_member() -> None:
    member = {"features": np.ones((1, 2)), "hidden": np.ones((3, 2)), "output": np.ones((1, 3))}
    whole = joined_members([member, member])
    assert whole["hidden"].shape == (6, 4)
    assert not whole["hidden"][:3, 2:].any()
    assert not whole["hidden"][3:, :2].any()


@pytest.mark.parametrize("hidden", [0, 5])
def test_the_score_is_the_mean_of_the_members_scores(hidden: int) -> None:
    data = toy()
    settings = {**SMALL, "hidden_size": hidden, "seed": 3}
    alone = [RecoNet(**{**settings, "seed": seed_of_member(3, member)}).fit(data) for member in range(3)]
    together = RecoNet(**settings, members=3).fit(data)
    users = data.users.ids.to_pylist()
    mean = np.mean([model.score_users(data, users) for model in alone], axis=0)
    np.testing.assert_allclose(together.score_users(data, users), mean, atol=1e-5)
    weights = [
        gr.explain(model, data, "u04", "i03", reasons=100, against=100).tables.reasons.to_pandas() for model in alone
    ]
    of_all = gr.explain(together, data, "u04", "i03", reasons=100, against=100).tables.reasons.to_pandas()
    means = sum(part.astype({"evidence": str}).set_index("evidence")["weight"] for part in weights) / 3
    claimed = of_all.astype({"evidence": str}).set_index("evidence")["weight"]
    np.testing.assert_allclose(claimed.sort_index(), means.sort_index(), atol=1e-5)


def test_the_mean_of_fitted_models_is_one_fitted_together() -> None:
    data = toy()
    alone = [RecoNet(**SMALL, seed=seed_of_member(3, member)).fit(data) for member in range(3)]
    together = RecoNet(**SMALL, seed=3, members=3).fit(data)
    np.testing.assert_array_equal(RecoNet.mean_of(alone).score_users(data, "u04"), together.score_users(data, "u04"))
    other = RecoNet(**{**SMALL, "embedding_size": 5}).fit(data)
    with pytest.raises(UsageError, match="have no mean"):
        RecoNet.mean_of([alone[0], other])


def test_one_member_is_the_plain_model() -> None:
    assert seed_of_member(7, 0) == 7
    assert len({seed_of_member(seed, member) for seed in range(5) for member in range(5)}) == 25


def test_members_survive_saving(tmp_path: Path) -> None:
    data = toy()
    model = RecoNet(**SMALL, members=2).fit(data)
    save_model(model, tmp_path / "fit")
    np.testing.assert_array_equal(load_model(tmp_path / "fit").score_users(data, "u04"), model.score_users(data, "u04"))
    assert model.arrays()["features"].shape[1] == 2 * SMALL["embedding_size"]
