"""Undirected edges: stored once, from the smaller id to the larger."""

from __future__ import annotations

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from graphrec.loading.interactions import encoded


def undirected(
    one: pa.ChunkedArray | pa.Array, other: pa.ChunkedArray | pa.Array, **properties: pa.ChunkedArray | pa.Array
) -> pa.Table:
    """Return edges that run from the smaller id to the larger, each pair once (the first row counts), without loops.

    Args:
        one: ids of one end.
        other: ids of the other end, same length.
        properties: further columns, same length.
    """
    texts = [encoded(side).cast(pa.string()) for side in (one, other)]
    swap = pc.greater(*texts)
    source, target = pc.if_else(swap, texts[1], texts[0]), pc.if_else(swap, texts[0], texts[1])
    table = pa.table({"from": source, "to": target, **properties}).filter(pc.not_equal(source, target))
    ends = [encoded(table.column(side)) for side in ("from", "to")]
    codes = np.asarray(ends[0].indices).astype(np.int64) * max(len(ends[1].dictionary), 1) + np.asarray(ends[1].indices)
    first = np.sort(np.unique(codes, return_index=True)[1])
    return table.take(pa.array(first)).combine_chunks()
