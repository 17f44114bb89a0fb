"""How much of a weight of collective EASE comes from shared attributes and entities: an exact part, in closed form.

The weights B_·i of an item i are a ridge regression on the other items: (G_{−i})⁻¹ times a right-hand side that is a
sum over the stacked rows, those of users and those of the values that i carries. The solution is linear in it, so that
the row of the value a, stacked with the weight α, puts into the weight of item j, with t_a the items that carry a,

    α T_ia [(G_{−i})⁻¹ t_a]_j = α T_ia (H_ja + B_ji H_ia),    H = P T,

by the inverse of a bordered matrix. The part of B_ji through a kind of attribute is the sum over the values of that
kind that i and j share. What is left comes from the users' rows, and from values of i that j lacks. H is needed where
an item carries a value, and nowhere else, so that nothing is stored beyond the links.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from graphrec.arrays.bounded_blocks import row_blocks
from graphrec.dataset.incidence import Incidence

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    import numpy.typing as npt

NUMBERS_AT_ONCE = 4_000_000
"""Numbers of H held at once, while those of the links are picked."""


@dataclass(frozen=True, eq=False)
class SharedValues:
    """What items carry, with what it puts into the weights between them.

    Attributes:
        links: items × values, float32 α H where an item carries a value.
    """

    links: Incidence

    @classmethod
    def of(cls, precision: npt.NDArray[Any], carried: Sequence[tuple[float, Incidence]]) -> SharedValues:
        """Return the shared values of a fit.

        Args:
            precision: P, [items, items].
            carried: the weight α and items × values of each kind of rows that are stacked; columns one after another.
        """
        links = Incidence.beside(
            [
                Incidence(links.indptr, links.indices, links.n_columns, np.full(links.n_entries, weight, np.float32))
                for weight, links in carried
            ]
        )
        every, values = links.pattern.csr(np.float64), np.empty(links.n_entries)
        for rows in row_blocks(len(precision), max(links.n_columns, 1), NUMBERS_AT_ONCE):
            entries = slice(links.indptr[rows.start], links.indptr[rows.stop])
            block = np.asarray((every.T @ precision[rows].T).T)
            values[entries] = block[links.row_of_entry[entries] - rows.start, links.indices[entries]]
        weighted = (values * links.weights).astype(np.float32)
        return cls(Incidence(links.indptr, links.indices, links.n_columns, weighted))

    def arrays(self) -> dict[str, npt.NDArray[Any]]:
        """Return what is saved, by name."""
        columns = np.array([self.links.n_columns], dtype=np.int64)
        return {
            "shared_indptr": self.links.indptr,
            "shared_indices": self.links.indices,
            "shared_values": self.links.weights,
            "shared_columns": columns,
        }

    @classmethod
    def restored(cls, arrays: Mapping[str, npt.NDArray[Any]]) -> SharedValues | None:
        """Return what ``arrays`` gave; None for a fit without stacked rows, or of a version that kept none of this."""
        if "shared_values" not in arrays:
            return None
        indptr, indices, values, columns = (
            arrays[f"shared_{name}"] for name in ("indptr", "indices", "values", "columns")
        )
        return cls(Incidence(indptr, indices, int(columns[0]), values))

    def parts(
        self,
        taken: Incidence,
        between: npt.NDArray[np.float32],
        items: npt.NDArray[np.int64],
        group: npt.NDArray[np.int64],
    ) -> npt.NDArray[np.float32]:
        """Return what shared values put into the weights of taken items.

        Args:
            taken: B × items, at most n each.
            between: B_ji, float32 [items, items].
            items: int64 [B, k], the items explained.
            group: int64 [values], the part that each value counts in, from 0.

        Returns:
            float32 [B, k, n, groups], the i-th taken item of a user in place i; 0 in padding, and for the item itself.
        """
        users, k = items.shape
        width, groups = int(taken.counts.max(initial=0)), int(group.max(initial=-1)) + 1
        mine, theirs = self.links.rows(taken.indices), self.links.rows(items.reshape(-1))
        entry, place = mine.row_of_entry, theirs.row_of_entry
        keys = (place // k) * self.links.n_columns + theirs.indices
        order = np.argsort(keys, kind="stable")
        wanted = taken.row_of_entry[entry] * self.links.n_columns + mine.indices
        first = np.searchsorted(keys[order], wanted, side="left")
        count = np.searchsorted(keys[order], wanted, side="right") - first
        left = np.repeat(np.arange(len(wanted)), count)
        right = order[np.arange(len(left)) - np.repeat(np.cumsum(count) - count - first, count)]
        entry, place = entry[left], place[right]
        one, other = taken.indices[entry], items.reshape(-1)[place]
        part = mine.weights[left] + between[one, other] * theirs.weights[right]
        slot = entry - taken.indptr[taken.row_of_entry[entry]]
        target = (place * width + slot) * groups + group[mine.indices[left]]
        sums = np.bincount(target, weights=np.where(one == other, 0.0, part), minlength=users * k * width * groups)
        shaped: npt.NDArray[np.float32] = sums.reshape(users, k, width, groups).astype(np.float32)
        return shaped
