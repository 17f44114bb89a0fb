"""The closed form of EASE: item–item weights by the inverse of a Gram matrix."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, cast

import numpy as np
from scipy import linalg

from graphrec.arrays.bounded_blocks import row_blocks
from graphrec.errors import ModelError

if TYPE_CHECKING:
    import numpy.typing as npt

MAX_ITEMS = 20_000
"""Catalogue size above which the dense inverse (8 bytes × items²) is refused."""
NUMBERS_AT_ONCE = 500_000
"""Numbers of the inverse that are mirrored at once: 4 MB stay near the processor."""


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


def gram_of(matrix: Any) -> npt.NDArray[Any]:
    """Return XᵀX of a SciPy matrix X, dense, of the type of X, in C order."""
    return cast("npt.NDArray[Any]", (matrix.T.tocsr() @ matrix).toarray())


@dataclass(frozen=True, eq=False)
class Precision:
    """P = (G + λI)⁻¹ as far as it is worked out: of the items that G says anything of.

    An item that nobody took, and that carries nothing, has a row of zeros in G. Of it P is 1/λ on the diagonal and 0
    elsewhere, and it weighs nothing.

    Attributes:
        known: int64 [known], the other items, ascending.
        values: [known, known], float64 or float32.
        reg: λ.
        n_items: all of them.
    """

    known: npt.NDArray[np.int64]
    values: npt.NDArray[Any]
    reg: float
    n_items: int

    def weights(self) -> npt.NDArray[np.float32]:
        """Return B = I − P · diag(1 / diag P), float32 [items, items], whose diagonal is 0.

        Source: Steck, "Embarrassingly Shallow Autoencoders for Sparse Data", WWW 2019, equation 8.
        """
        weights = np.empty(self.values.shape, dtype=np.float32)
        np.divide(self.values, -np.diag(self.values), out=weights, casting="same_kind")
        np.fill_diagonal(weights, 0.0)
        return self._among_all(weights)

    def whole(self) -> npt.NDArray[Any]:
        """Return P of all items, [items, items]."""
        precision = self._among_all(self.values)
        unknown = np.setdiff1d(np.arange(self.n_items), self.known)
        precision[unknown, unknown] = 1 / self.reg
        return precision

    def _among_all(self, matrix: npt.NDArray[Any]) -> npt.NDArray[Any]:
        """Return a matrix of the known items among zeros."""
        if len(self.known) == self.n_items:
            return matrix
        among = np.zeros((self.n_items, self.n_items), dtype=matrix.dtype)
        among[np.ix_(self.known, self.known)] = matrix
        return among


def precision_of(gram: npt.NDArray[Any], reg: float, setting: str = "reg") -> Precision:
    """Return P = (G + λI)⁻¹.

    Args:
        gram: G, float64 or float32 [items, items], symmetric, in C order; overwritten.
        reg: λ.
        setting: name of the setting that λ comes from, for messages.

    Raises:
        ModelError: G + λI is not positive definite to machine precision.
    """
    n_items, known = len(gram), np.flatnonzero(np.diag(gram) > 0)
    part = gram if len(known) == n_items else gram[np.ix_(known, known)]
    part[np.diag_indices(len(part))] += reg
    return Precision(known, _inverse(part, setting), reg, n_items)


def _inverse(gram: npt.NDArray[Any], setting: str) -> npt.NDArray[Any]:
    """Return the inverse of a symmetric positive definite matrix, at half the work of a general one."""
    factorise, invert = linalg.lapack.get_lapack_funcs(("potrf", "potri"), (gram,))
    factor, failed = factorise(gram.T, lower=True, overwrite_a=True)  # the transpose is in the order of Fortran
    inverse, singular = invert(factor, lower=True, overwrite_c=True)
    if failed or singular:
        raise ModelError("the Gram matrix is not positive definite", remedy=f"Raise {setting}")
    whole: npt.NDArray[Any] = inverse.T  # its upper triangle is what was worked out
    for rows in row_blocks(len(whole), len(whole), NUMBERS_AT_ONCE):
        whole[rows, : rows.start] = whole[: rows.start, rows].T
        square = whole[rows, rows]
        below = np.tril_indices(len(square), -1)
        square[below] = square.T[below]
    return whole
