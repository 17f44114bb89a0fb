"""Reviews that lack something: users, items or everybody without mentions, and a single feature."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
import torch

import graphrec as gr
from graphrec.dataset.profiles import profiles_of
from graphrec.errors import ModelError
from graphrec.models.registry import registered_model
from graphrec.models.reviews.cnr import CNR
from graphrec.models.reviews.nar import NAR
from graphrec.testing.reviews import with_mentions
from graphrec.testing.toy import build
from tests.models.reviews.tiny import FEATURES, data, task_of

SMALL = {"embedding_size": 4, "epochs": 3, "batch_size": 4, "device": "cpu"}
MODELS = ("nar", "car", "cnr", "cer")


@pytest.mark.parametrize("name", [*MODELS, "vbpr"])
def test_without_any_feature_the_error_says_what_to_load(name: str) -> None:
    bare = build({"u": {"a": 5.0, "b": 5.0}, "v": {"b": 5.0}}, ["a", "b", "c"], attributes={})
    with pytest.raises(ModelError, match=r"no features that reviews mention of users\. Load reviews with features"):
        registered_model(name)(**SMALL).fit(bare)


@pytest.mark.parametrize("name", [*MODELS, "vbpr"])
def test_profiles_of_users_alone_are_too_little(name: str) -> None:
    bare = build({"u": {"a": 5.0, "b": 5.0}, "v": {"b": 5.0}}, ["a", "b", "c"], attributes={})
    of_users = with_mentions(bare, [("u", None, "sound", 1.0, 2)], ["sound"])
    with pytest.raises(ModelError, match="no features that reviews mention of items"):
        registered_model(name)(**SMALL).fit(of_users)


@pytest.mark.parametrize("name", MODELS)
@pytest.mark.parametrize("rest", ["zero", "formula"])
def test_a_user_and_an_item_without_mentions(name: str, rest: str) -> None:
    """v mentions nothing and nothing is said of e: v is recommended something, without a reason that is shown."""
    dataset = data()
    model = registered_model(name)(**SMALL, unmentioned=rest).fit(dataset)
    assert np.isfinite(model.score_users(dataset, ["u", "v", "w", "x"])).all()
    assert model.count_inputs(profiles_of(*model.align(dataset), np.arange(4))).tolist()[1] == 1
    tables = gr.recommend(model, dataset, "v", k=2).tables
    assert tables.recommendations.num_rows == 2
    assert tables.reasons.num_rows == 0


@pytest.mark.parametrize("name", MODELS)
def test_a_single_feature(name: str) -> None:
    dataset = build({"u": {"a": 5.0}, "v": {"b": 5.0}}, ["a", "b", "c"], attributes={})
    rows = [("u", "a", "sound", 1.0, 1), ("v", "b", "sound", -1.0, 2)]
    model = registered_model(name)(**SMALL).fit(with_mentions(dataset, rows, ["sound"]))
    assert np.isfinite(model.score_users(with_mentions(dataset, rows, ["sound"]), ["u", "v"])).all()


@pytest.mark.parametrize("name", MODELS)
def test_more_items_than_features(name: str) -> None:
    """u took three items and mentions a single feature, which alone is a reason, without an anchor."""
    bare = build({"u": dict.fromkeys("abc", 5.0), "v": {"d": 5.0}}, list("abcde"), attributes={})
    dataset = with_mentions(bare, [("u", "a", "sound", 1.0, 2), ("v", "d", "price", 1.0, 1)], ["sound", "price"])
    model = registered_model(name)(**SMALL, averaging=0.0).fit(dataset)
    reasons = gr.recommend(model, dataset, "u", k=2, against=3).tables.reasons
    assert set(reasons["evidence"].to_pylist()) <= {"sound"}
    assert reasons["anchor"].null_count == reasons.num_rows


@pytest.mark.parametrize("name", MODELS)
def test_explanation_vectors(name: str) -> None:
    """One number for every feature, the same for one user as among many; a stranger without history has one too."""
    dataset = data()
    model: Any = registered_model(name)(**SMALL).fit(dataset)
    profiles = profiles_of(*model.align(dataset), np.arange(4))
    whole = model.explanation_vectors(profiles)
    assert whole.shape == (4, len(FEATURES))
    assert whole.dtype == torch.float32
    alone = torch.cat([model.explanation_vectors(profiles.rows(np.array([row]))) for row in range(4)])
    torch.testing.assert_close(alone, whole, atol=1e-6, rtol=1e-5)
    assert model.explanation_vectors(profiles.rows(np.empty(0, dtype=np.int64))).shape == (0, len(FEATURES))


def test_attention_by_hand() -> None:
    """α = softmax_k(e_u M_a w_k) over all features, and x_u = Σ_k α_k w_k f_u^k (2, 3); even for a stranger."""
    dataset = data()
    model = NAR(**SMALL).fit(dataset)
    arrays = {name: torch.from_numpy(array) for name, array in model.arrays().items()}
    profiles = profiles_of(*model.align(dataset), np.arange(4))
    words, mapping = arrays["user_side.features"], arrays["user_side.mapping"]
    for row, own in enumerate(arrays["users"]):
        attention = torch.stack([own @ mapping @ word for word in words]).exp()
        attention /= attention.sum()
        torch.testing.assert_close(model.explanation_vectors(profiles)[row], attention)
        of_features = sum(
            a * f * w for a, f, w in zip(attention, model.feature_values(profiles)[row], words, strict=True)
        )
        vectors = model.user_vectors(torch.tensor([row]), model.feature_values(profiles)[row : row + 1])
        torch.testing.assert_close(vectors[0], torch.cat([own, of_features]))
    strangers = profiles_of(dataset, np.full(4, -1, dtype=np.int32), np.arange(4))
    assert model.explanation_vectors(strangers).numpy() == pytest.approx(1 / 6)


@pytest.mark.parametrize("name", MODELS)
def test_what_training_scores_is_what_the_fit_scores(name: str) -> None:
    """Sparse bags in training, numbers of all features afterwards."""
    dataset = data()
    model: Any = registered_model(name)(**SMALL, unmentioned="formula", averaging=0.0)
    task = task_of(model, dataset)
    fitted = registered_model(name)(**SMALL, unmentioned="formula", averaging=0.0).fit(dataset)
    task.network.load_state_dict(
        {
            **task.network.state_dict(),
            **{key: torch.from_numpy(array) for key, array in fitted.arrays().items() if key in ("users",)},
            **{
                key: torch.from_numpy(array) for key, array in fitted.arrays().items() if "side" in key or "head" in key
            },
        }
    )
    task.network.eval()
    users = task.network.user_vectors(np.arange(4)).detach()
    profiles = profiles_of(*fitted.align(dataset), np.arange(4))
    torch.testing.assert_close(users, fitted.user_vectors(torch.arange(4), fitted.feature_values(profiles)))


def test_rounds_need_not_fit_into_the_training() -> None:
    assert CNR(**SMALL, rounds=50).fit(data()).record.metrics["epochs"] == 3
