"""Columns of Python objects in which texts stand beside numbers, as where a few prices are ``n/a``."""

from __future__ import annotations

import decimal
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from graphrec.loading.missing import is_missing
from graphrec.loading.sound_text import sound_strings
from graphrec.wording import counted

if TYPE_CHECKING:
    from collections.abc import Sequence

    import numpy.typing as npt

    from graphrec.loading.frame_columns import Place, Values

_NUMBERS = (int, float, decimal.Decimal, np.integer, np.floating)
_TRUTHS = (bool, np.bool_)


def settle_mixed(values: Values, place: Place, missing: Sequence[str]) -> tuple[Values, str]:
    """Return a column, and a remark where it becomes text since some of its values are texts and others numbers.

    Args:
        values: a column that is to become a property.
        place: where it comes from.
        missing: texts that mean that nothing is known; beside numbers they are nothing, so that the rest stay numbers.
    """
    if not isinstance(values, np.ndarray):
        return values, ""
    known = ~np.asarray(pd.isna(values), dtype=bool)
    is_number = known & _of_types(values, _NUMBERS) & ~_of_types(values, _TRUTHS)
    is_text = known & _of_types(values, (str,))
    if not is_number.any() or not is_text.any():
        return values, ""
    rows = np.flatnonzero(is_text)
    if missing:
        is_nothing = np.asarray(is_missing(sound_strings(values[rows])[0], missing), dtype=bool)
        values = values.copy()
        values[rows[is_nothing]] = None
        rows = rows[~is_nothing]
    if not len(rows):
        return values, ""
    example = sound_strings(values[rows[:1]])[0][0].as_py()
    return values, (
        f"{place.row(int(rows[0]))}: the column {place.column!r} became text, since it holds "
        f"{counted(len(rows), 'text')} (here {example!r:.60}) beside {counted(int(is_number.sum()), 'number')}. "
        f"Convert it first, or say missing=[{example!r:.60}] if that means that nothing is known"
    )


def _of_types(values: npt.NDArray[np.object_], types: tuple[type, ...]) -> npt.NDArray[np.bool_]:
    """Return a mask of the values that are of one of some types."""
    return np.fromiter((isinstance(value, types) for value in values), dtype=bool, count=len(values))
