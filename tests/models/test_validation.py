"""What training stops early by: the value by hand, every model's own setting, and fits made before there was one."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest

from graphrec.dataset.incidence import Incidence
from graphrec.errors import ModelError, UsageError
from graphrec.evaluation import evaluate
from graphrec.models.config import GradientConfig
from graphrec.models.registry import MODELS, find_model
from graphrec.models.saving import fit_id, load_recommender, save_model
from graphrec.models.validation import validation_value
from graphrec.testing.knowledge import toy_with_knowledge
from graphrec.testing.reviews import with_reviews

if TYPE_CHECKING:
    from pathlib import Path

    import numpy.typing as npt

    from graphrec.dataset.dataset import Dataset

GRADIENT = sorted(name for name in MODELS if issubclass(find_model(name).Config, GradientConfig))
BY_RECALL = {"cml", "fm", "reconet", "svdfeature"}
SCORES = np.array([[9, 3, 2, 1], [1, 2, 3, 4], [4, 3, 2, 1]], dtype=np.float32)
TAKEN = Incidence.from_pairs(np.array([0, 1]), np.array([0, 3]), (3, 4))
HELD_OUT = Incidence.from_pairs(np.array([0, 0, 2]), np.array([1, 3, 1]), (3, 4))
"""User 0's list is 1, 2, 3, of which 1 and 3 are to be found; user 2's is 0, 1, 2, 3, where 1 is second."""


def score(users: npt.NDArray[np.int64]) -> npt.NDArray[np.float32]:
    return SCORES[users]


@pytest.mark.parametrize(
    ("metric", "value"),
    [("recall@1", (0.5 + 0) / 2), ("recall@2", (0.5 + 1) / 2), ("mrr@10", (1 + 0.5) / 2), ("precision@3", (2 + 1) / 6)],
)
def test_the_value_is_the_mean_over_users_with_held_out_items(metric: str, value: float) -> None:
    assert validation_value(metric, lambda: score, TAKEN, HELD_OUT) == pytest.approx(value)


@pytest.mark.parametrize("held_out", [None, Incidence.empty(3, 4)])
def test_where_nothing_is_held_out_nothing_is_scored(held_out: Incidence | None) -> None:
    assert validation_value("recall@1", lambda: pytest.fail("scored"), TAKEN, held_out) is None


def cut() -> tuple[Dataset, Dataset]:
    """Return the toy data with a knowledge graph and reviews, cut in training and held-out interactions."""
    data = with_reviews(toy_with_knowledge())
    given = np.arange(len(data.interactions)) % 3 > 0
    return data.keeping(given, split="cut"), data.keeping(~given, split="cut")


@pytest.mark.parametrize("name", GRADIENT)
def test_every_model_trained_by_gradient_stops_by_what_is_asked(name: str) -> None:
    train, held_out = cut()
    kind = find_model(name)
    small: dict[str, Any] = {"epochs": 2, "embedding_size": 4}
    usual = "recall@50" if name in BY_RECALL else "ndcg@100"
    assert kind().config.metric == usual
    model = kind(**small, metric=" mrr@03 ").fit(train, validation=held_out.positives)
    (value,) = (value for key, value in model.record.metrics.items() if key == "validation_mrr@3")
    found = evaluate(model, (train, held_out.positives), ["mrr@3"]).means["mrr@3"]
    assert value == pytest.approx(found, abs=1e-6)
    assert 0 < value < 1


@pytest.mark.parametrize(
    ("metric", "words"), [("recall", "Write it like"), ("hits@5", "Known metrics: recall"), ("ndcg@0", "no place")]
)
def test_what_is_no_metric_is_refused(metric: str, words: str) -> None:
    with pytest.raises(UsageError, match=words):
        find_model("fm")(metric=metric)


def test_a_fit_made_before_there_was_the_setting_keeps_its_name_and_is_read(tmp_path: Path) -> None:
    train, held_out = cut()
    kind = find_model("fm")
    model = kind(epochs=1, embedding_size=4).fit(train, validation=held_out.positives)
    assert "metric" not in json.loads(model.config.model_dump_json(exclude=model.config.unstated))
    save_model(model, tmp_path / "fit")
    meta = json.loads((tmp_path / "fit" / "model.json").read_text(encoding="utf-8"))
    assert meta["config"].pop("metric") == "recall@50"
    del meta["files"], meta["digest"]  # which that version did not state either
    (tmp_path / "fit" / "model.json").write_text(json.dumps(meta), encoding="utf-8")
    back = load_recommender(tmp_path / "fit")
    assert (fit_id(back), back.config) == (fit_id(model), model.config)
    assert kind(metric="ndcg@10").config.unstated == set()


def test_a_training_by_another_metric_is_another_training(tmp_path: Path) -> None:
    train, held_out = cut()
    kind = find_model("fm")
    small: dict[str, Any] = {"epochs": 1, "embedding_size": 4}
    first, other = (kind(**small, metric=metric) for metric in ("recall@50", "ndcg@10"))
    first.fit(train, validation=held_out.positives, checkpoint=tmp_path)
    with pytest.raises(ModelError, match=r"config\.metric"):
        other.fit(train, validation=held_out.positives, checkpoint=tmp_path)
    assert fit_id(other.fit(train, validation=held_out.positives)) != fit_id(first)
