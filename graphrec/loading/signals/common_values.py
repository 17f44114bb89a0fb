"""Values that nearly all items have: they tell no item from another, and explain nothing."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from graphrec.loading.interactions import encoded
from graphrec.loading.matching import unique_texts
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


def without_common(
    owners: pa.DictionaryArray,
    values: pa.Array,
    ids: pa.ChunkedArray | pa.Array,
    limit: float,
    report: LoaderReport,
    *,
    owner: str,
    words: tuple[str, str],
) -> tuple[pa.DictionaryArray, pa.Array]:
    """Return owners and values without the values that more than a share of all owners have.

    Args:
        owners: ids, one per row.
        values: texts, one per row.
        ids: of all owners, those without a value too; repeats allowed.
        limit: the share, above 0 and at most 1.
        report: receives which values were left out.
        owner: ``item`` or ``user``.
        words: for one value and for several.
    """
    common = common_values(owners, values, limit, len(unique_texts(ids)), owner)
    is_common = pc.is_in(values, value_set=common.values)
    common.remark(report, words, limit, counted(pc.sum(is_common).as_py() or 0, "edge"))
    return owners.filter(pc.invert(is_common)), values.filter(pc.invert(is_common))
