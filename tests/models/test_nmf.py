"""NMF: the battery, its objective, and users folded in, against solvers of other kinds."""

from __future__ import annotations

import sys
from typing import Any

import numpy as np
import pytest
from scipy.optimize import lsq_linear, minimize

from graphrec.errors import MissingExtraError, UsageError
from graphrec.models.nmf import NMF
from graphrec.testing import RecommenderBattery
from graphrec.testing.toy import build, toy

pytest.importorskip("sklearn", reason="scikit-learn is not installed")
SMALL: dict[str, Any] = {"embedding_size": 3}


class TestNMF(RecommenderBattery):
    def make(self, **settings: Any) -> NMF:
        return NMF(**{**SMALL, **settings})


def test_two_separate_tastes_by_hand() -> None:
    """Two blocks of ones and no penalty: W H is X itself, and who took one item of a block is shown the whole block.

    For X_u = (1, 0, 0, 0) and H = (h, h, 0, 0), (0, 0, g, g): least (1 − w h)² + (w h)² gives w h = ½.
    """
    taken: dict[str, dict[str, float]] = {f"x{n}": {"a": 5, "b": 5} for n in range(3)}
    taken |= {f"y{n}": {"c": 5, "d": 5} for n in range(2)} | {"half": {}}
    model = NMF(embedding_size=2, reg=0, epochs=2000, tolerance=1e-12).fit(build(taken, ["a", "b", "c", "d"]))
    asked = build(taken | {"half": {"a": 5}}, ["a", "b", "c", "d"])
    np.testing.assert_allclose(model.score_users(asked, ["x0", "y0"]), [[1, 1, 0, 0], [0, 0, 1, 1]], atol=1e-4)
    np.testing.assert_allclose(model.score_users(asked, "half"), [0.5, 0.5, 0, 0], atol=1e-4)
    assert model.record.metrics["loss"] == pytest.approx(0, abs=1e-6)


@pytest.mark.parametrize("ratio", [0.0, 0.5, 1.0])
def test_the_loss_is_the_one_that_is_written_down(ratio: float) -> None:
    """The loss, and that W is its least while H stands still: checked cell by cell, and by a general solver."""
    data = toy()
    model = NMF(**SMALL, reg=0.3, l1_ratio=ratio, epochs=3000, tolerance=1e-12).fit(data)
    given = np.flatnonzero(data.positives.counts)
    taken, items = data.positives.csr(np.float64).toarray()[given], model.arrays()["items"]

    def penalty(factors: np.ndarray) -> float:
        return 0.3 * (ratio * factors.sum() + (1 - ratio) * (factors**2).sum() / 2)

    def loss(users: np.ndarray) -> float:
        users = users.reshape(len(taken), 3)
        return ((taken - users @ items) ** 2).sum() / 2 + penalty(users) + penalty(items)

    start, bounds = np.full(len(taken) * 3, 0.5), [(0, None)] * (len(taken) * 3)
    best = minimize(loss, start, method="L-BFGS-B", bounds=bounds, options={"maxiter": 5000, "maxfun": 10**6})
    assert model.record.metrics["loss"] == pytest.approx(best.fun, rel=1e-4)
    users = data.users.ids.take(given).to_pylist()
    np.testing.assert_allclose(model.score_users(data, users), best.x.reshape(-1, 3) @ items, atol=2e-3)


def test_a_newcomer_is_folded_in_by_non_negative_least_squares() -> None:
    """Agreement with scipy's bounded least squares; the L2 penalty as rows √λ more."""
    data = toy()
    model = NMF(**SMALL, reg=0.2, l1_ratio=0).fit(data)
    items = model.arrays()["items"]
    user = data.users.ids.to_pylist().index("u03")
    wanted = np.append(data.positives.csr(np.float64).toarray()[user], np.zeros(3))
    expected = lsq_linear(np.vstack([items.T, np.sqrt(0.2) * np.eye(3)]), wanted, bounds=(0, np.inf), tol=1e-12).x
    np.testing.assert_allclose(model.score_users(data, "u03"), expected @ items, atol=1e-5)


def test_factors_are_not_negative_and_more_of_them_fit_better() -> None:
    losses = []
    for size in (1, 2, 4):
        model = NMF(embedding_size=size).fit(toy())
        assert model.arrays()["items"].min() >= 0
        losses.append(model.record.metrics["loss"])
    assert losses[0] > losses[1] > losses[2]


def test_without_scikit_learn_it_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "sklearn.decomposition", None)
    with pytest.raises(MissingExtraError, match=r"pip install 'graphrec\[baselines\]'"):
        NMF().fit(toy())


def test_settings_out_of_range_are_refused() -> None:
    with pytest.raises(UsageError, match="'l1_ratio'"):
        NMF(l1_ratio=2)
