"""Values that nearly all items have: they tell no item from another, and explain nothing."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pyarrow as pa

from graphrec.loading.interactions import encoded
from graphrec.wording import counted, enumerated, readable

if TYPE_CHECKING:
    import numpy.typing as npt

    from graphrec.loading.contract import LoaderReport

_NAMED = 10
"""So many values are named in an account."""


@dataclass(frozen=True, eq=False)
class CommonValues:
    """The values that too many items have, the most common first.

    Attributes:
        values: texts.
        counts: int64, how many items have each of them.
        owners: how many items there are.
        owner: what they are, ``item`` or ``user``.
    """

    values: pa.Array
    counts: npt.NDArray[np.int64]
    owners: int
    owner: str

    def remark(self, report: LoaderReport, words: tuple[str, str], limit: float, cost: str) -> None:
        """Add a remark that names the values that are left out; nothing if there are none.

        Args:
            report: receives the remark.
            words: for one of them and for several, such as ``("entity", "entities")``.
            limit: the share of the items above which a value is common.
            cost: what goes with them, such as ``123 triples``.
        """
        if not len(self.values):
            return
        named = [
            f"{readable(value)} ({counted(int(count), self.owner)})"
            for value, count in zip(self.values[:_NAMED].to_pylist(), self.counts, strict=False)
        ]
        n_more = len(self.values) - len(named)
        is_one = len(self.values) == 1
        report.remarks.append(
            f"{len(self.values):,} {words[not is_one]} left out with {cost}, since more than {100 * limit:g} % of "
            f"{counted(self.owners, self.owner)} have {'it' if is_one else 'them'}: "
            f"{enumerated([*named, *([f'{n_more:,} more'] if n_more else [])])}"
        )


def common_values(
    owners: pa.ChunkedArray | pa.Array, values: pa.ChunkedArray | pa.Array, limit: float, n_owners: int, owner: str
) -> CommonValues:
    """Return the values that more than a share of the items have; an item that has one repeatedly counts once.

    Args:
        owners: ids of items or users, one per row.
        values: texts, one per row.
        limit: the share, above 0 and at most 1.
        n_owners: the number of items that the share is of.
        owner: ``item`` or ``user``.
    """
    codes, of = encoded(values), encoded(owners)
    n_values = max(len(codes.dictionary), 1)
    pairs = np.unique(np.asarray(of.indices).astype(np.int64) * n_values + np.asarray(codes.indices))
    counts = np.bincount(pairs % n_values, minlength=len(codes.dictionary))
    common = np.flatnonzero(counts / max(n_owners, 1) > limit)
    common = common[np.argsort(-counts[common], kind="stable")]
    return CommonValues(codes.dictionary.take(pa.array(common)), counts[common], n_owners, owner)
