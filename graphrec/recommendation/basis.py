"""What a user's list was computed from beside the fit, as one short text: whether it would be computed anew.

A model sees of a user a row of ``Profiles``, and of items what all users share. Both are hashed row by row, and a
user's hashes are summed modulo 2⁶⁴, so that order does not matter. What an unknown item or attribute says is not in it,
since no model sees it. It detects change, not malice, and is compared within one fit.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
import pyarrow as pa

from graphrec.tables.explanations import RECOMMENDATIONS
from graphrec.tables.fingerprint import Fingerprint, row_hashes
from graphrec.tables.ids import positions_in

if TYPE_CHECKING:
    from collections.abc import Iterator

    import numpy.typing as npt

    from graphrec.dataset.dataset import Dataset
    from graphrec.dataset.ids import IdMap
    from graphrec.dataset.incidence import Incidence
    from graphrec.tables.explanations import Explanations


def bases_of(aligned: Dataset) -> pa.DictionaryArray:
    """Return the basis of every user, 16 hexadecimal digits each, dictionary-encoded [users].

    Args:
        aligned: the data that is recommended from, in the numbering of a fit.
    """
    shared = _of_items(aligned)
    totals = np.full(len(aligned.users), int(shared, 16), dtype=np.uint64)
    for part, target, links in _of_users(aligned):
        totals += _sums_of_rows(part, aligned.nodes[target], links)
    return pa.array(_hexadecimal(totals)).dictionary_encode()


def with_basis(tables: Explanations, users: IdMap, bases: pa.DictionaryArray) -> Explanations:
    """Return a batch whose recommendations say what they were computed from.

    Args:
        tables: the batch.
        users: of the data.
        bases: of these users, as ``bases_of``.
    """
    recommended = tables.recommendations
    at = positions_in(recommended["user"].combine_chunks(), users.ids)
    said = bases.take(pa.array(at))
    place = recommended.column_names.index("basis")
    column = recommended.set_column(place, RECOMMENDATIONS.field(place), said)
    return replace(tables, recommendations=column)


def _of_users(aligned: Dataset) -> Iterator[tuple[str, str, Incidence]]:
    """Yield name, label of the targets and entries of all that is known of users."""
    yield "taken", "Item", aligned.taken
    yield "positive", "Item", aligned.positives
    yield "disliked", "Item", aligned.negatives
    for name, links in (("", aligned.all_links), ("count of ", aligned.mention_counts)):
        yield from ((f"{name}{kind}", kind.target, each) for kind, each in links.items() if kind.source == "User")


def _of_items(aligned: Dataset) -> str:
    """Return the fingerprint of what all users share: links of items and facts."""
    fingerprint = Fingerprint()
    items = aligned.items
    for name, links in (("", aligned.all_links), ("count of ", aligned.mention_counts)):
        for kind, each in links.items():
            if kind.source == "Item":
                entries = _entries("to", aligned.nodes[kind.target], each)
                source = items.dictionary(each.row_of_entry)
                fingerprint.add(f"{name}{kind}", entries.append_column("from", source))
    facts = aligned.knowledge
    nodes = pa.concat_arrays([items.ids, aligned.entities.ids])
    columns = {"from": (facts.head, nodes), "to": (facts.tail, nodes), "by": (facts.relation, facts.relations)}
    # an item and an entity may have one id
    is_entity = {f"{name} entity": columns[name][0] >= facts.n_items for name in ("from", "to")}
    fingerprint.add(
        "facts",
        pa.table(
            {
                **{name: _coded(codes, values) for name, (codes, values) in columns.items()},
                **{name: pa.array(mask.astype(np.int64)) for name, mask in is_entity.items()},
            }
        ),
    )
    return fingerprint.text()


def _sums_of_rows(part: str, targets: IdMap, links: Incidence) -> npt.NDArray[np.uint64]:
    """Return the sum of the hashes of every row's entries modulo 2⁶⁴."""
    running = np.zeros(links.n_entries + 1, dtype=np.uint64)
    np.cumsum(row_hashes(_entries(part, targets, links)), out=running[1:])
    sums: npt.NDArray[np.uint64] = running[links.indptr[1:]] - running[links.indptr[:-1]]
    return sums


def _entries(name: str, targets: IdMap, links: Incidence) -> pa.Table:
    columns = {name: targets.dictionary(links.indices)}
    return pa.table(columns if links.values is None else {**columns, "value": pa.array(links.values, pa.float64())})


def _coded(codes: npt.NDArray[np.int32], values: pa.Array | tuple[str, ...]) -> pa.DictionaryArray:
    return pa.DictionaryArray.from_arrays(pa.array(codes), pa.array(values, pa.string()))


def _hexadecimal(numbers: npt.NDArray[np.uint64]) -> npt.NDArray[np.str_]:
    digits = np.frombuffer(numbers.astype(">u8").tobytes().hex().encode(), dtype="S16")
    return digits.astype("U16")
