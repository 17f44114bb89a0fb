"""How steeply the score rises with how much the user cares for a feature: ∂s/∂f_u."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar, Literal

import numpy as np
import torch
from pydantic import Field
from typing_extensions import override

from graphrec.arrays.bounded_blocks import row_blocks
from graphrec.errors import UsageError
from graphrec.evaluation.explanations.feature_methods.method import FeatureMethod, MethodConfig, mean_over_items
from graphrec.explaining.amounts import has_amounts

if TYPE_CHECKING:
    import numpy.typing as npt

    from graphrec.evaluation.explanations.feature_methods.cases import FeatureCases
    from graphrec.explaining.amounts import FeatureModel
    from graphrec.models.model import Model


class GradientConfig(MethodConfig):
    """Settings of the gradient.

    Attributes:
        form: ``signed`` is ∂s/∂f_u^k, ``times_input`` f_u^k · ∂s/∂f_u^k.
    """

    form: Literal["signed", "times_input"] = Field("signed", description="signed or times_input")


class Gradient(FeatureMethod):
    """The gradient of the score of the pair's item, or the mean over the items that are recommended to the user."""

    name: ClassVar[str] = "gradient"
    Config: ClassVar[type[MethodConfig]] = GradientConfig
    asks_model = True
    asks_items = True

    @override
    def require(self, cases: FeatureCases, model: Model | None) -> None:
        super().require(cases, model)
        _with_amounts(model)

    @override
    def score(self, cases: FeatureCases, model: Model | None = None) -> npt.NDArray[np.float32]:
        asked = _with_amounts(model)
        values = asked.feature_values(cases.profiles)
        users, n = cases.items.shape
        slopes = np.zeros((users, n, cases.n_features), dtype=np.float32)
        for rows in row_blocks(users, 4 * n * cases.n_features):
            # each item has a setting of its own, so that one backward pass gives all their gradients
            repeated = values[rows, None].repeat(1, n, 1).requires_grad_()
            items = torch.from_numpy(np.maximum(cases.items[rows], 0))
            part = cases.profiles.rows(np.arange(rows.start, rows.stop))
            scores = asked.score_amounts(part, repeated, items).diagonal(dim1=1, dim2=2)
            (slope,) = torch.autograd.grad(scores.sum(), repeated)
            slopes[rows] = slope.numpy()
        mean = mean_over_items(slopes, cases.items)
        return mean * values.numpy() if self.config.form == "times_input" else mean


def _with_amounts(model: Model | None) -> FeatureModel:
    if model is None or not has_amounts(model):
        name = "no model" if model is None else model.name
        raise UsageError(
            f"{name} has no features of users that a score could be differentiated by",
            remedy="Name a row whose model learns from review features",
        )
    return model
