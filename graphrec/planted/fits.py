"""Models of a study, each fitted once whatever the number of methods that explain it."""

from __future__ import annotations

import time
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Protocol

from graphrec.models.registry import find_model

if TYPE_CHECKING:
    from collections.abc import Mapping

    from graphrec.dataset.dataset import Dataset


class OfModel(Protocol):
    """A method that names its model.

    Attributes:
        model: registered name.
        settings: of the model.
    """

    @property
    def model(self) -> str:
        """Registered name."""

    @property
    def settings(self) -> Mapping[str, Any]:
        """Settings of the model."""


@dataclass(frozen=True, eq=False)
class Fits:
    """Models fitted on one data set, by name and settings.

    Attributes:
        dataset: what they are fitted on.
        seed: of every fit whose settings give none.
    """

    dataset: Dataset
    seed: int
    _fitted: dict[str, tuple[Any, float]] = field(default_factory=dict)

    def of(self, method: OfModel) -> tuple[Any, float]:
        """Return the fitted model of a method, and the seconds that its fit took."""
        key = repr((method.model, sorted(method.settings.items())))
        if key not in self._fitted:
            begun, kind = time.perf_counter(), find_model(method.model)
            settings = {"seed": self.seed, **method.settings}
            self._fitted[key] = (kind(kind.Config.read(settings)).fit(self.dataset), time.perf_counter() - begun)
        return self._fitted[key]
