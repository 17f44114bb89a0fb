"""The scores of cases from the vectors of their fields: what every model of fields implements."""

from __future__ import annotations

from abc import ABC, abstractmethod
from typing import TYPE_CHECKING, Any, NamedTuple

import torch
from torch import nn

if TYPE_CHECKING:
    from graphrec.models.fields.field_vectors import FieldVectors

Parts = dict[str, torch.Tensor]
"""The contributions of n users, or of n items, that do not depend on the other side, each [n, …]."""


class FieldCounts(NamedTuple):
    """Numbers of fields, the ids included."""

    user: int
    item: int


class FieldArithmetic(nn.Module, ABC):
    """Scores from fields, in two steps: each side alone, once for each node, and the sides together, for each case.

    Args:
        counts: numbers of fields.
        config: of the model.

    Attributes:
        bias: w_0, which ``together`` adds to every score.
        numbers: how many numbers ``together`` holds for each case, about.
    """

    numbers: int

    def __init__(self, counts: FieldCounts, config: Any) -> None:  # noqa: ARG002 - for those who inherit
        super().__init__()
        self.bias = nn.Parameter(torch.zeros(()))

    @abstractmethod
    def alone(self, side: str, fields: FieldVectors) -> Parts:
        """Return the parts of n nodes.

        Args:
            side: ``user`` or ``item``.
            fields: of the nodes.
        """

    @abstractmethod
    def together(self, users: Parts, items: Parts) -> torch.Tensor:
        """Return the scores of cases, [B, k].

        Args:
            users: of B users, each [B, …].
            items: k for each user, each [B, k, …]; or the same k for all, each [1, k, …].
        """

    def own_penalty(self) -> torch.Tensor | float:
        """Return what is added to the mean loss for parameters that are no feature's."""
        return 0.0


def rows_of(parts: Parts, rows: torch.Tensor | slice) -> Parts:
    """Return the parts of some nodes, by int64 of any shape or a slice."""
    return {name: part[rows] for name, part in parts.items()}
