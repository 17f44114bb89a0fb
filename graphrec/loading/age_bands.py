"""Ages as bands: single years are too rare to be reasons."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from graphrec.wording import counted

if TYPE_CHECKING:
    from graphrec.loading.contract import LoaderReport

AGE_BANDS = ("under 18", "18-24", "25-34", "35-44", "45-49", "50-55", "56+")
"""The bands of MovieLens 1M, which other data take too, so that their people can be compared."""

YOUNGEST, OLDEST = 5, 100
"""Ages outside are no ages: people say that they are 0 or 244 years old."""

_STARTS = np.array([18, 25, 35, 45, 50, 56])


def plausible_ages(years: pa.ChunkedArray | pa.Array, file: str, report: LoaderReport) -> pa.ChunkedArray | pa.Array:
    """Return ages with null for those that are none; the report says how many.

    Args:
        years: whole years.
        file: name of the file, for the report.
        report: receives a remark.
    """
    is_age = pc.and_(pc.greater_equal(years, YOUNGEST), pc.less_equal(years, OLDEST))
    n_others = pc.sum(pc.invert(is_age)).as_py() or 0
    if n_others:
        report.remarks.append(f"{file}: {counted(n_others, 'age')} outside {YOUNGEST} to {OLDEST} are left out")
    return pc.if_else(is_age, years, None)


def age_bands(years: pa.ChunkedArray | pa.Array) -> pa.Array:
    """Return the band of each age, null where there is none.

    Args:
        years: whole years.
    """
    column = years.combine_chunks() if isinstance(years, pa.ChunkedArray) else years
    numbers = np.asarray(pc.fill_null(column, 0))
    band = np.searchsorted(_STARTS, numbers, side="right")
    return pc.if_else(column.is_valid(), pa.array(AGE_BANDS).take(pa.array(band)), None)
