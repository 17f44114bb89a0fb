"""Links between items and entities of a knowledge graph: which entity is which item, and an account of them."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from graphrec.loading.interactions import encoded
from graphrec.loading.matching import remark_on_matches, unique_texts
from graphrec.wording import counted, enumerated, readable, share

if TYPE_CHECKING:
    from graphrec.loading.contract import LoaderReport

_EXAMPLES = 3


def linked_items(
    links: pa.Table, ends: pa.Array, report: LoaderReport, *, items: pa.Array | None = None, place: str = "links"
) -> pa.Table:
    """Return which entity stands for which item, string columns ``entity`` and ``item``, each pair once.

    One entity may be several items, whose triples each of them has then; one item may be several entities, and has
    the triples of them all. A link to an item that is not there is left out, and its entity stays an entity.

    Args:
        links: columns ``item`` and ``entity``, repeats allowed.
        ends: the different heads and tails of the triples.
        report: receives remarks on repeats, on items that are several entities and the reverse, on items that are not
            there, and on entities that no triple has; each with its number and examples.
        items: ids of the items that are there; None where that is not known, as in an overlay.
        place: what the links are called in remarks.
    """
    pairs = pa.table({name: links.column(name).cast(pa.string()) for name in ("item", "entity")})
    different = pairs.group_by(["item", "entity"], use_threads=False).aggregate([]).combine_chunks()
    n_repeats = pairs.num_rows - different.num_rows
    if n_repeats:
        report.remarks.append(f"{place}: {counted(n_repeats, 'repeated link')} left out")
    if items is not None:
        different = _of_items(different, items, report, place)
    _remark_on_several(different, "entity", "item", ("entity is", "entities are"), "items", report, place)
    _remark_on_several(different, "item", "entity", ("item is", "items are"), "entities", report, place)
    linked = unique_texts(different.column("entity"))
    unused = linked.filter(pc.invert(pc.is_in(linked, value_set=ends)))
    if 0 < len(unused) < len(linked):  # where all are unused, the account of the triples says more
        verb = "is" if len(unused) == 1 else "are"
        report.remarks.append(
            f"{place}: {share(len(unused), len(linked))} linked entities {verb} in no triple, such as {_few(unused)}"
        )
    return different.select(["entity", "item"])


def _of_items(pairs: pa.Table, items: pa.Array, report: LoaderReport, place: str) -> pa.Table:
    """Leave out links to items that are not there."""
    is_there = pc.is_in(pairs.column("item"), value_set=items)
    strange = unique_texts(pairs.filter(pc.invert(is_there)).column("item"))
    n_linked = len(unique_texts(pairs.column("item")))
    if len(strange) == n_linked:
        remark_on_matches(report, f"{place}: items", strange, items, "the data set")
    elif len(strange):
        verb = "is" if len(strange) == 1 else "are"
        report.remarks.append(
            f"{place}: {share(len(strange), n_linked)} linked items {verb} not in the data set, such as {_few(strange)}"
            "; their entities stay entities"
        )
    return pairs.filter(is_there)


def _remark_on_several(
    pairs: pa.Table, one: str, other: str, words: tuple[str, str], others: str, report: LoaderReport, place: str
) -> None:
    """Add a remark on ids in the column ``one`` that stand in several pairs, with examples."""
    codes = encoded(pairs.column(one))
    several = np.flatnonzero(np.bincount(np.asarray(codes.indices), minlength=len(codes.dictionary)) > 1)
    if not len(several):
        return
    first = codes.dictionary.take(pa.array(several[:_EXAMPLES]))
    examples = [
        f"{readable(key)} ({_few(pairs.column(other).filter(pc.equal(pairs.column(one), key)))})"
        for key in first.to_pylist()
    ]
    report.remarks.append(
        f"{place}: {len(several):,} {words[len(several) > 1]} several {others}, such as {enumerated(examples)}"
    )


def _few(ids: pa.Array | pa.ChunkedArray) -> str:
    shown = [readable(text) for text in ids[:_EXAMPLES].to_pylist()]
    return enumerated(shown) if len(ids) <= _EXAMPLES else f"{', '.join(shown)}, …"
