"""How well reasons know stated tastes: several models and methods beside what a plain count knows.

Settings of the models were chosen by recall on a planting of another seed than those reported
(``docs/planted-truth.md``).
"""

from __future__ import annotations

import time
from dataclasses import asdict, dataclass, field
from typing import TYPE_CHECKING, Any

import numpy as np

from graphrec.explainers.registry import find_explainer
from graphrec.planted.fits import Fits
from graphrec.planted.stated.planting import plant_tastes
from graphrec.planted.stated.stated_truth import StatedTruth
from graphrec.planted.stated.taste_score import TasteScore, taste_score
from graphrec.planted.stated.value_scores import value_scores
from graphrec.planted.stated.yardsticks import yardsticks

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    import numpy.typing as npt

    from graphrec.planted.stated.config import StatedConfig

JOINT = "joint"
"""Instead of an explainer: all inputs that carry a value are switched off together."""

RECONET: Mapping[str, Any] = {
    "embedding_size": 64,
    "epochs": 10,
    "learning_rate": 0.01,
    "weight_decay": 0.3,
    "averaging": 0.99,
    "batch_size": 256,
    "examples_per_user": 20,
}
"""Settings of RecoNet; whether it takes the attributes of items is the methods' choice."""

MODELS: Mapping[str, tuple[str, Mapping[str, Any]]] = {
    "item-item": ("item-item", {"neighbours": 0}),
    "EASE": ("ease", {"reg": 1000.0}),
    "EASE with attributes": ("ease", {"reg": 1000.0, "attribute_weight": 10.0}),
    "RecoNet": ("reconet", {**RECONET, "item_attributes": False}),
    "RecoNet with attributes": ("reconet", RECONET),
    "resolved": ("resolved", {"epochs": 40, "temperature": 0.3}),
}
"""Registered name and settings of each model. ``resolved`` reads the values as entities."""


@dataclass(frozen=True)
class TasteMethod:
    """One way from a model's reasons to scores of values.

    Attributes:
        model: registered name.
        settings: of the model.
        explainer: registered name, or ``JOINT``.
        options: of the explainer.
        lift: over the whole catalogue, items with the value against items without; else over the recommended items.
        users: so many users are explained, drawn at random; 0 for all. For slow explainers.
    """

    model: str
    settings: Mapping[str, Any] = field(default_factory=dict)
    explainer: str = "model"
    options: Mapping[str, Any] = field(default_factory=dict)
    lift: bool = False
    users: int = 0


def _methods() -> Iterator[tuple[str, TasteMethod]]:
    """Yield the methods: where a model is additive, effects, Shapley values and joint effects are its weights.

    Shapley values are exact where the model has a closed form, and sampled for few users elsewhere.
    """
    for name, (model, settings) in MODELS.items():
        yield f"{name}: weights", TasteMethod(model, settings)
        if model in ("reconet", "resolved"):
            options, users = ({"permutations": 4}, 100) if model == "resolved" else ({}, 0)
            yield f"{name}: effects", TasteMethod(model, settings, "removal")
            yield f"{name}: Shapley", TasteMethod(model, settings, "shapley", options, users=users)
            yield f"{name}: joint effect", TasteMethod(model, settings, JOINT)
            yield f"{name}: weights, lift", TasteMethod(model, settings, lift=True)
        yield f"{name}: joint effect, lift", TasteMethod(model, settings, JOINT, lift=True)


METHODS: Mapping[str, TasteMethod] = dict(_methods())
"""By name: a model, and how a value is scored by it."""


@dataclass(frozen=True)
class TastePoint:
    """One method, or one yardstick, on one planting.

    Attributes:
        method: name.
        planting: settings of the planting, the seed among them, which is also that of the model.
        score: how well it knows the tastes.
        seconds: to fit the model (shared by its methods) and to score the values; 0 for a yardstick.
    """

    method: str
    planting: Mapping[str, Any]
    score: TasteScore
    seconds: float

    def to_dict(self) -> dict[str, Any]:
        """Return everything as JSON has it."""
        return {**asdict(self), "planting": dict(self.planting)}


def taste_points(
    config: StatedConfig, methods: Mapping[str, TasteMethod] = METHODS, *, users: int = 0, k: int = 10
) -> list[TastePoint]:
    """Plant once, fit every model once, and score the yardsticks and every method.

    Args:
        config: of the planting; its seed is also the models', that of the controls, and that of the users drawn.
        methods: by name; an explainer's own settings are its options.
        users: so many users are asked, drawn at random; 0 for all.
        k: recommendations a user.
    """
    planted = plant_tastes(config)
    dataset = planted.dataset()
    truth = StatedTruth.of(planted.truth, dataset)
    order = np.random.default_rng([config.seed, config.users]).permutation(config.users)[: users or config.users]
    by_yardstick = yardsticks(dataset, truth)
    planting, everybody = config.model_dump(), np.sort(order)

    def beside(chosen: npt.NDArray[np.int64], *scores: npt.NDArray[np.float64]) -> TasteScore:
        return taste_score(truth.stated[chosen], {name: one[chosen] for name, one in by_yardstick.items()}, *scores)

    points = [
        TastePoint(name, planting, beside(everybody, scores[everybody]), 0.0) for name, scores in by_yardstick.items()
    ]
    fits = Fits(dataset, config.seed)
    for name, method in methods.items():
        model, seconds = fits.of(method)
        begun, explainer = time.perf_counter(), None
        if method.explainer != JOINT:
            explaining = find_explainer(method.explainer)
            explainer = explaining(explaining.Config.read(dict(method.options))).prepare(model, dataset)
        chosen = np.sort(order[: method.users]) if method.users else everybody
        scores = value_scores(model, explainer, dataset, truth, chosen, lift=method.lift, k=k, seed=config.seed)
        seconds += time.perf_counter() - begun
        points.append(TastePoint(name, planting, beside(chosen, scores.own, scores.control), seconds))
    return points


def pooled_scores(points: Sequence[TastePoint]) -> dict[str, TasteScore]:
    """Return the mean of each method's scores over plantings, by method, with errors over the users of all of them."""
    by_method: dict[str, list[TasteScore]] = {}
    for point in points:
        by_method.setdefault(point.method, []).append(point.score)
    return {method: TasteScore.mean_of(scores) for method, scores in by_method.items()}
