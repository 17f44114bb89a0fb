"""From the profile of features of a user, or an item, to one vector."""

from __future__ import annotations

from abc import ABC, abstractmethod
from typing import TYPE_CHECKING

import torch
from torch import nn
from typing_extensions import override

if TYPE_CHECKING:
    from graphrec.models.reviews.bags import Bags


class Side(nn.Module, ABC):
    """The vector x that a profile f becomes.

    Attributes:
        features: a vector of each feature, [features, d].
    """

    features: nn.Parameter

    @abstractmethod
    def of_bags(self, own: torch.Tensor, profiles: Bags) -> torch.Tensor:
        """Return x of n nodes, [n, d].

        Args:
            own: e, the vectors of the nodes themselves, [n, d].
            profiles: f of the nodes.
        """

    @abstractmethod
    def of_numbers(self, own: torch.Tensor, numbers: torch.Tensor) -> torch.Tensor:
        """Return the same of profiles as numbers of all features, float32 [n, features]; differentiable by both."""


class MappedSide(Side):
    """x = E f (5).

    Args:
        features: E, transposed, [features, d].
    """

    def __init__(self, features: nn.Parameter) -> None:
        super().__init__()
        self.features = features

    @override
    def of_bags(self, own: torch.Tensor, profiles: Bags) -> torch.Tensor:
        return profiles.mapped(self.features)

    @override
    def of_numbers(self, own: torch.Tensor, numbers: torch.Tensor) -> torch.Tensor:
        return numbers @ self.features


class AttendedSide(Side):
    """x = Σ_k α_k w_k f^k (3), with α = softmax_k(e M w_k) over all features, mentioned or not (2).

    Args:
        features: w, [features, d]; both sides have the same.
        mapping: M, [d, d].
    """

    def __init__(self, features: nn.Parameter, mapping: nn.Parameter) -> None:
        super().__init__()
        self.features = features
        self.mapping = mapping

    def attention(self, own: torch.Tensor) -> torch.Tensor:
        """Return α, [n, features]."""
        return ((own @ self.mapping) @ self.features.T).softmax(dim=1)

    @override
    def of_bags(self, own: torch.Tensor, profiles: Bags) -> torch.Tensor:
        return profiles.attended(self.attention(own), self.features)

    @override
    def of_numbers(self, own: torch.Tensor, numbers: torch.Tensor) -> torch.Tensor:
        return (self.attention(own) * numbers) @ self.features
