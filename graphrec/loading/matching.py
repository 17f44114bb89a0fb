"""Remarks on ids that match nothing or little of what they should."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pyarrow as pa
import pyarrow.compute as pc

from graphrec.tables.conform import shortened
from graphrec.wording import share

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

    from graphrec.loading.contract import LoaderReport

FEW = 0.1
"""Matches are few where less than this share of either side has a partner."""


def remark_on_matches(
    report: LoaderReport, what: str, ids: pa.Array | pa.ChunkedArray, known: pa.Array | pa.ChunkedArray, place: str
) -> None:
    """Add a remark where none or few of the ids are among those that are known; otherwise nothing.

    Args:
        report: receives the remark.
        what: whose ids, such as ``artists.dat``.
        ids: strings or dictionary-encoded, repeats allowed.
        known: likewise.
        place: where the known ones are, such as ``the interactions``.
    """
    here, there = unique_texts(ids), unique_texts(known)
    if not len(here) or not len(there):
        return
    n_found = pc.sum(pc.is_in(here, value_set=there)).as_py() or 0
    if not n_found:
        report.remarks.append(
            f"{what}: none of {len(here):,} is in {place}; here ids are such as {shortened(here[0].as_py())}, "
            f"there such as {shortened(there[0].as_py())}"
        )
    elif n_found < FEW * min(len(here), len(there)):
        report.remarks.append(
            f"{what}: only {share(n_found, len(here))} {'is' if n_found == 1 else 'are'} in {place}, "
            f"which has {len(there):,}"
        )


def remark_on_triples(
    report: LoaderReport,
    touches: npt.NDArray[np.bool_],
    ends: pa.Array | pa.ChunkedArray,
    items: pa.Array | pa.ChunkedArray,
    touched: int,
) -> None:
    """Add a remark where no triple, or only few, has an item at one of its ends.

    Args:
        report: receives the remark.
        touches: mask of the triples with an item.
        ends: ids of heads and tails, as in the file.
        items: the ids by which items are known there.
        touched: number of different items at an end.
    """
    n_items, n_touching = len(unique_texts(items)), int(touches.sum())
    if not len(touches):
        return
    if not n_items:
        report.remarks.append("no triple touches an item, since the ids of no items are known here")
    elif not n_touching:
        report.remarks.append(
            f"no triple touches an item: none of {len(touches):,} has an item's id as head or tail; they have ids such "
            f"as {shortened(ends[0].as_py())}, items such as {shortened(items[0].as_py())}"
        )
    elif n_touching < FEW * len(touches) and touched < FEW * n_items:
        report.remarks.append(
            f"only {share(n_touching, len(touches))} triples touch an item, and {share(touched, n_items)} items are "
            "touched"
        )


def unique_texts(ids: pa.Array | pa.ChunkedArray) -> pa.Array:
    """Return the different ids as strings, without null."""
    unique = pc.unique(ids).drop_null()
    return unique.cast(pa.string()) if not pa.types.is_string(unique.type) else unique
