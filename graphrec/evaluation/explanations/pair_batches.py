"""The pairs of user and item that every method is measured on, cut into batches of users with similar histories."""

from __future__ import annotations

from dataclasses import dataclass, fields, replace
from typing import TYPE_CHECKING, Any, TypeVar

import numpy as np

from graphrec.arrays.bounded_blocks import padded_blocks

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    import numpy.typing as npt
    import torch

    from graphrec.dataset.profiles import Profiles
    from graphrec.explaining.evidence import Slots
    from graphrec.models.model import Model

NUMBERS_AT_ONCE = 500_000
"""Inputs of subsets, and scores of the catalogue, that a batch may hold: larger ones are slower, not faster."""

Result = TypeVar("Result", bound=Any)


@dataclass(frozen=True, eq=False)
class PairBatch:
    """B users with k items each.

    Attributes:
        rows: int64 [B], which of all users these are.
        profiles: of these users.
        slots: their inputs, as the model's ``inputs`` returns them, n at most.
        items: int64 [B, k]; −1 where a user has fewer.
    """

    rows: npt.NDArray[np.int64]
    profiles: Profiles
    slots: Slots
    items: torch.Tensor

    @property
    def valid_items(self) -> torch.Tensor:
        """The items with 0 where there is none: numbers that can be looked up."""
        return self.items.clamp(min=0)


def batches(model: Model, profiles: Profiles, items: torch.Tensor, *, subsets: int) -> Iterator[PairBatch]:
    """Yield all users, those with most inputs first, so that little of a batch is padding.

    Args:
        model: fitted.
        profiles: of all users.
        items: int64 [users, k]; −1 where a user has fewer.
        subsets: how many subsets of a pair's inputs are held at once.
    """
    inputs = model.count_inputs(profiles)
    order = np.argsort(inputs, kind="stable")
    catalogue = profiles.items.n_columns
    for part in padded_blocks(items.shape[1] * np.maximum(subsets * inputs[order], catalogue), NUMBERS_AT_ONCE):
        rows = order[part]
        some = profiles.rows(rows)
        yield PairBatch(rows, some, model.inputs(some), items[rows])


def joined(parts: Sequence[Result], rows: Sequence[npt.NDArray[np.int64]]) -> Result:
    """Return the results of batches as one, in the order of all users.

    Args:
        parts: of one type; every array of theirs has a row for each user of its batch.
        rows: which users each batch had.
    """
    back = np.argsort(np.concatenate(rows))
    arrays = {
        field.name: np.concatenate([getattr(part, field.name) for part in parts])[back]
        for field in fields(parts[0])
        if isinstance(getattr(parts[0], field.name), np.ndarray)
    }
    return replace(parts[0], **arrays)
