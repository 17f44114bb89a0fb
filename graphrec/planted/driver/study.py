"""How often first reasons name what users take items for: several models and methods on one planting.

Settings of the models were chosen on plantings of other seeds than those reported (``docs/planted-truth.md``).
"""

from __future__ import annotations

import time
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from graphrec.explainers.registry import find_explainer
from graphrec.planted.driver.config import DRIVERS
from graphrec.planted.driver.first_reasons import score_drivers
from graphrec.planted.driver.planting import plant_drivers
from graphrec.planted.fits import Fits
from graphrec.planted.study import Method

if TYPE_CHECKING:
    from collections.abc import Mapping

    from graphrec.planted.driver.config import DriverConfig
    from graphrec.planted.driver.driver_score import DriverScore

COLLECTIVE: Mapping[str, Any] = {"reg": 50.0, "attribute_weight": 100.0}
"""Settings of collective EASE."""

ERAN: Mapping[str, Any] = {"steps": 400, "scale": 2.0, "weight_decay": 0.1, "averaging": 0.99, "dropout": 0.1}
"""Settings of eRAN, whose networks are all kinds of attributes, those of the decoys too."""

METHODS: Mapping[str, Method] = {
    "eRAN": Method("eran", ERAN),
    "eRAN, networks of what is followed": Method("eran", {**ERAN, "attributes": ",".join(DRIVERS)}),
    "EASE with attributes": Method("ease", COLLECTIVE),
}
"""What is measured where nothing else is said; a recipe names models of its own. The controls need no method."""


@dataclass(frozen=True)
class DriverPoint:
    """One method on one planting.

    Attributes:
        method: name.
        planting: settings of the planting, the seed among them, which is also that of the model.
        score: how true its first reasons are.
        seconds: to fit the model (shared by its methods) and to weigh and score the reasons.
    """

    method: str
    planting: Mapping[str, Any]
    score: DriverScore
    seconds: float

    def to_dict(self) -> dict[str, Any]:
        """Return everything as JSON has it; what is not a number is null."""
        return {
            "method": self.method,
            "planting": dict(self.planting),
            "score": self.score.to_dict(),
            "seconds": self.seconds,
        }


def driver_points(config: DriverConfig, methods: Mapping[str, Method] = METHODS, *, k: int = 10) -> list[DriverPoint]:
    """Plant once, fit every model once, and score every method.

    Args:
        config: of the planting; its seed is also the models' and that of the users drawn for slow explainers.
        methods: by name; an explainer's own settings are its options.
        k: recommendations a user.
    """
    planted = plant_drivers(config)
    dataset = planted.dataset()
    order = np.random.default_rng([config.seed, config.users]).permutation(config.users)
    fits = Fits(dataset, config.seed)
    points = []
    for name, method in methods.items():
        model, seconds = fits.of(method)
        begun, explaining = time.perf_counter(), find_explainer(method.explainer)
        explainer = explaining(explaining.Config.read(dict(method.options)))
        users = np.sort(order[: method.users]) if method.users else None
        score = score_drivers(model, explainer, dataset, planted.truth, k=k, users=users)
        seconds += time.perf_counter() - begun
        points.append(DriverPoint(name, config.model_dump(), score, seconds))
    return points
