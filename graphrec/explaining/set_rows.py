"""The columns of ``EXPLAINS`` that say which set a reason belongs to, and what was measured of the set."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pyarrow as pa

if TYPE_CHECKING:
    import numpy.typing as npt
    import torch

    from graphrec.dataset.ids import IdMap
    from graphrec.explaining.reason_sets import SlotSets


def set_columns(
    sets: SlotSets | None,
    items: IdMap,
    row: npt.NDArray[np.int64],
    place: npt.NDArray[np.int64],
    slot: npt.NDArray[np.int64],
) -> dict[str, pa.Array]:
    """Return the columns of the set that each of m reasons belongs to; null for a reason that stands alone.

    Args:
        sets: of B × k recommendations; None where each reason stands alone.
        items: ids of the items that may overtake.
        row: int64 [m], the user.
        place: int64 [m], the recommendation among the user's.
        slot: int64 [m], the slot of the evidence.
    """
    rows = len(row)
    texts = pa.nulls(rows, pa.dictionary(pa.int32(), pa.string()))
    columns = {
        "set": pa.array(np.zeros(rows, dtype=np.int64)),
        "contrast": texts,
        "delta": pa.nulls(rows, pa.float64()),
        "amount": pa.nulls(rows, pa.float64()),
        "joint_effect": pa.nulls(rows, pa.float64()),
        "flips": pa.nulls(rows, pa.bool_()),
        "set_of": texts,
        "set_name": texts,
    }
    if sets is None:
        return columns
    columns["set"] = pa.array(sets.numbers[row, place, slot].numpy())
    columns["delta"] = measured_column(sets.deltas[row, place, slot])
    columns["joint_effect"] = measured_column(sets.joint_effect[row, place, slot])
    if sets.amounts is not None:
        columns["amount"] = measured_column(sets.amounts[row, slot])
    if sets.flips is not None:
        columns["flips"] = pa.array(sets.flips[row, place, slot].numpy())
    if sets.contrast is not None:
        columns["contrast"] = items.dictionary(sets.contrast[row, place, slot].numpy())
    if sets.groups is not None:
        group = sets.groups[row, slot]
        codes = pa.array(group, mask=group < 0)
        columns["set_of"] = pa.DictionaryArray.from_arrays(codes, sets.group_ids)
        columns["set_name"] = pa.DictionaryArray.from_arrays(codes, sets.group_names)
    return columns


def measured_column(values: torch.Tensor, is_stored: npt.NDArray[np.bool_] | None = None) -> pa.Array:
    """Return numbers as a column; null for NaN, and for what is not stored."""
    numbers = values.numpy().astype(np.float64)
    absent = np.isnan(numbers)
    return pa.array(numbers, mask=absent if is_stored is None else absent | ~is_stored)
