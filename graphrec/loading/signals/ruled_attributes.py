"""Attributes of a column by its rule, with an account of what the rule made of the values."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from graphrec.loading.attributes import exploded
from graphrec.loading.columns import Column
from graphrec.loading.mapped.shared_column import typed_property
from graphrec.loading.signals.bins import edge_bins, equal_frequency_edges, width_bins
from graphrec.loading.signals.common_values import without_common
from graphrec.loading.signals.key_terms import key_terms
from graphrec.wording import counted, enumerated, share

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    import numpy.typing as npt

    from graphrec.loading.attributes import AttributeTables, Owner
    from graphrec.loading.contract import LoaderReport
    from graphrec.loading.signals.attribute_rule import AttributeRule

_SHOWN = 10
"""So many bins are named in an account."""


def add_by_rule(
    attributes: AttributeTables,
    owner: Owner,
    kind: str,
    ids: pa.ChunkedArray | pa.Array,
    values: pa.ChunkedArray | pa.Array,
    rule: AttributeRule,
    report: LoaderReport,
    *,
    every: pa.ChunkedArray | pa.Array,
    missing: Sequence[str] = (),
) -> None:
    """Add one kind of attribute. Only the values of this column decide what they become, never interactions.

    Args:
        attributes: receives them.
        owner: whose attributes they are.
        kind: of the attributes.
        ids: owner ids, one per row.
        values: one text per row, split already where the rule has a separator, or a list of texts.
        rule: how the values become attributes.
        report: receives the bins, the number of terms, what was no number, and which values were left out.
        every: ids of all owners that are described, of which ``most_items`` is a share; repeats allowed.
        missing: values that mean that nothing is known; they are left out.
    """
    owners, flat = exploded(ids, values, missing=missing)
    name: Callable[[str], str] = str
    if rule.bins_numbers:
        owners, flat, name = *_binned(owners, flat, owner, kind, rule, report), f"{kind} {{}}".format
    if rule.terms is not None:
        owners, flat = _terms(owners, flat, owner, kind, rule.terms, rule, report)
    elif rule.most_items is not None:
        words = (f"value of {kind}", f"values of {kind}")
        owners, flat = without_common(owners, flat, every, rule.most_items, report, owner=owner, words=words)
    attributes.add(owner, kind, owners, flat, name=name)


def _binned(
    owners: pa.DictionaryArray, texts: pa.Array, owner: str, kind: str, rule: AttributeRule, report: LoaderReport
) -> tuple[pa.DictionaryArray, pa.Array]:
    """Return the bins of numbers that are written as texts, one row per number."""
    read = typed_property(texts, Column(kind, "number"), report)
    owners, numbers = owners.filter(read.is_valid()), np.asarray(read.drop_null())
    if rule.width is not None:
        bins = width_bins(numbers, rule.width)
    else:
        edges = np.array(rule.edges) if rule.bins is None else equal_frequency_edges(_once(owners, numbers), rule.bins)
        if not len(edges):
            report.remarks.append(f"{kind}: no bins, since there are no two different numbers")
            return owners.slice(0, 0), pa.array([], pa.string())
        bins = edge_bins(numbers, edges)
    n_beyond = bins.null_count
    if n_beyond:
        report.remarks.append(f"{kind}: {counted(n_beyond, 'number')} too large for bins of {rule.width:g} left out")
        owners, bins = owners.filter(bins.is_valid()), bins.drop_null()
    _remark_on_bins(owners, bins, owner, kind, rule.bins or 0, report)
    return owners, bins.cast(pa.string())


def _once(owners: pa.DictionaryArray, numbers: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
    """Return every number once for each owner that has it."""
    different, places = np.unique(numbers, return_inverse=True)
    n = max(len(different), 1)
    pairs = np.unique(np.asarray(owners.indices).astype(np.int64) * n + places)
    once: npt.NDArray[np.float64] = different[pairs % n]
    return once


def _remark_on_bins(
    owners: pa.DictionaryArray, bins: pa.DictionaryArray, owner: str, kind: str, wanted: int, report: LoaderReport
) -> None:
    """Add a remark on the bins that hold anything, in their order, with how many owners each."""
    n = len(bins.dictionary)
    pairs = np.unique(np.asarray(owners.indices).astype(np.int64) * max(n, 1) + np.asarray(bins.indices))
    counts = np.bincount(pairs % max(n, 1), minlength=n)
    used = np.flatnonzero(counts)
    shown = [f"{bins.dictionary[place].as_py()} ({counted(int(counts[place]), owner)})" for place in used[:_SHOWN]]
    more = [f"{len(used) - _SHOWN:,} more"] if len(used) > _SHOWN else []
    fewer = f", fewer than {wanted} since numbers repeat" if n < wanted else ""
    report.remarks.append(f"{kind}: {counted(len(used), 'bin')}{fewer}: {enumerated([*shown, *more])}")


def _terms(
    owners: pa.DictionaryArray,
    texts: pa.Array,
    owner: str,
    kind: str,
    number: int,
    rule: AttributeRule,
    report: LoaderReport,
) -> tuple[pa.DictionaryArray, pa.Array]:
    """Return the key terms of texts, one row per owner and term."""
    least = 2 if rule.min_items is None else rule.min_items
    most = 0.5 if rule.most_items is None else rule.most_items
    chosen = key_terms(owners, texts, number, min_items=least, most_items=most)
    holders = share(len(pc.unique(chosen.owners.indices)), chosen.n_texts)
    report.remarks.append(
        f"{kind}: {counted(len(chosen.terms), 'key term')} of {holders} {owner}s with a text, out of "
        f"{counted(chosen.n_words, 'word')} that at least {least:,} and at most {100 * most:g} % of the texts have"
    )
    return chosen.owners, chosen.terms
