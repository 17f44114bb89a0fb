"""Explanation tables as pandas frames, with a name beside every id."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    import numpy.typing as npt

    from graphrec.dataset.ids import IdMap
    from graphrec.tables.explanations import Explanations


class Frames(NamedTuple):
    """Recommendations and reasons as frames; ``recommendations, reasons = result.to_pandas()``.

    Attributes:
        recommendations: one row for each recommended item: user, item, name, score, rank, rest, n_reasons,
            counterfactual.
        reasons: one row for each reason: user, item, rank, label, evidence, name, weight, share, net, effect,
            held_effect and the other properties of ``EXPLAINS``, with ``anchor_name`` beside ``anchor``.
    """

    recommendations: pd.DataFrame
    reasons: pd.DataFrame


_PAIR = ["user", "item"]
_FIRST = ("user", "item", "rank", "label", "evidence", "name", "weight", "share", "net", "effect", "held_effect")


def frames_of(
    tables: Explanations,
    nodes: Mapping[str, IdMap],
    pairs: tuple[Sequence[str], Sequence[str]] | None = None,
) -> Frames:
    """Return the frames of explanation tables.

    Args:
        tables: recommendations with their reasons.
        nodes: ids and names by node label; an id that is not among them is its own name.
        pairs: users and items in the order of the rows; None to sort by user, in the order of the data, and rank.
    """
    reasons = tables.reasons
    factors = tables.factors
    names = {label: pa.table({"id": ids.ids, "name": ids.columns["name"]}) for label, ids in nodes.items()}
    if factors.num_rows:
        names["Factor"] = pa.table({"id": factors["id"], "name": factors["name"]})
    label = _plain(reasons["label"])
    evidence = _plain(reasons["evidence"])
    named = evidence
    for each in pc.unique(label).to_pylist():
        if each in names:
            named = pc.if_else(pc.equal(label, each), _names(evidence, names[each]), named)
    columns = {name: _plain(reasons[name]) for name in reasons.column_names}
    columns["name"] = named
    columns["anchor_name"] = _names(columns["anchor"], names["Item"])
    order = [*_FIRST, *(name for name in columns if name not in _FIRST)]
    recommended = tables.recommendations
    rows = pa.table({name: _plain(recommended[name]) for name in recommended.column_names}).to_pandas()
    if pairs is None:
        place = nodes["User"].positions(rows["user"].tolist())
        first = np.where(place < 0, len(nodes["User"]), place)  # users whom the data does not have come last
    else:
        first = _places(rows, pd.DataFrame(dict(zip(_PAIR, pairs, strict=True))))
    return _sorted(rows, pa.table({name: columns[name] for name in order}).to_pandas(), first)


def _sorted(recommendations: pd.DataFrame, reasons: pd.DataFrame, first: npt.NDArray[np.int64]) -> Frames:
    """Sort recommendations by ``first`` and rank; reasons as their recommendations, the strongest first."""
    best_first = recommendations.iloc[np.lexsort((recommendations["rank"], first))].reset_index(drop=True)
    rank = reasons["rank"].to_numpy()
    strongest_first = np.lexsort((np.abs(rank), rank < 0, _places(reasons, best_first)))
    return Frames(best_first, reasons.iloc[strongest_first].reset_index(drop=True))


def _places(rows: pd.DataFrame, pairs: pd.DataFrame) -> npt.NDArray[np.int64]:
    """Return for each row the place of its user and item among the pairs."""
    numbered = pairs[_PAIR].assign(place=np.arange(len(pairs))).drop_duplicates(_PAIR)
    return rows[_PAIR].merge(numbered, on=_PAIR, how="left")["place"].to_numpy()


def without_ranks(tables: Explanations) -> Explanations:
    """Return the tables of explained pairs with rank 0: whoever explains a pair has not ranked its item."""
    rows = tables.recommendations
    none = pa.array(np.zeros(rows.num_rows, dtype=np.int64))
    place = rows.schema.get_field_index("rank")
    return replace(tables, recommendations=rows.set_column(place, rows.schema.field("rank"), none))


def _names(ids: pa.Array, known: pa.Table) -> pa.Array:
    """Return the name of each id; the id itself where it has none."""
    places = pc.index_in(ids, value_set=known["id"].combine_chunks())
    return pc.coalesce(known["name"].combine_chunks().take(places), ids)


def _plain(column: pa.ChunkedArray) -> pa.Array:
    whole = column.combine_chunks()
    if isinstance(whole, pa.ChunkedArray):
        whole = whole.chunk(0) if whole.num_chunks == 1 else pa.concat_arrays(whole.chunks)
    return whole.dictionary_decode() if isinstance(whole, pa.DictionaryArray) else whole
