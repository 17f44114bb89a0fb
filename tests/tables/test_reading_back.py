"""``as_explanations`` undoes ``as_graph``."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from graphrec.tables import GraphTables, as_explanations, as_graph
from tests.cypher import small_graph

if TYPE_CHECKING:
    import pyarrow as pa


def sorted_rows(table: pa.Table) -> list[str]:
    return sorted(repr(sorted(row.items())) for row in table.to_pylist())


@pytest.mark.parametrize("run_id", ["new", "a|b\\"])
def test_what_became_a_graph_comes_back(run_id: str) -> None:
    whole = small_graph.new_run("")[1]
    back = as_explanations(as_graph(whole, run_id))
    for part in ("recommendations", "reasons", "factors", "memberships"):
        assert getattr(back, part).schema == getattr(whole, part).schema
        assert sorted_rows(getattr(back, part)) == sorted_rows(getattr(whole, part))


def test_nothing_comes_back_of_nothing() -> None:
    back = as_explanations(GraphTables())
    assert [t.num_rows for t in (back.recommendations, back.reasons, back.factors, back.memberships)] == [0, 0, 0, 0]
