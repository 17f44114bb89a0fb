"""The base of all methods that score features."""

from __future__ import annotations

from abc import ABC, abstractmethod
from typing import TYPE_CHECKING, Any, ClassVar

import numpy as np

from graphrec.arrays.bounded_blocks import row_blocks
from graphrec.config import Config
from graphrec.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Iterator

    import numpy.typing as npt

    from graphrec.evaluation.explanations.feature_methods.cases import FeatureCases
    from graphrec.models.model import Model


class MethodConfig(Config):
    """Settings that every method has."""

    of: ClassVar[str] = "method"


class FeatureMethod(ABC):
    """A way to score all features for a user, or for a user and an item.

    Args:
        config: validated settings; or give them by name.

    Attributes:
        name: registered name.
        Config: type of the settings.
        asks_model: whether it asks a fitted model.
        asks_items: whether it looks at items: that of the pair, or those that are recommended to the user.
    """

    name: ClassVar[str]
    Config: ClassVar[type[MethodConfig]] = MethodConfig
    asks_model: bool = False
    asks_items: bool = False

    def __init__(self, config: MethodConfig | None = None, **settings: Any) -> None:
        self.config: Any = self.Config.from_arguments(config, settings, type(self).__name__)

    def require(self, cases: FeatureCases, model: Model | None) -> None:
        """Raise UsageError where a model or items are missing that the method asks."""
        if self.asks_model and model is None:
            raise UsageError(f"the method {self.name} asks a model", remedy="Name a row of the recipe, or give a model")
        if self.asks_items and not cases.items.shape[1]:
            raise UsageError(
                f"the method {self.name} looks at items, and users alone have none",
                remedy="Ask for pairs, or give the users what a model recommends to them",
            )

    @abstractmethod
    def score(self, cases: FeatureCases, model: Model | None = None) -> npt.NDArray[np.float32]:
        """Return the scores of all features, float32 [B, F]; −inf or NaN where nothing is claimed."""


def scored_blocks(
    method: FeatureMethod, cases: FeatureCases, model: Model | None = None
) -> Iterator[tuple[slice, npt.NDArray[np.float32]]]:
    """Yield the scores of all features for some cases after the other, so that memory is bounded.

    Args:
        method: that scores.
        cases: all of them.
        model: that the method asks, where it asks one.

    Yields:
        Rows, and float32 [rows, F].

    Raises:
        UsageError: the method needs a model, one with other members, or items, and there are none.
    """
    method.require(cases, model)
    numbers = 4 * (1 + cases.items.shape[1]) * (cases.n_features + 1)
    for block in row_blocks(len(cases), numbers):
        yield block, method.score(cases.rows(np.arange(block.start, block.stop)), model)


def mean_over_items(values: npt.NDArray[Any], items: npt.NDArray[np.int64]) -> npt.NDArray[np.float32]:
    """Return the mean over the items of each case, float32 [B, F]; NaN where a case has none.

    Args:
        values: [B, n, F].
        items: int64 [B, n]; −1 does not count.
    """
    is_item = items >= 0
    total = (values * is_item[:, :, None]).sum(axis=1)
    with np.errstate(invalid="ignore"):
        mean: npt.NDArray[np.float32] = (total / is_item.sum(axis=1)[:, None]).astype(np.float32)
    return mean
