"""The values of one kind of attribute, such as genres: the main one of an item, and their shares in what users took."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from graphrec.dataset.main_values import main_values
from graphrec.errors import UsageError
from graphrec.sampling.values_of_kind import values_by_kind

if TYPE_CHECKING:
    import numpy.typing as npt

    from graphrec.dataset.dataset import Dataset
    from graphrec.dataset.incidence import Incidence

MOST_VALUES = 1000
"""Of a kind that is to describe clusters; one with more is no labelling."""


@dataclass(frozen=True, eq=False)
class ItemValues:
    """The values of one kind that items carry.

    Attributes:
        kind: of the attribute.
        names: of the V values.
        carried: items × values.
    """

    kind: str
    names: tuple[str, ...]
    carried: Incidence

    @classmethod
    def of(cls, dataset: Dataset, kind: str) -> ItemValues:
        """Return the values of a kind.

        Raises:
            UsageError: no item attribute is of this kind, or it has more than ``MOST_VALUES`` values.
        """
        (values,) = values_by_kind(dataset, [kind], 1.0)
        if len(values.attributes) > MOST_VALUES:
            raise UsageError(
                f"the kind {kind!r} has {len(values.attributes):,} values, too many to describe clusters by",
                remedy=f"Name a kind with {MOST_VALUES:,} at most, such as genre",
            )
        names = dataset.attributes.take(values.attributes).columns["name"].to_pylist()
        return cls(kind, tuple(names), values.carried)

    @property
    def main(self) -> npt.NDArray[np.int64]:
        """The main value of each item, as ``graphrec.dataset.main_values`` has it, int64 [items]; −1 for none."""
        return main_values(self.carried)

    def profiles(self, taken: Incidence) -> npt.NDArray[np.float64]:
        """Return the share of each value among the items of B users, float64 [B, V]; rows sum to 1.

        An item with several values counts for each of them in equal parts, one without any for none. NaN for a user
        without a value.

        Args:
            taken: B × items.
        """
        counts = self.carried.counts
        parts: Any = self.carried.csr(np.float64)
        parts.data = (1.0 / np.maximum(counts, 1))[self.carried.row_of_entry]
        sums: npt.NDArray[np.float64] = (taken.pattern.csr(np.float64) @ parts).toarray()
        total = sums.sum(axis=1, keepdims=True)
        shares: npt.NDArray[np.float64] = np.divide(sums, total, out=np.full_like(sums, np.nan), where=total > 0)
        return shares
