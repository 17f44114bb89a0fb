"""A batch of training examples: full sets of users, what each example misses of them, and its label."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from graphrec.arrays.sorted_keys import among

if TYPE_CHECKING:
    from collections.abc import Iterator

    import numpy.typing as npt

    from graphrec.dataset.incidence import Incidence
    from graphrec.models.reconet.features import FeatureSets
    from graphrec.models.sampled_softmax import SampledItems


@dataclass(frozen=True, eq=False)
class ExampleBatch:
    """Examples of some users, as full sets and the features removed from them.

    Attributes:
        features: int64, features of the users' full sets, one user after the other; where there are cold examples,
            followed by the own attributes of the same users.
        starts: int64 [sets], where each set begins in ``features``.
        removed: int64, features that are missing, one example after the other.
        removed_starts: int64 [examples], where each example begins in ``removed``.
        user: int64 [examples], the set that the example starts from.
        sizes: float32 [examples], number of features that remain, at least 1.
        labels: int64 [examples], items.
        masked: examples × items, those that the softmax leaves out; None for none.
        sampled: items of the softmax, all labels and others that were drawn; None for the catalogue.
    """

    features: npt.NDArray[np.int64]
    starts: npt.NDArray[np.int64]
    removed: npt.NDArray[np.int64]
    removed_starts: npt.NDArray[np.int64]
    user: npt.NDArray[np.int64]
    sizes: npt.NDArray[np.float32]
    labels: npt.NDArray[np.int64]
    masked: Incidence | None = None
    sampled: SampledItems | None = None

    def __len__(self) -> int:
        return len(self.labels)


class ExampleAssembler:
    """Maker of batches out of examples, each a row of a user, its label, and what is removed from the user's full set.

    Args:
        cold: share of examples that are given the user's own attributes as only input.
        mask_inputs: the softmax leaves out the items that are input.
    """

    def __init__(self, *, cold: float, mask_inputs: bool) -> None:
        self._cold, self._mask_inputs = cold, mask_inputs

    def batch(
        self,
        sets: FeatureSets,
        row: npt.NDArray[np.int64],
        labels: npt.NDArray[np.int64],
        removed: tuple[npt.NDArray[np.int64], npt.NDArray[np.int64]],
        rng: np.random.Generator,
    ) -> ExampleBatch:
        """Return the examples that have an input.

        Args:
            sets: full sets of the batch's users.
            row: int64 [examples], row of each example's user in ``sets``.
            labels: int64 [examples], items.
            removed: (example, feature) of what is missing, two int64 arrays in any order.
            rng: of the choice of cold examples.
        """
        cold = rng.random(len(row)) < self._cold if self._cold else np.zeros(len(row), dtype=np.bool_)
        example, feature = (part[~cold[removed[0]]] for part in removed)
        n_users = len(sets.sizes)
        own = sets.user_attributes if cold.any() else sets.user_attributes.rows(np.empty(0, dtype=np.int64))
        sizes = np.concatenate([sets.sizes, own.counts])
        of_row = np.where(cold, row + n_users, row)
        lost = np.bincount(example, minlength=len(row))
        remaining = sizes[of_row] - lost
        keep = remaining > 0
        order = np.argsort(example, kind="stable")
        order = order[keep[example[order]]]
        lost = lost[keep]
        masked = None
        if self._mask_inputs:
            masked = _remaining_items(sets, np.where(cold, -1, row), example, feature).rows(np.flatnonzero(keep))
        return ExampleBatch(
            features=np.concatenate([sets.joined()[0], own.indices.astype(np.int64) + sets.items.n_columns]),
            starts=np.cumsum(sizes) - sizes,
            removed=feature[order],
            removed_starts=np.cumsum(lost) - lost,
            user=of_row[keep],
            sizes=remaining[keep].astype(np.float32),
            labels=labels[keep],
            masked=masked,
        )


def _remaining_items(
    sets: FeatureSets, row: npt.NDArray[np.int64], example: npt.NDArray[np.int64], feature: npt.NDArray[np.int64]
) -> Incidence:
    """Return the items that are input, examples × items, of a user's row (−1 for none) without removed features."""
    items = sets.items.rows(row)
    is_item = feature < items.n_columns
    gone = np.sort(items.keys_of(example[is_item], feature[is_item]))
    return items.where(~among(gone, items.keys()))


def user_chunks(
    per_user: npt.NDArray[np.int64], batch_size: int, rng: np.random.Generator
) -> Iterator[npt.NDArray[np.int64]]:
    """Yield the users that give examples, in random order, with about ``batch_size`` examples a chunk.

    Args:
        per_user: int64 [users], examples of each.
        batch_size: in examples.
        rng: of the order.
    """
    users = rng.permutation(np.flatnonzero(per_user))
    full = (np.cumsum(per_user[users]) - 1) // batch_size
    yield from np.split(users, np.flatnonzero(np.diff(full)) + 1)


def shuffled(part: Incidence, rng: np.random.Generator) -> npt.NDArray[np.int64]:
    """Return the entries of each row in random order, row after row."""
    # in float32 a random number is at most 1 − 2⁻²⁴, so that no row number is rounded up to the next
    return np.argsort(part.row_of_entry + rng.random(part.n_entries, dtype=np.float32).astype(np.float64))
