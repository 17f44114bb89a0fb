"""User and Item nodes: those that a file describes, and those that only interactions mention."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from graphrec.loading.interactions import encoded
from graphrec.loading.matching import remark_on_matches
from graphrec.loading.repeated import each_described_once
from graphrec.tables.conform import shortened
from graphrec.tables.stated import Stated, is_nameless, with_stated

if TYPE_CHECKING:
    from collections.abc import Mapping

    from graphrec.loading.contract import LoaderReport


def node_table(
    ids: pa.ChunkedArray | pa.Array,
    names: pa.ChunkedArray | pa.Array | None,
    mentioned: pa.ChunkedArray | pa.Array | None,
    report: LoaderReport,
    *,
    label: str,
    prefix: str = "",
    properties: Mapping[str, pa.ChunkedArray | pa.Array] | None = None,
) -> pa.Table:
    """Return nodes for all described ids, and for mentioned ones that nothing describes.

    Where some are without a description or a name, the column ``graphrec.tables.stated.STATED`` says which: in a store
    they keep what earlier loads said of them.

    Args:
        ids: ids with a description; of a repeated id each column's first value stands, and the report says so.
        names: what a person reads, one per id; empty or absent ones become ``prefix`` and the id.
        mentioned: ids from interactions, repeats allowed.
        report: receives remarks on repeats, on mentioned ids without a description, and on descriptions of which none
            or few are of mentioned ids.
        label: for the report.
        prefix: in front of an id where there is no name, such as ``"user "``.
        properties: further columns, one value per described id.
    """
    nodes = pa.table(
        {"id": _texts(ids), "name": _texts(names) if names is not None else pa.nulls(len(ids), pa.string())}
    )
    for name, values in (properties or {}).items():
        nodes = nodes.append_column(name, values)
    nodes = each_described_once(nodes, report, label=label)
    n_described = nodes.num_rows
    if mentioned is not None:
        seen = encoded(mentioned)
        used = seen.dictionary.take(pc.unique(seen.indices))
        remark_on_matches(report, f"described {label} ids", nodes.column("id"), used, "the interactions")
        strange = used.filter(pc.invert(pc.is_in(used, value_set=nodes.column("id"))))
        if len(strange):
            if nodes.num_rows:
                example = shortened(strange[0].as_py())
                report.remarks.append(
                    f"{len(strange)} {label} ids that interact have no description, such as {example}"
                )
            nodes = pa.concat_tables([nodes, pa.table({"id": strange})], promote_options="default")
    nameless = is_nameless(nodes.column("name"))
    fallback = pc.binary_join_element_wise(prefix, nodes.column("id"), "")
    nodes = nodes.set_column(1, "name", pc.if_else(pa.array(nameless), fallback, nodes.column("name")))
    numbers = np.where(nameless, Stated.UNNAMED, Stated.DESCRIBED).astype(np.int8)
    numbers[n_described:] = Stated.MENTION
    return with_stated(nodes, numbers).combine_chunks()


def _texts(values: pa.ChunkedArray | pa.Array) -> pa.Array:
    column = values.combine_chunks() if isinstance(values, pa.ChunkedArray) else values
    return column.dictionary_decode() if isinstance(column, pa.DictionaryArray) else column.cast(pa.string())
