"""Shares of true reasons of several methods, as noise and correlation grow.

The methods are models with explainers; each model is fitted once on each planting and all its explainers are scored on
the recommendations of that fit. Settings of the models were chosen on plantings of other seeds than those reported
(``docs/planted-truth.md``).
"""

from __future__ import annotations

import math
import time
from dataclasses import asdict, dataclass, field
from typing import TYPE_CHECKING, Any

import numpy as np

from graphrec.explainers.registry import find_explainer
from graphrec.planted.config import PlantedConfig
from graphrec.planted.fits import Fits
from graphrec.planted.planting import plant
from graphrec.planted.run_reasons import score_reasons
from graphrec.progress import no_progress

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from graphrec.planted.reason_scores import ReasonScore
    from graphrec.progress import Progress

RECONET: Mapping[str, Any] = {
    "embedding_size": 256,
    "epochs": 30,
    "learning_rate": 0.01,
    "weight_decay": 0.3,
    "averaging": 0.99,
    "batch_size": 256,
    "examples_per_user": 30,
    "item_attributes": False,
}
"""Settings of RecoNet with attributes: those of the users, as its recipe chooses on MovieLens 1M too."""

RECONET_OF_ALL: Mapping[str, Any] = {
    "embedding_size": 256,
    "epochs": 15,
    "learning_rate": 0.03,
    "weight_decay": 0.1,
    "batch_size": 256,
    "examples_per_user": 30,
}
"""Settings of RecoNet with the attributes of items too, which the decoys are to lead astray."""

EASE: Mapping[str, Any] = {"reg": 50.0}
"""Settings of EASE."""


@dataclass(frozen=True)
class Method:
    """One way to recommend and say why.

    Attributes:
        model: registered name.
        settings: of the model.
        explainer: registered name; ``model`` is the model itself.
        options: of the explainer.
        users: recommendations of so many users are explained, drawn at random; 0 for all. For slow explainers.
    """

    model: str
    settings: Mapping[str, Any] = field(default_factory=dict)
    explainer: str = "model"
    options: Mapping[str, Any] = field(default_factory=dict)
    users: int = 0


METHODS: Mapping[str, Method] = {
    "RecoNet": Method("reconet", RECONET),
    "removal on RecoNet": Method("reconet", RECONET, "removal", users=500),
    "LIME on RecoNet": Method("reconet", RECONET, "lime", {"samples": 1000}, users=100),
    "popularity on RecoNet": Method("reconet", RECONET, "popularity"),
    "Random on RecoNet": Method("reconet", RECONET, "random"),
    "RecoNet, items' attributes too": Method("reconet", RECONET_OF_ALL),
    "EASE": Method("ease", EASE),
    "Random on EASE": Method("ease", EASE, "random"),
}
"""RecoNet knows items and the users' own attributes, and where it says so those of items; EASE items alone."""


@dataclass(frozen=True)
class Point:
    """One method on one planting.

    Attributes:
        method: name.
        noise, correlation: of the planting.
        seed: of the planting and of the model.
        score: how true its reasons are.
        seconds: to fit the model (shared by its methods) and to weigh and score the reasons.
    """

    method: str
    noise: float
    correlation: float
    seed: int
    score: ReasonScore
    seconds: float


