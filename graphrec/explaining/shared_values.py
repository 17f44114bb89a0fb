"""Whether taken items and recommended items carry a value in common, for each kind of attribute.

A reason that says “similar to a taken item, by this director” is true only where both have the same director. The
question is put for every taken item of every user with every recommended item, millions of times a second, and no
matrix of items × items exists. So each item has a signature of 64 bits for each kind, with one bit set for each of its
values: items whose signatures have no bit in common share nothing. Where a kind has at most 64 values, the signature
is the answer; of a larger one, the pairs that are left, few of all, are looked up value by value.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from graphrec.arrays.bounded_blocks import row_blocks, uneven_blocks
from graphrec.arrays.sorted_keys import among
from graphrec.dataset.incidence import Incidence

if TYPE_CHECKING:
    from collections.abc import Sequence

    import numpy.typing as npt

BITS = 64
"""Bits of a signature: a kind with so many values needs no look-up."""

NUMBERS_AT_ONCE = 2_000_000
"""Pairs that are compared at once, and values that are looked up at once."""


@dataclass(frozen=True, eq=False)
class ItemValues:
    """What items carry of each kind of attribute, ready to be compared.

    Attributes:
        kinds: names of kinds, ascending.
        signatures: uint64 [kinds, items], the bits of each item's values.
        values: for each kind, items × its values where they are more than the bits; None where the bits are enough.
    """

    kinds: tuple[str, ...]
    signatures: npt.NDArray[np.uint64]
    values: tuple[Incidence | None, ...]

    @classmethod
    def of(cls, carried: Incidence, kind_of_value: Sequence[str]) -> ItemValues:
        """Return what items carry, made ready.

        Args:
            carried: items × values of all kinds.
            kind_of_value: [values], the kind of each.
        """
        kinds, of_value = np.unique(np.asarray(kind_of_value, dtype=str), return_inverse=True)
        signatures = np.zeros((len(kinds), carried.n_rows), dtype=np.uint64)
        values: list[Incidence | None] = []
        kind_of_entry = of_value[carried.indices]
        for kind in range(len(kinds)):
            column = np.cumsum(of_value == kind) - 1  # of each value among those of its kind
            n_values, mine = int((of_value == kind).sum()), kind_of_entry == kind
            row, place = carried.row_of_entry[mine], column[carried.indices[mine]]
            np.bitwise_or.at(signatures[kind], row, np.uint64(1) << (place % BITS).astype(np.uint64))
            exact = n_values <= BITS
            values.append(None if exact else Incidence.from_pairs(row, place, (carried.n_rows, n_values)))
        return cls(tuple(kinds.tolist()), signatures, tuple(values))

    def shared(self, nodes: npt.NDArray[np.int32], items: npt.NDArray[np.int64]) -> npt.NDArray[np.bool_]:
        """Return whether items share a value of each kind.

        An item shares with itself every kind of which it has a value.

        Args:
            nodes: int32 [B, n], items of each user; −1 where there is none.
            items: int64 [B, k], the items that each is compared with; −1 where there is none.

        Returns:
            bool [B, k, n, kinds]; false where there is no item.
        """
        users, k = items.shape
        n = nodes.shape[1]
        answer = np.zeros((users, k, n, len(self.kinds)), dtype=np.bool_)
        for rows in row_blocks(users, k * n, NUMBERS_AT_ONCE):
            one, other = nodes[rows, None, :], items[rows, :, None]
            is_pair = (one >= 0) & (other >= 0)
            for kind, (signature, values) in enumerate(zip(self.signatures, self.values, strict=True)):
                near = (signature[one] & signature[other]) != 0
                near &= is_pair
                if values is not None:
                    pairs = np.flatnonzero(near)
                    user, place, slot = np.unravel_index(pairs, near.shape)
                    near.reshape(-1)[pairs] = _share(values, one[user, 0, slot], other[user, place, 0])
                answer[rows, :, :, kind] = near
        return answer


def _share(values: Incidence, one: npt.NDArray[np.int32], other: npt.NDArray[np.int64]) -> npt.NDArray[np.bool_]:
    """Return for each pair of items whether they have a value in common; the values of the poorer are looked up."""
    keys, counts = values.keys(), values.counts
    poorer = np.where(counts[one] <= counts[other], one, other)
    richer = np.where(counts[one] <= counts[other], other, one)
    found = np.zeros(len(one), dtype=np.bool_)
    for block in uneven_blocks(counts[poorer], NUMBERS_AT_ONCE):
        wanted = values.rows(poorer[block])
        pair = wanted.row_of_entry
        is_found = among(keys, values.keys_of(richer[block][pair], wanted.indices))
        found[block.start + pair[is_found]] = True
    return found
