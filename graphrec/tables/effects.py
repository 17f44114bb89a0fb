"""New measured effects, matched to the stored reasons that they belong to."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from graphrec.arrays.sorted_keys import positions_of
from graphrec.errors import InputError
from graphrec.tables.conform import shortened
from graphrec.tables.explanations import REASONS
from graphrec.tables.ids import recommendation_ids

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    import numpy.typing as npt

EFFECT_KEY = ("user", "item", "label", "evidence", "method", "via", "set")
"""Columns that identify a stored reason within a run."""

EFFECTS = pa.schema(
    [*(REASONS.field(name) for name in EFFECT_KEY), pa.field("effect", pa.float64(), nullable=False)],
)
"""One row per stored reason whose effect was measured."""

_EDGE_KEY = ("to", "from", "method", "via", "set")


class NewEffects:
    """New effects of one run, found by the key of the reason.

    Args:
        run: id of the run.
        batches: tables of ``EFFECTS``.

    Raises:
        InputError: an effect is no finite number, or a reason is named twice.
    """

    def __init__(self, run: str, batches: Iterable[pa.Table]) -> None:
        edge_tables = [_as_edges(run, batch) for batch in batches]
        whole = pa.concat_tables(edge_tables).combine_chunks() if edge_tables else _as_edges(run, EFFECTS.empty_table())
        self.effects = np.asarray(whole["effect"], dtype=np.float64)
        if not np.isfinite(self.effects).all():
            raise InputError(
                "an effect is no finite number", where=f"run {run}", remedy="Leave out what is not measured"
            )
        self.labels = np.asarray(whole["label"].to_pylist(), dtype=object)
        self._rows: dict[str, tuple[npt.NDArray[np.int64], RowFinder]] = {}
        for label in np.unique(self.labels.astype(str)):
            rows = np.flatnonzero(self.labels == label)
            label_edges = whole.take(pa.array(rows))
            self._rows[str(label)] = rows, RowFinder([label_edges[name] for name in _EDGE_KEY])
        self.is_matched = np.zeros(len(self.effects), dtype=np.bool_)
        self._whole = whole

    def __len__(self) -> int:
        return len(self.effects)

    def rows(self) -> pa.Table:
        """Return all effects: ``to``, ``from``, ``label``, ``method``, ``via``, ``set`` and ``effect``."""
        return self._whole

    def of_edges(self, label: str, edges: pa.Table) -> npt.NDArray[np.float64]:
        """Return the new effect of each ``EXPLAINS`` edge from nodes of a label, NaN where there is none.

        Matched effects are recorded for ``refuse_unknown``.
        """
        effects = np.full(edges.num_rows, np.nan)
        if label in self._rows:
            rows, finder = self._rows[label]
            at = finder.find([edges[name] for name in _EDGE_KEY])
            met = at >= 0
            effects[met] = self.effects[rows[at[met]]]
            self.is_matched[rows[at[met]]] = True
        return effects

    def refuse_unknown(self) -> None:
        """Raise InputError if an effect belongs to no reason of the run."""
        if self.is_matched.all():
            return
        row = self._whole.slice(int(np.argmin(self.is_matched)), 1).to_pylist()[0]
        raise unknown_reason(row["label"], row["from"], row["to"])


def unknown_reason(label: str, evidence: str, recommendation: str) -> InputError:
    """Return the error for an effect whose reason the run does not have."""
    return InputError(
        f"the run has no such reason: {label} {shortened(evidence)}",
        where=f"recommendation {shortened(recommendation)}",
        remedy="Read the run's reasons again, and measure those",
    )


def _as_edges(run: str, batch: pa.Table) -> pa.Table:
    """Return effects with the ids of their recommendations, all text plain."""
    plain = {
        name: batch[name].cast(pa.string() if name != "set" else pa.int64()).combine_chunks() for name in EFFECT_KEY
    }
    ids = recommendation_ids(run, _array(plain["user"]), _array(plain["item"]))
    columns = {
        "to": ids,
        "from": plain["evidence"],
        **{name: plain[name] for name in ("label", "method", "via", "set")},
    }
    return pa.table({**columns, "effect": batch["effect"]})


class RowFinder:
    """An index of rows by the values of several columns, exact and without a loop over rows.

    Args:
        columns: of one length; no two rows may agree in all of them.

    Raises:
        InputError: two rows are the same.
    """

    def __init__(self, columns: Sequence[pa.ChunkedArray | pa.Array]) -> None:
        self._levels: list[tuple[pa.Array, npt.NDArray[np.int64]]] = []
        code = np.zeros(len(columns[0]), dtype=np.int64)
        for column in columns:
            values = _decoded(_array(pc.unique(column)))
            joint = code * len(values) + _places(column, values)
            codes, code = np.unique(joint, return_inverse=True)
            self._levels.append((values, codes))
        if len(code) and len(self._levels[-1][1]) != len(code):
            raise InputError("an effect is given twice for one reason", remedy="Give each reason once")
        self._row = np.argsort(code)

    def find(self, columns: Sequence[pa.ChunkedArray | pa.Array]) -> npt.NDArray[np.int64]:
        """Return for each row of ``columns`` the indexed row that is equal, −1 where there is none."""
        code = np.zeros(len(columns[0]), dtype=np.int64)
        for column, (values, codes) in zip(columns, self._levels, strict=True):
            place = _places(column, values)
            joint = np.where((code < 0) | (place < 0), -1, code * len(values) + place)
            code = positions_of(codes, joint)
        return np.where(code < 0, -1, self._row[code]) if len(self._row) else np.full(len(code), -1)


def _places(column: Any, values: pa.Array) -> npt.NDArray[np.int64]:
    if pa.types.is_dictionary(column.type):
        column = column.unify_dictionaries() if isinstance(column, pa.ChunkedArray) else column
        array = _array(column)
        words = np.asarray(pc.fill_null(pc.index_in(array.dictionary, value_set=values), -1), dtype=np.int64)
        return words[np.asarray(array.indices, dtype=np.int64)] if len(array) else np.empty(0, dtype=np.int64)
    return np.asarray(pc.fill_null(pc.index_in(column, value_set=values), -1), dtype=np.int64)


def _decoded(values: pa.Array) -> pa.Array:
    return values.dictionary_decode() if pa.types.is_dictionary(values.type) else values


def _array(values: pa.Array | pa.ChunkedArray) -> pa.Array:
    return values.combine_chunks() if isinstance(values, pa.ChunkedArray) else values
