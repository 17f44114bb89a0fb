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

    Shapes: B users of a batch, M settings of their numbers, F features, k items for each user.
    """

    @property
    def linear_in_features(self) -> bool:
        """Whether every score is linear in f_u, so that changes of several features add up."""

    @property
    def feature_range(self) -> tuple[float, float]:
        """The number of a feature that is not mentioned, and the largest that a feature can have."""

    def feature_values(self, profiles: Profiles) -> torch.Tensor:
        """Return f_u of B users, float32 [B, F]."""

    def score_amounts(
        self, profiles: Profiles, amounts: torch.Tensor, items: torch.Tensor | None = None
    ) -> torch.Tensor:
        """Score B users by any numbers of their features, everything else about them as it is.

        Differentiable with respect to the numbers, which are not brought to any length.

        Args:
            profiles: of B users.
            amounts: float32 [B, M, F], in place of f_u.
            items: int64 [B, k]; None for the whole catalogue.

        Returns:
            float32 [B, M, items], or [B, M, k].
        """


def has_amounts(model: Explainable) -> TypeIs[FeatureModel]:
    """Return whether a model, fitted or not, scores any numbers of features."""
    return hasattr(type(model), "score_amounts")
