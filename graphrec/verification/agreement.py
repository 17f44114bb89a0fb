"""Do stored effects, scores and sums agree with what the model says now?"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from graphrec.evaluation.explanations.bands import json_value

if TYPE_CHECKING:
    import numpy.typing as npt

    _Floats = npt.NDArray[np.float64]

UNCHANGED = 1e-6
"""Effects of scores up to 1 that differ by no more are the same: models compute in single precision."""


def unchanged(scores: _Floats) -> float:
    """Return by how much effects may differ and be the same: a millionth of the largest score, or of 1 if it is less.

    Args:
        scores: [pairs], whose effects are compared.
    """
    return UNCHANGED * max(1.0, float(np.abs(scores).max(initial=0.0)))


def effect_agreement(
    stored: _Floats, measured: _Floats, weights: _Floats, held: _Floats | None = None, *, within: float = UNCHANGED
) -> dict[str, Any]:
    """Compare stored effects of nodes with measured ones.

    Args:
        stored: [nodes]; NaN where none is stored.
        measured: [nodes]; NaN where it cannot be measured.
        weights: [nodes], the net weights.
        held: [nodes], measured with denominators and lengths held: decides on contradictions where it is a number; None
            for a model that does not normalise.
        within: by how much those that are the same may differ.

    Returns:
        ``nodes``; ``measured``, how many could be; ``compared``, those of them with a stored effect; among these
        ``same``, the greatest and mean absolute ``difference``, ``correlation`` (Pearson's)
        and ``same_sign``, a share; ``claims`` to support (weight above 0) and how many measurement ``contradicted``.
        Null where there is nothing to compare, or where one side does not vary.
    """
    able = ~np.isnan(measured)
    both = able & ~np.isnan(stored)
    one, two = stored[both], measured[both]
    apart = np.abs(one - two)
    varies = len(one) > 1 and one.std() > 0 and two.std() > 0
    supporting = able & (weights > 0)
    added = measured if held is None else np.where(np.isnan(held), measured, held)
    return {
        "nodes": len(stored),
        "measured": int(able.sum()),
        "compared": len(one),
        "same": int((apart <= within).sum()),
        "max_difference": float(apart.max()) if len(one) else None,
        "mean_difference": float(apart.mean()) if len(one) else None,
        "correlation": json_value(np.corrcoef(one, two)[0, 1]) if varies else None,
        "same_sign": float((np.sign(one) == np.sign(two)).mean()) if len(one) else None,
        "claims": int(supporting.sum()),
        "contradicted": int((supporting & (added <= 0)).sum()),
    }


def changed(stored: _Floats, measured: _Floats, within: float = UNCHANGED) -> npt.NDArray[np.bool_]:
    """Return which effects have to be written: those that were measured, and are not stored so."""
    return ~np.isnan(measured) & ~(np.abs(stored - measured) <= within)


def sum_agreement(scores: _Floats, stored: _Floats, sums: _Floats) -> dict[str, Any]:
    """Return how far the model's scores are from the stored ones, and from stored weights and rest.

    Args:
        scores: [pairs], of the model now.
        stored: [pairs], as stored.
        sums: [pairs], the sum of stored weights and rest; NaN where there is none.
    """
    return {"score": _distance(scores - stored), "additivity": _distance(scores - sums)}


def _distance(apart: _Floats) -> dict[str, Any]:
    distances = np.abs(apart[~np.isnan(apart)])
    return {
        "pairs": len(distances),
        "max": float(distances.max()) if len(distances) else None,
        "mean": float(distances.mean()) if len(distances) else None,
    }
