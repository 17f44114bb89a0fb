"""``as_explanations`` undoes ``as_graph``."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from graphrec.tables import GraphTables, RunInfo, as_explanations, as_graph
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


def test_columns_that_an_older_run_lacks_are_null() -> None:
    whole = small_graph.new_run("")[1]
    graph = as_graph(whole, "new")
    later = ["net", "held_effect", "error", "set_of", "set_name", "amount"]
    edges = {k: t.drop_columns(later) if k.type == "EXPLAINS" else t for k, t in graph.edges.items()}
    back = as_explanations(GraphTables(graph.nodes, edges)).reasons
    assert back.schema == whole.reasons.schema
    assert [back[name].null_count for name in later] == [13] * 6
    assert sorted_rows(back.drop_columns(later)) == sorted_rows(whole.reasons.drop_columns(later))
    kind = next(kind for kind in edges if kind.type == "EXPLAINS")
    with pytest.raises(KeyError, match="weight"):  # a column that no row may lack
        as_explanations(GraphTables(graph.nodes, {kind: edges[kind].drop_columns(["weight"])}))


def test_what_may_be_added_up_is_null_in_a_run_that_does_not_say() -> None:
    run = RunInfo("r", "r", "ease", "fit", "2026-01-01T00:00:00Z", "now", "score")
    assert run.to_row()["additive"] is None
    assert RunInfo.from_row(run.to_row()) == run
    row = run.to_row()
    del row["additive"]
    assert RunInfo.from_row(row) == run
    said = RunInfo(**{**vars(run), "additive": "none"})
    assert said.to_row()["additive"] == "none"
    assert RunInfo.from_row(said.to_row()) == said
