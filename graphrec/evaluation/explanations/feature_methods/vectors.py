"""The vector over all features by which a model says itself what a user cares for: attention, or a perturbation."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar, Literal, Protocol, runtime_checkable

import numpy as np
from pydantic import Field
from typing_extensions import override

from graphrec.errors import UsageError
from graphrec.evaluation.explanations.feature_methods.method import FeatureMethod, MethodConfig

if TYPE_CHECKING:
    import numpy.typing as npt
    import torch

    from graphrec.dataset.profiles import Profiles
    from graphrec.evaluation.explanations.feature_methods.cases import FeatureCases
    from graphrec.models.model import Model


@runtime_checkable
class ExplanationVectors(Protocol):
    """What a model with explanation vectors offers beside ``Model``."""

    def explanation_vectors(self, profiles: Profiles) -> npt.NDArray[np.float32] | torch.Tensor:
        """Return φ_u of B users over all features, float32 [B, F]."""

    def feature_values(self, profiles: Profiles) -> torch.Tensor:
        """Return f_u of B users, float32 [B, F]."""


class VectorConfig(MethodConfig):
    """Settings of the model's own vectors.

    Attributes:
        phi: what is sorted: φ as the model gives it, −φ, |φ|, or φ^k · f_u^k. "From Intrinsic to Counterfactual" sorts
            the perturbation δ itself; a model with a setting of its own for the sign gives δ where that is ``signed``.
    """

    phi: Literal["signed", "negative", "absolute", "times_input"] = Field(
        "signed", description="signed, negative, absolute or times_input"
    )


class OwnVectors(FeatureMethod):
    """The model's φ_u, the same for all items of a user."""

    name: ClassVar[str] = "own_vectors"
    Config: ClassVar[type[MethodConfig]] = VectorConfig
    asks_model = True

    @override
    def require(self, cases: FeatureCases, model: Model | None) -> None:
        super().require(cases, model)
        _with_vectors(model)

    @override
    def score(self, cases: FeatureCases, model: Model | None = None) -> npt.NDArray[np.float32]:
        asked, form = _with_vectors(model), self.config.phi
        phi = vectors_of(asked, cases.profiles)
        if form == "negative":
            return -phi
        if form == "absolute":
            return np.abs(phi)
        return phi * asked.feature_values(cases.profiles).numpy() if form == "times_input" else phi


def vectors_of(model: ExplanationVectors, profiles: Profiles) -> npt.NDArray[np.float32]:
    """Return φ_u of B users as a NumPy array, float32 [B, F]."""
    return np.asarray(model.explanation_vectors(profiles), dtype=np.float32)


def _with_vectors(model: Model | None) -> ExplanationVectors:
    if not isinstance(model, ExplanationVectors):
        name = "no model" if model is None else model.name
        raise UsageError(
            f"{name} has no vectors over features: it lacks explanation_vectors",
            remedy="Name a row whose model has them, such as nar, car or cnr",
        )
    return model
