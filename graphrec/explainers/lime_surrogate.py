"""One surrogate of LIME: a linear model fitted around one recommendation, by the ``lime`` package itself."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from graphrec.errors import MissingExtraError

if TYPE_CHECKING:
    import numpy.typing as npt


class SurrogateFits:
    """Fits of ``lime.lime_base.LimeBase`` on presence vectors, one for each item of one user.

    Args:
        kernel_width: of lime's exponential kernel, √exp(−d² / width²).
        alpha: L2 penalty of the ridge regression that lime fits.
        selection: lime's ``feature_selection``, ``none`` or ``highest_weights``.
        features: how many inputs ``highest_weights`` keeps.
        seed: of lime's random state.

    Raises:
        MissingExtraError: the package is absent.
    """

    def __init__(self, kernel_width: float, alpha: float, selection: str, features: int, seed: int) -> None:
        try:
            from lime.lime_base import LimeBase
            from sklearn.linear_model import Ridge
        except ImportError as error:
            raise MissingExtraError("lime", extra="lime", purpose="the explainer lime") from error
        self._width = kernel_width
        self._base: Any = LimeBase(self.proximity, random_state=seed % 2**32)
        self._ridge: Any = lambda: Ridge(alpha=alpha)
        self._selection, self._features = selection, features

    def proximity(self, distances: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
        """Return the weights of perturbations at these distances."""
        return np.sqrt(np.exp(-(distances**2) / self._width**2))

    def fit(
        self, presence: npt.NDArray[np.float64], scores: npt.NDArray[np.float64], label: int
    ) -> tuple[npt.NDArray[np.float64], float]:
        """Fit one item's surrogate.

        Args:
            presence: [samples, n] of 0 and 1; the first row has all inputs, all 1.
            scores: [samples, k].
            label: which of the k items.

        Returns:
            Coefficients [n] and the intercept.
        """
        intercept, terms, _, _ = self._base.explain_instance_with_data(
            presence,
            scores,
            distances(presence),
            label,
            self._features,
            feature_selection=self._selection,
            model_regressor=self._ridge(),
        )
        weights = np.zeros(presence.shape[1])
        for feature, weight in terms:
            weights[feature] = weight
        return weights, float(intercept)


def distances(presence: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
    """Return cosine distances to the whole, as lime measures texts with words left out: 1 − √(kept / n)."""
    distance: npt.NDArray[np.float64] = 1.0 - np.sqrt(presence.mean(axis=1))
    return distance


def explained_variance(
    predicted: npt.NDArray[np.float64], expected: npt.NDArray[np.float64], weights: npt.NDArray[np.float64]
) -> npt.NDArray[np.float64]:
    """Return the weighted R² of predictions; 1 for a constant that is predicted exactly.

    Args:
        predicted: predictions, [samples, k].
        expected: the true values, [samples, k].
        weights: [samples].

    Returns:
        [k]; at most 1, negative where the mean would have been better.
    """
    total = weights.sum()
    mean = (weights[:, None] * expected).sum(axis=0) / total
    residual = (weights[:, None] * (expected - predicted) ** 2).sum(axis=0)
    spread = (weights[:, None] * (expected - mean) ** 2).sum(axis=0)
    flat = spread <= 1e-12 * total
    return np.where(
        flat, np.where(residual <= 1e-12 * total, 1.0, -np.inf), 1.0 - residual / np.where(flat, 1.0, spread)
    )
