"""Counts and a method that asks a model, together: does the model know more than counting?"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar

import numpy as np
from pydantic import Field
from typing_extensions import override

from graphrec.evaluation.explanations.feature_methods.counting import OwnItemConfig, expected_shares, shares_of_users
from graphrec.evaluation.explanations.feature_methods.method import FeatureMethod, MethodConfig

if TYPE_CHECKING:
    import numpy.typing as npt

    from graphrec.evaluation.explanations.feature_methods.cases import FeatureCases
    from graphrec.models.model import Model


class BlendConfig(OwnItemConfig):
    """Settings of counts with a model; ``own`` and ``item`` as for the counts.

    Attributes:
        other: the method that asks a model: ``method``, its registered name, and its settings.
        weight: how much it counts beside the logarithm of the counts' share; 0 is counting alone.
    """

    other: dict[str, Any] = Field(description="method and its settings")
    weight: float = Field(0.5, ge=0, description="of the other method, beside the logarithm of the share")


class CountsWithModel(FeatureMethod):
    """log p(k|u,i) + weight · z, with z the other method's scores over their root mean square in each case.

    Where there are no items, log p(k|u). A feature of which the other method says nothing has z = 0.
    """

    name: ClassVar[str] = "counts_with_model"
    Config: ClassVar[type[MethodConfig]] = BlendConfig
    asks_model = True

    def __init__(self, config: MethodConfig | None = None, **settings: Any) -> None:
        from graphrec.evaluation.explanations.feature_methods.registry import make_method

        super().__init__(config, **settings)
        self._other = make_method(self.config.other)
        self.asks_items = self._other.asks_items

    @override
    def require(self, cases: FeatureCases, model: Model | None) -> None:
        super().require(cases, model)
        self._other.require(cases, model)

    @override
    def score(self, cases: FeatureCases, model: Model | None = None) -> npt.NDArray[np.float32]:
        chosen = self.config
        if cases.items.shape[1]:
            shares = expected_shares(cases, chosen.own, chosen.item)
        else:
            shares = shares_of_users(cases, chosen.own)
        with np.errstate(divide="ignore"):  # what nobody mentions is −inf and not listed
            counted = np.log(shares)
        mixed: npt.NDArray[np.float32] = (counted + chosen.weight * _scaled(self._other.score(cases, model))).astype(
            np.float32
        )
        return mixed


def _scaled(scores: npt.NDArray[np.float32]) -> npt.NDArray[np.float64]:
    known = np.where(np.isfinite(scores), scores, 0.0).astype(np.float64)
    size = np.sqrt(np.square(known).sum(axis=1) / np.maximum(np.isfinite(scores).sum(axis=1), 1))
    return known / np.where(size > 0, size, 1.0)[:, None]
