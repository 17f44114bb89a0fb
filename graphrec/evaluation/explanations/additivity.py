"""Do the weights sum to the score?"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from graphrec.evaluation.explanations.bands import json_value, mean_without_nan

if TYPE_CHECKING:
    import numpy.typing as npt
    import torch

    from graphrec.evaluation.explanations.scores_before import ScoresBefore


@dataclass(frozen=True, eq=False)
class Additivity:
    """The residual that weights leave unexplained, score − constant − Σ weights, of B × k pairs.

    The constant is what an item scores whatever the inputs, such as its popularity; most models have none.

    Source: Fusco et al., "RecoNet", IJCAI 2019, section 4.3, where relevance is conserved. It judges only weights that
    claim to sum to the score (``weight_unit`` ``score``); of others it says how far they are from that.

    Attributes:
        residual: float64 [B, k]; NaN where not measured.
        scale: float64 [B, k], the standard deviation of the user's scores over the catalogue.
    """

    residual: npt.NDArray[np.float64]
    scale: npt.NDArray[np.float64]

    def to_dict(self) -> dict[str, Any]:
        """Return the greatest and mean absolute residual, in the score's unit and relative to the scale, for JSON."""
        residuals = np.abs(self.residual), np.abs(self.residual) / self.scale
        names = ("", "relative_")
        return {
            "pairs": int((~np.isnan(self.residual)).sum()),
            **{
                f"{name}max": json_value(np.fmax.reduce(of, axis=None))
                for name, of in zip(names, residuals, strict=True)
            },
            **{
                f"{name}mean": json_value(mean_without_nan(of.reshape(-1), axis=0))
                for name, of in zip(names, residuals, strict=True)
            },
        }


def additivity(weights: torch.Tensor, before: ScoresBefore, constants: torch.Tensor | None = None) -> Additivity:
    """Measure a batch.

    Args:
        weights: [B, k, n], of all evidence; 0 in padding.
        before: the scores of the same pairs.
        constants: [B, k], of the same items; None for 0.
    """
    explained = weights.double().sum(dim=2)
    if constants is not None:
        explained = explained + constants.double()
    return Additivity(before.scores - explained.numpy(), before.scale)
