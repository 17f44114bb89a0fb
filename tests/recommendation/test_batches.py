"""Batching changes nothing but memory."""

from __future__ import annotations

import pandas as pd
import pytest

import graphrec as gr
from graphrec.errors import UsageError
from graphrec.explainers.registry import find_explainer
from graphrec.explaining.model_explainer import ModelExplainer
from graphrec.models.ease import EASE
from graphrec.recommendation import batches
from graphrec.recommendation.batches import recommend
from graphrec.recommendation.request import Request
from graphrec.tables.explanations import joined
from graphrec.testing import frames
from graphrec.testing.toy import toy


@pytest.mark.parametrize(("users", "weights"), [(5, 10**6), (1024, 1), (3, 100)])
def test_small_batches_give_the_same_rows(users: int, weights: int, monkeypatch: pytest.MonkeyPatch) -> None:
    data = toy()
    model = EASE(reg=5.0).fit(data)
    request = Request(k=3, reasons=4, against=2)
    expected = frames(recommend(model, data, request))
    monkeypatch.setattr(ModelExplainer, "users_at_once", users)
    monkeypatch.setattr(batches, "WEIGHTS_AT_ONCE", weights)
    told: list[tuple[str, int, int]] = []
    found = frames(recommend(model, data, request, lambda *at: told.append(at)))
    for before, after in zip(expected, found, strict=True):
        pd.testing.assert_frame_equal(before, after)
    assert told[-1] == ("recommending", len(data.users), len(data.users))
    assert len(told) == -(-len(data.users) // users)


def test_users_at_once_follow_the_items(monkeypatch: pytest.MonkeyPatch) -> None:
    """So many scores as 4 users have: batches of 4; fewer than one user's: one user each."""
    data = toy()
    model = EASE(reg=5.0).fit(data)
    for scores, users in ((4 * len(data.items) + 1, 4), (1, 1)):
        monkeypatch.setattr(batches, "SCORES_AT_ONCE", scores)
        told: list[int] = []
        list(recommend(model, data, Request(k=1, reasons=1), lambda _, done, __: told.append(done)))  # noqa: B023
        assert told[0] == users


@pytest.mark.parametrize("name", ["shapley", "counterfactual", "random", "popularity"])
def test_another_explainer_in_small_batches(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    data = toy()
    model = EASE(reg=5.0).fit(data)
    explainer = find_explainer(name)(top=2) if name == "counterfactual" else find_explainer(name)()
    request = Request(k=3, reasons=99)
    expected = frames(recommend(model, data, request, explainer=explainer))
    assert set(expected[1]["method"]) == {name}
    monkeypatch.setattr(type(explainer), "users_at_once", 2)
    monkeypatch.setattr(batches, "WEIGHTS_AT_ONCE", 1)
    told: list[tuple[str, int, int]] = []
    found = frames(recommend(model, data, request, lambda *at: told.append(at), explainer))
    pd.testing.assert_frame_equal(expected[0], found[0], check_exact=False, atol=1e-6)
    # Ranks of equal weights are in no promised order.
    key = ["user", "item", "evidence"]
    before, after = (rows.drop(columns="rank").sort_values(key, ignore_index=True) for rows in (expected[1], found[1]))
    pd.testing.assert_frame_equal(before, after, check_exact=False, atol=1e-6)
    assert len(told) == -(-len(data.users) // 2)


def test_given_pairs_by_another_explainer() -> None:
    data = toy()
    model = EASE(reg=5.0).fit(data)
    own, removal = (
        gr.explain(
            model, data, ["u00", "u01"], ["i03", "i05"], against=9, explainer=explainer
        ).tables.reasons.to_pandas()
        for explainer in (None, find_explainer("removal")())
    )
    assert set(removal["method"]) == {"removal"}
    assert own["evidence"].tolist() == removal["evidence"].tolist()
    assert removal["weight"].tolist() == pytest.approx(own["weight"].tolist(), abs=1e-6)


@pytest.mark.parametrize("name", ["model", "counterfactual", "groups"])
def test_without_reasons_nothing_is_weighed(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """The same rows in the same order, each with its whole score as what no reason says."""
    data = toy()
    model = EASE(reg=5.0).fit(data)
    monkeypatch.setattr(batches, "WEIGHTS_AT_ONCE", 60)
    parts = list(recommend(model, data, Request(k=3, reasons=2)))
    assert len(parts) > 1
    explained = joined(parts).recommendations
    explainer = None if name == "model" else find_explainer(name)()
    if explainer is not None:
        monkeypatch.setattr(type(explainer), "users_at_once", ModelExplainer.users_at_once)
    monkeypatch.setattr(type(explainer or ModelExplainer()), "explain", None)
    tables = joined(recommend(model, data, Request(k=3, reasons=0), explainer=explainer))
    ranked = tables.recommendations
    assert not tables.reasons.num_rows
    assert not any(ranked["n_reasons"].to_pylist())
    for name in ("user", "item", "name", "score", "rank", "basis"):
        assert ranked[name].to_pylist() == explained[name].to_pylist()
    assert ranked["rest"].to_pylist() == ranked["score"].to_pylist()


def test_an_attribution_that_the_model_lacks_is_refused_without_reasons_too() -> None:
    data = toy()
    model = EASE(reg=5.0).fit(data)
    with pytest.raises(UsageError, match="gradient"):
        list(recommend(model, data, Request(reasons=0), explainer=ModelExplainer(attribution="gradient")))
