"""Factors of a fitted model and their members, as rows of the explanation tables."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from graphrec.dataset.ids import IdMap
from graphrec.tables.explanations import FACTORS, MEMBERSHIPS

if TYPE_CHECKING:
    from collections.abc import Mapping

    import numpy.typing as npt


@dataclass(frozen=True, eq=False)
class Factors:
    """The factors of a fit.

    Attributes:
        ids: ids and names, with the columns ``kind`` and ``index``.
        fit: id of the fit.
        members: by label (Item, Entity, Attribute, Factor) how much each node belongs to each factor, float32
            [nodes, factors]; 0 where it does not.
        least: memberships below this are not stored.
    """

    ids: IdMap
    fit: str
    members: Mapping[str, npt.NDArray[np.float32]]
    least: float = 0.0

    def table(self) -> pa.Table:
        """Return rows of ``FACTORS``."""
        fit = pa.repeat(self.fit, len(self.ids))
        columns = {"id": self.ids.ids, "fit": fit, **self.ids.columns}
        return pa.table([columns[name] for name in FACTORS.names], schema=FACTORS)

    def memberships(self, label: str, nodes: IdMap, weights: npt.NDArray[Any], rows: Any = None) -> pa.Table:
        """Return rows of ``MEMBERSHIPS`` for the memberships that are stored.

        Args:
            label: of the nodes.
            nodes: their ids.
            weights: [rows, factors].
            rows: positions of the rows in ``nodes``; all of them if left out.
        """
        row, factor = np.nonzero(self.are_stored(weights))
        node = row if rows is None else np.asarray(rows)[row]
        columns = {
            "label": pa.DictionaryArray.from_arrays(pa.array(np.zeros(len(row), dtype=np.int32)), pa.array([label])),
            "id": nodes.dictionary(node),
            "factor": self.ids.dictionary(factor),
            "weight": pa.array(weights[row, factor].astype(np.float64)),
        }
        return pa.table([columns[name] for name in MEMBERSHIPS.names], schema=MEMBERSHIPS)

    def are_stored(self, weights: npt.NDArray[Any]) -> npt.NDArray[np.bool_]:
        """Return which memberships are stored: those above 0, and not below the least."""
        stored: npt.NDArray[np.bool_] = (weights > 0) & (weights >= self.least)
        return stored

    def of_kind(self, kind: str) -> npt.NDArray[np.int64]:
        """Return the positions of the factors of a kind, int64, ascending."""
        return np.flatnonzero(pc.equal(self.ids.columns["kind"], kind).to_numpy(zero_copy_only=False))


NO_FACTORS = Factors(IdMap.of("Factor", [], kind=[], index=pa.array([], pa.int64())), "", {})
"""Those of a model without factors."""
