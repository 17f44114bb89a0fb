"""The closed form of EASE: item–item weights by the inverse of a Gram matrix."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, cast

import numpy as np
from scipy import linalg

from graphrec.errors import ModelError

if TYPE_CHECKING:
    import numpy.typing as npt

MAX_ITEMS = 20_000
"""Catalogue size above which the dense inverse (8 bytes × items²) is refused."""


def require_invertible(n_items: int, instead: str) -> None:
    """Raise ModelError for a catalogue that is too large for a dense inverse.

    Args:
        n_items: size of the catalogue.
        instead: what to do where it is too large, for the remedy.
    """
    if n_items > MAX_ITEMS:
        raise ModelError(
            f"EASE inverts a dense matrix of items × items, and {n_items:,} items are too many for it",
            remedy=f"It takes at most {MAX_ITEMS:,}; {instead}, or load fewer items",
        )


def gram_of(matrix: Any) -> npt.NDArray[np.float64]:
    """Return XᵀX of a SciPy matrix X, dense."""
    return cast("npt.NDArray[np.float64]", (matrix.T @ matrix).toarray())


def precision_and_weights(
    gram: npt.NDArray[np.float64], reg: float, setting: str = "reg"
) -> tuple[npt.NDArray[np.float64], npt.NDArray[np.float32]]:
    """Return P = (G + λI)⁻¹ and B = I − P · diag(1 / diag P), whose diagonal is 0.

    Source: Steck, "Embarrassingly Shallow Autoencoders for Sparse Data", WWW 2019, equation 8.

    Args:
        gram: G, float64 [items, items], overwritten.
        reg: λ.
        setting: name of the setting that λ comes from, for messages.

    Raises:
        ModelError: G + λI is not positive definite to machine precision.
    """
    gram[np.diag_indices(len(gram))] += reg
    precision = _inverse(gram, setting)
    weights = precision / -np.diag(precision)
    np.fill_diagonal(weights, 0.0)
    return precision, weights.astype(np.float32)


def _inverse(gram: npt.NDArray[np.float64], setting: str) -> npt.NDArray[np.float64]:
    """Return the inverse of a symmetric positive definite matrix, at half the work of a general one."""
    factor, failed = linalg.lapack.dpotrf(gram, lower=True, overwrite_a=True)
    inverse, singular = linalg.lapack.dpotri(factor, lower=True, overwrite_c=True)
    if failed or singular:
        raise ModelError("the Gram matrix is not positive definite", remedy=f"Raise {setting}")
    lower: npt.NDArray[np.float64] = np.tril(inverse)
    lower += np.tril(inverse, -1).T
    return lower
