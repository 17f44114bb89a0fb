"""The claims of a stored run, read from the store: all of them in batches, or a seeded sample."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from graphrec.arrays.splitmix64 import hashed
from graphrec.schema.property_graph import FALLBACK
from graphrec.tables.ids import recommendation_ids

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    import numpy.typing as npt

    from graphrec.tables.explanations import Explanations


@dataclass(frozen=True, eq=False)
class Claims:
    """Whole lists of some users, and which of their recommendations are measured.

    Attributes:
        recommendations: as stored, text decoded, sorted by user and rank.
        reasons: of these recommendations, text decoded.
        measured: bool [recommendations].
    """

    recommendations: pa.Table
    reasons: pa.Table
    measured: npt.NDArray[np.bool_]


def read_claims(batches: Iterable[Explanations], sample: int, *, seed: int = 0) -> Iterator[Claims]:
    """Yield what a run claims: one batch with a sample, or without a sample every batch as it comes.

    A sample is spread over as many users as it can be: nobody has a second recommendation in it before everybody has
    one. Who and what is drawn depends on the seed and the ids alone, so that every store gives the same.

    Args:
        batches: of ``Store.read_run``; all recommendations of a user are in one.
        sample: how many recommendations are measured; 0 for all.
        seed: of the sample.
    """
    if sample:
        yield _sampled(batches, sample, seed)
        return
    for batch in batches:
        if batch.recommendations.num_rows:
            yield _claims(decoded(batch.recommendations), decoded(batch.reasons), None)


def _sampled(batches: Iterable[Explanations], sample: int, seed: int) -> Claims:
    kept: list[tuple[pa.Table, pa.Table]] = []
    for batch in batches:
        if not batch.recommendations.num_rows:
            continue
        drawn = _drawn(decoded(batch.recommendations), seed)
        recommendations = pa.concat_tables([*(part[0] for part in kept), drawn])
        reasons = pa.concat_tables([*(part[1] for part in kept), decoded(_of(batch.reasons, drawn["user"]))])
        users = pc.unique(_first(recommendations, sample)["user"])
        kept = [(_of(recommendations, users), _of(reasons, users))]
    recommendations, reasons = kept[0]
    first = _first(recommendations, sample)["key"]
    return _claims(recommendations, reasons, first)


def _drawn(recommendations: pa.Table, seed: int) -> pa.Table:
    """Return recommendations with a random ``key``, and ``turn``: its place among the user's own, by key."""
    ids = recommendation_ids("", *(recommendations[name].combine_chunks() for name in ("user", "item")))
    key = hashed(seed, pd.util.hash_array(np.asarray(ids.to_pylist(), dtype=object), categorize=False))
    user = np.asarray(recommendations["user"].combine_chunks().dictionary_encode().indices, dtype=np.int64)
    order = np.lexsort((key, user))
    begins = np.flatnonzero(np.append(True, user[order][1:] != user[order][:-1]))
    turn = np.empty(len(user), dtype=np.int64)
    turn[order] = np.arange(len(user)) - np.repeat(begins, np.diff(np.append(begins, len(user))))
    return recommendations.append_column("key", pa.array(key)).append_column("turn", pa.array(turn))


def _first(recommendations: pa.Table, sample: int) -> pa.Table:
    order = np.lexsort((recommendations["key"].to_numpy(), recommendations["turn"].to_numpy()))
    return recommendations.take(pa.array(order[:sample]))


def _of(rows: pa.Table, users: pa.Array | pa.ChunkedArray) -> pa.Table:
    user_ids = users.combine_chunks() if isinstance(users, pa.ChunkedArray) else users
    return rows.filter(pc.is_in(rows["user"].cast(pa.string()), value_set=user_ids))


def _claims(recommendations: pa.Table, reasons: pa.Table, keys: pa.ChunkedArray | None) -> Claims:
    ordered = recommendations.sort_by([("user", "ascending"), ("rank", "ascending")]).combine_chunks()
    if keys is None:
        return Claims(ordered, reasons, np.ones(len(ordered), dtype=np.bool_))
    measured = np.asarray(pc.is_in(ordered["key"], value_set=keys.combine_chunks()))
    return Claims(ordered.drop_columns(["key", "turn"]), reasons, measured)


def without_fallback(claims: Claims) -> Claims:
    """Return the claims with none of those measured that are not the model's, but the fallback's.

    Args:
        claims: of some users.
    """
    of_fallback = claims.reasons.filter(pc.equal(claims.reasons["method"], FALLBACK))
    if not of_fallback.num_rows:
        return claims
    is_fallback = np.asarray(pc.is_in(claims.recommendations["user"], value_set=pc.unique(of_fallback["user"])))
    return replace(claims, measured=claims.measured & ~is_fallback)


def decoded(table: pa.Table) -> pa.Table:
    """Return a table with its text columns decoded from dictionaries."""
    columns = [c.cast(pa.string()) if pa.types.is_dictionary(c.type) else c for c in table.columns]
    return pa.table(columns, names=table.column_names).combine_chunks()