@dataclass(frozen=True)
class PlantedStudy:
    """The results of a study.

    Attributes:
        standard: settings of the standard planting, the seed aside.
        seeds: of the standard plantings.
        points: one for each planting and method.
    """

    standard: PlantedConfig
    seeds: tuple[int, ...]
    points: tuple[Point, ...]

    def at(self, method: str, noise: float, correlation: float) -> list[ReasonScore]:
        """Return the scores of a method, one for each seed."""
        return [
            point.score
            for point in self.points
            if (point.method, point.noise, point.correlation) == (method, noise, correlation)
        ]

    def table(self) -> dict[str, dict[str, tuple[float, float]]]:
        """Return for each method the mean and standard deviation over seeds, standard setting, of every share."""
        means = {}
        for method in dict.fromkeys(point.method for point in self.points):
            scores = self.at(method, self.standard.noise, self.standard.correlation)
            shares = {name: [getattr(score, name) for score in scores] for name in SHARES}
            shares["with_reason"] = [score.with_reason / max(score.recommendations, 1) for score in scores]
            means[method] = {name: (float(np.mean(values)), _deviation(values)) for name, values in shares.items()}
        return means

    def curve(self, method: str, over: str) -> list[tuple[float, float]]:
        """Return (value, share of true top reasons) over ``noise`` or ``correlation``, the other at its standard."""
        other = "correlation" if over == "noise" else "noise"
        shares_at: dict[float, list[float]] = {}
        for point in self.points:
            if point.method == method and getattr(point, other) == getattr(self.standard, other):
                shares_at.setdefault(getattr(point, over), []).append(point.score.true)
        return [(value, float(np.mean(shares))) for value, shares in sorted(shares_at.items())]

    def to_dict(self) -> dict[str, Any]:
        """Return everything, as JSON has it; a share of nothing is null."""
        return {
            "standard": self.standard.model_dump(exclude={"seed"}),
            "seeds": list(self.seeds),
            "points": [_json_value(asdict(point)) for point in self.points],
        }


SHARES = ("true", "strict", "true_precision", "strict_precision")
"""What ``ReasonScore`` says of the recommendations that have a reason."""


def planted_study(
    standard: PlantedConfig | None = None,
    *,
    seeds: Sequence[int] = (100, 101, 102),
    noise: Sequence[float] = (0.0, 0.1, 0.3, 0.4, 0.5, 0.6),
    correlation: Sequence[float] = (0.0, 0.25, 0.75, 0.9),
    methods: Mapping[str, Method] = METHODS,
    k: int = 10,
    progress: Progress = no_progress,
) -> PlantedStudy:
    """Measure the methods on the standard planting with several seeds, and on others with the first of them.

    Args:
        standard: settings of the planting.
        seeds: of plantings and fits of the standard setting.
        noise: further values, correlation at its standard.
        correlation: further values, noise at its standard.
        methods: by name.
        k: recommendations a user.
        progress: told how many plantings are done.
    """
    base = standard or PlantedConfig.read({})
    plantings = [
        *(base.model_copy(update={"seed": seed}) for seed in seeds),
        *(base.model_copy(update={"seed": seeds[0], "noise": value}) for value in noise if value != base.noise),
        *(
            base.model_copy(update={"seed": seeds[0], "correlation": value})
            for value in correlation
            if value != base.correlation
        ),
    ]
    points: list[Point] = []
    for done, config in enumerate(plantings):
        progress("planting and scoring", done, len(plantings))
        points += planted_points(config, methods, k=k)
    progress("planting and scoring", len(plantings), len(plantings))
    return PlantedStudy(base, tuple(seeds), tuple(points))


def planted_points(config: PlantedConfig, methods: Mapping[str, Method] = METHODS, *, k: int = 10) -> list[Point]:
    """Plant once, fit every model once, and score every method.

    Args:
        config: of the planting; its seed is also the models' and that of the users drawn for slow explainers.
        methods: by name; an explainer's own settings are its options.
        k: recommendations a user.
    """
    planted = plant(config)
    dataset = planted.dataset()
    order = np.random.default_rng([config.seed, config.users]).permutation(config.users)
    fits = Fits(dataset, config.seed)
    points = []
    for name, method in methods.items():
        model, seconds = fits.of(method)
        begun, explaining = time.perf_counter(), find_explainer(method.explainer)
        explainer = explaining(explaining.Config.read(dict(method.options)))
        users = np.sort(order[: method.users]) if method.users else None
        reason_score = score_reasons(model, explainer, dataset, planted.truth, k=k, users=users)
        seconds += time.perf_counter() - begun
        points.append(Point(name, config.noise, config.correlation, config.seed, reason_score, seconds))
    return points


def _deviation(values: Sequence[float]) -> float:
    return float(np.std(values, ddof=1)) if len(values) > 1 else 0.0


def _json_value(value: Any) -> Any:
    if isinstance(value, dict):
        return {name: _json_value(one) for name, one in value.items()}
    return None if isinstance(value, float) and math.isnan(value) else value
