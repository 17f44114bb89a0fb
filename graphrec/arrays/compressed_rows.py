"""A check of compressed rows that come from a file: what follows from them reads no memory that is not theirs."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import numpy.typing as npt


def require_rows(
    starts: npt.NDArray[Any], entries: npt.NDArray[Any], n_columns: int, n_rows: int | None = None
) -> None:
    """Raise ValueError unless arrays are the rows of a sparse matrix.

    Args:
        starts: int [rows + 1], where the entries of each row begin.
        entries: int [entries], columns.
        n_columns: number of columns.
        n_rows: number of rows, if it is known.
    """
    if starts.ndim != 1 or entries.ndim != 1 or len(starts) == 0 or starts[0] != 0 or starts[-1] != len(entries):
        raise ValueError("the rows do not begin and end where their entries do")
    if (starts[1:] < starts[:-1]).any() or (n_rows is not None and len(starts) != n_rows + 1):
        raise ValueError("the rows overlap, or are not as many as they have to be")
    if len(entries) and (entries.min() < 0 or entries.max() >= n_columns):
        raise ValueError(f"an entry stands in none of the {n_columns} columns")
