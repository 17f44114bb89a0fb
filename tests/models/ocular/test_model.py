"""OCuLaR: the battery, its co-clusters on blocks, and attributes as further rows and columns."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from graphrec.errors import UsageError
from graphrec.models.ocular.model import OCuLaR
from graphrec.testing import RecommenderBattery
from graphrec.testing.toy import ATTRIBUTES, build, toy

SMALL: dict[str, Any] = {"embedding_size": 4, "reg": 0.1, "epochs": 30}


class TestPlain(RecommenderBattery):
    def make(self, **settings: Any) -> OCuLaR:
        return OCuLaR(**{**SMALL, **settings})


class TestWithAttributes(RecommenderBattery):
    cold_by_attributes = True

    def make(self, **settings: Any) -> OCuLaR:
        return OCuLaR(**{**SMALL, "attribute_weight": 0.5, "positive_weight": 2.0, **settings})


def test_finds_the_blocks() -> None:
    """Two groups of users who took all but one each of their group's items: the missing ones score first."""
    groups = [[f"{name}{number}" for number in range(4)] for name in "ab"]
    taken = {
        f"u{side}{number}": {item: 5.0 for item in groups[side] if item != groups[side][number]}
        for side in range(2)
        for number in range(4)
    }
    data = build(taken, [*groups[0], *groups[1]])
    model = OCuLaR(embedding_size=2, reg=0.01, epochs=200).fit(data)
    scores = model.score_users(data, list(taken))
    for user in range(8):
        side, missing = divmod(user, 4)
        others = scores[user, 4:] if side == 0 else scores[user, :4]
        assert scores[user, 4 * side + missing] > others.max() + 0.1
    arrays = model.arrays()["items"]
    assert (arrays >= 0).all()


def test_the_whole_cost_cell_by_cell() -> None:
    """What the fit reports is the cost of the factors, attributes' cells among themselves left out."""
    data = toy()
    model = OCuLaR(**{**SMALL, "epochs": 1, "attribute_weight": 0.5, "positive_weight": 2.0})
    before = OCuLaR(**{**SMALL, "epochs": 2, "tolerance": 0.0, "attribute_weight": 0.5, "positive_weight": 2.0})
    assert before.fit(data).record.metrics["loss"] < model.fit(data).record.metrics["loss"]

    seen = np.flatnonzero(data.positives.counts)  # who took nothing is no row
    n_users, n_items, n_attributes = len(seen), len(data.items), len(data.attributes)
    assert n_users == len(data.users) - 3
    whole = model._stacked(data).toarray()
    assert whole.shape == (n_users + n_attributes, n_items + n_attributes)
    np.testing.assert_array_equal(whole[:n_users, :n_items], data.positives.csr().toarray()[seen])
    np.testing.assert_array_equal(whole[n_users:, :n_items], 0.5 * data.item_attributes.csr().toarray().T)
    np.testing.assert_array_equal(whole[:n_users, n_items:], 0.5 * data.user_attributes.csr().toarray()[seen])
    assert not whole[n_users:, n_items:].any()

    rows, columns = model._start(whole.shape, data.positives.n_entries / (n_users * n_items))
    columns_after = model.arrays()
    items = np.vstack([columns_after["items"], columns_after["attributes"]])
    assert items.shape == columns.shape
    expected = 0.0
    kinds = np.ones(whole.shape)
    kinds[n_users:] = kinds[:, n_items:] = 0.5
    kinds[n_users:, n_items:] = 0.0
    x = rows.numpy() @ items.T
    with np.errstate(divide="ignore"):
        expected = np.where(whole > 0, -2.0 * whole * np.log(1 - np.exp(-(x + 1e-6))), kinds * x).sum()
    expected += 0.1 * ((rows.numpy() ** 2).sum() + (items**2).sum())
    assert model.record.metrics["loss"] == pytest.approx(expected, rel=1e-4)


def test_attributes_place_a_cold_user() -> None:
    """The old take a, the young b: who is old and took nothing is shown a first."""
    carried = {f"{age}{number}": [f"user.age={age}"] for age in ("old", "young") for number in range(5)}
    taken: dict[str, dict[str, float]] = {user: {"a" if user < "p" else "b": 5.0, "c": 5.0} for user in carried}
    taken["cold"], carried["cold"] = {}, ["user.age=old"]
    data = build(taken, ["a", "b", "c"], carried=carried, attributes=ATTRIBUTES)
    scores = OCuLaR(embedding_size=3, reg=0.05, attribute_weight=1.0).fit(data).score_users(data, "cold")
    assert scores[0] > scores[1] + 0.1


def test_settings_out_of_range_are_refused() -> None:
    with pytest.raises(UsageError, match="'reg'"):
        OCuLaR(reg=0)
