"""Ages as bands: single years are too rare to be reasons."""

from __future__ import annotations

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

AGE_BANDS = ("under 18", "18-24", "25-34", "35-44", "45-49", "50-55", "56+")
"""The bands of MovieLens 1M, which other data take too, so that their people can be compared."""

_STARTS = np.array([18, 25, 35, 45, 50, 56])


def age_bands(years: pa.ChunkedArray | pa.Array) -> pa.Array:
    """Return the band of each age, null where there is none.

    Args:
        years: whole years.
    """
    column = years.combine_chunks() if isinstance(years, pa.ChunkedArray) else years
    numbers = np.asarray(pc.fill_null(column, 0))
    band = np.searchsorted(_STARTS, numbers, side="right")
    return pc.if_else(column.is_valid(), pa.array(AGE_BANDS).take(pa.array(band)), None)
