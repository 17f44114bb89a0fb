"""Averaged weights: an exponential moving average of the steps' weights is used for validation and for the result.

After step n the average keeps the share min(decay, n / (n + 10)) of itself and takes up the rest from the weights, so
that it forgets the first steps quickly. (Polyak and Juditsky 1992 average all steps; the moving form is usual.)
"""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING

import torch

if TYPE_CHECKING:
    from collections.abc import Iterator

    from torch import nn

_WARMING = 10


class Averaging:
    """The moving average of a module's parameters.

    Args:
        module: whose parameters.
        decay: share that the average keeps of itself at each step; 0 keeps no average at all.
        average: name to tensor, to go on from; empty to start at the parameters.
        steps: taken so far.

    Attributes:
        average: name to tensor; empty without an average.
        steps: taken so far.
    """

    def __init__(self, module: nn.Module, decay: float, average: dict[str, torch.Tensor], steps: int) -> None:
        self._parameters = dict(module.named_parameters()) if decay else {}
        self._decay = decay
        start = average or self._parameters
        self.average = {
            name: start[name].detach().to(parameter.device, copy=True) for name, parameter in self._parameters.items()
        }
        self.steps = steps

    def step(self) -> None:
        """Update the average after a step of the optimiser."""
        self.steps += 1
        if self.average:
            kept = min(self._decay, self.steps / (self.steps + _WARMING))
            weights = [self._parameters[name].detach() for name in self.average]
            torch._foreach_lerp_(list(self.average.values()), weights, 1 - kept)

    @contextmanager
    def in_place(self) -> Iterator[None]:
        """Give the module its averaged weights for a while."""
        raw_weights = {name: parameter.detach().clone() for name, parameter in self._parameters.items()}
        self._give(self.average)
        try:
            yield
        finally:
            self._give(raw_weights)

    @torch.no_grad()
    def _give(self, weights: dict[str, torch.Tensor]) -> None:
        for name, parameter in self._parameters.items():
            parameter.copy_(weights[name])
