"""The protocol of a model whose inputs have an amount: how much a user cares for a feature."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

from typing_extensions import TypeIs

from graphrec.explaining.explainable import Explainable

if TYPE_CHECKING:
    import torch

    from graphrec.dataset.profiles import Profiles


class FeatureModel(Explainable, Protocol):
    """An explainable model of numbers f_u^k: how much user u cares for feature k, mentioned or not.

    Shapes: B users of a batch, R users with changed numbers, F features, k items for each.
    """

    @property
    def linear_in_features(self) -> bool:
        """Whether every score is linear in f_u, so that changes of several features add up."""

    @property
    def feature_range(self) -> tuple[float, float]:
        """The number of a feature that is not mentioned, and the largest that a feature can have."""

    def feature_values(self, profiles: Profiles) -> torch.Tensor:
        """Return f_u of B users, float32 [B, F]."""

    def score_features(
        self,
        known: torch.Tensor,
        features: torch.Tensor,
        items: torch.Tensor | None = None,
        own: torch.Tensor | None = None,
    ) -> torch.Tensor:
        """Score R users by any numbers of their features, differentiable with respect to them.

        Args:
            known: int64 [R], row in the training data; −1 for a newcomer.
            features: float32 [R, F].
            items: int64 [R, k]; None for the whole catalogue.
            own: float32 [R], what the user's own vector is multiplied with; None for 1.

        Returns:
            float32 [R, items], or [R, k].
        """


def has_amounts(model: Explainable) -> TypeIs[FeatureModel]:
    """Return whether a model, fitted or not, scores any numbers of features."""
    return hasattr(type(model), "score_features")
