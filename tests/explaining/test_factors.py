"""Factors and memberships as rows."""

from __future__ import annotations

import numpy as np
import pyarrow as pa

from graphrec.dataset.ids import IdMap
from graphrec.explaining.factors import NO_FACTORS, Factors
from graphrec.tables.explanations import FACTORS, MEMBERSHIPS

TWO = Factors(
    IdMap.of("Factor", ["fit/a", "fit/b"], name=["jazz", "metal"], kind=["factor"] * 2, index=pa.array([0, 1])),
    "fit",
    {},
)


def test_a_row_for_each_factor() -> None:
    rows = TWO.table()
    assert rows.schema == FACTORS
    assert rows.to_pylist()[1] == {"id": "fit/b", "name": "metal", "fit": "fit", "kind": "factor", "index": 1}
    assert NO_FACTORS.table().num_rows == 0


def test_a_row_for_each_weight_above_zero() -> None:
    people = IdMap.of("User", ["u", "v", "w"])
    rows = TWO.memberships("User", people, np.array([[0.25, 0.75], [0.0, 1.0]], dtype=np.float32), [2, 0])
    assert rows.schema == MEMBERSHIPS
    assert [tuple(row.values()) for row in rows.to_pylist()] == [
        ("User", "w", "fit/a", 0.25),
        ("User", "w", "fit/b", 0.75),
        ("User", "u", "fit/b", 1.0),
    ]
    everyone = TWO.memberships("User", people, np.eye(3, 2))
    assert everyone["id"].to_pylist() == ["u", "v"]
