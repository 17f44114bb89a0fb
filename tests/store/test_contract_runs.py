"""The store contract: writing, choosing and removing runs, on both engines."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from graphrec.errors import InputError, UnknownIdError
from graphrec.schema import EdgeKind
from graphrec.tables import as_graph
from tests.cypher import small_graph
from tests.store.content import (
    by_user,
    current,
    edges,
    everything,
    load_small,
    new_run,
    nodes,
    rows_of,
    write_small_runs,
)

if TYPE_CHECKING:
    from collections.abc import Iterator

    from graphrec.store.store import Store
    from graphrec.tables import Explanations

EXPLAINS = EdgeKind("EXPLAINS", "Item", "Recommendation")


def test_a_run_is_written_whole(store: Store) -> None:
    run, explanations = new_run(load_small(store))
    written = store.write_run(run, by_user(explanations))
    assert written == replace(run, status="complete", current=True, dataset="small", number=1)
    assert store.runs() == [written]
    assert store.run() == store.run("new") == written
    graph = as_graph(explanations, "new")
    for label, table in graph.nodes.items():
        assert nodes(store, label) == rows_of([table])
    for kind, table in graph.edges.items():
        assert edges(store, kind) == rows_of([table])


def test_a_run_is_read_back_as_it_was_written(store: Store) -> None:
    load_small(store)
    write_small_runs(store)
    for run_id, explanations in (("new", new_run("")[1]), ("old", small_graph.old_run("")[1])):
        batches = list(store.read_run(run_id))
        for part in ("recommendations", "reasons", "factors", "memberships"):
            assert rows_of([getattr(batch, part) for batch in batches]) == rows_of([getattr(explanations, part)])
        for batch in batches:
            assert set(batch.reasons["user"].to_pylist()) <= set(batch.recommendations["user"].to_pylist())
    with pytest.raises(UnknownIdError, match="'nobody'"):
        list(store.read_run("nobody"))


def test_the_sample_fills_every_property_of_a_reason_and_of_a_run() -> None:
    run, explanations = new_run("now")
    filled = {name for name in explanations.reasons.column_names if explanations.reasons[name].null_count < 13}
    assert filled == set(explanations.reasons.column_names)
    assert run.additive == "weight, held_effect"


def test_the_newest_run_comes_first_and_one_is_current(store: Store) -> None:
    load_small(store)
    write_small_runs(store)
    assert [(run.id, run.current) for run in store.runs()] == [("new", True), ("old", False)]
    assert current(store) == ["new"]
    store.use_run("old")
    assert [(run.id, run.current) for run in store.runs()] == [("new", False), ("old", True)]
    assert current(store) == ["old"]
    assert store.run().id == "old"
    with pytest.raises(UnknownIdError, match="'none of these'"):
        store.use_run("none of these")
    assert current(store) == ["old"]


def test_a_run_that_is_whole_is_left_alone(store: Store) -> None:
    load_small(store)
    write_small_runs(store)
    held = everything(store)
    run, explanations = small_graph.old_run("changed since")
    again = store.write_run(run, by_user(explanations))
    assert again.data == "before"
    assert everything(store) == held


def test_a_partial_run_does_not_become_current(store: Store) -> None:
    data = load_small(store)
    run, explanations = small_graph.old_run(data)
    assert not store.write_run(replace(run, scope="partial"), by_user(explanations)).current
    with pytest.raises(UnknownIdError, match="no current run"):
        store.run()
    run, explanations = new_run(data)
    assert not store.write_run(run, by_user(explanations), make_current=False).current
    assert current(store) == []


def test_a_run_whose_batches_fail_leaves_no_trace(store: Store) -> None:
    load_small(store)
    run, explanations = small_graph.old_run("before")
    store.write_run(run, by_user(explanations))
    held = everything(store)
    run, explanations = new_run("now")

    def failing() -> Iterator[Explanations]:
        batches = by_user(explanations)
        yield next(batches)
        yield next(batches)
        raise ZeroDivisionError("the model failed")

    with pytest.raises(ZeroDivisionError, match="the model failed"):
        store.write_run(run, failing())
    assert [run.id for run in store.runs()] == ["old"]
    assert current(store) == ["old"]
    store.write_run(run, by_user(explanations))
    assert current(store) == ["new"]
    store.delete_runs(["new"])
    store.use_run("old")
    assert everything(store) == held


def test_a_reason_that_is_given_twice_is_refused(store: Store) -> None:
    load_small(store)
    held = everything(store)
    row = small_graph.reason("ada", "fargo", "Item", "casa", "history", 0.9, 0.9, 1, 0.9, "casa")
    run, explanations = small_graph.old_run("now")
    doubled = small_graph.explanations(explanations.recommendations.to_pylist(), [row, {**row, "weight": 0.1}])
    with pytest.raises(InputError, match="one reason is given twice: Item 'casa' for item 'fargo' and user 'ada'"):
        store.write_run(run, [doubled])
    assert store.runs() == []
    assert everything(store) == held


@pytest.mark.parametrize(("column", "value"), [("evidence", "no such film"), ("label", "Entity")])
def test_a_reason_that_hangs_on_nothing_is_refused(store: Store, column: str, value: str) -> None:
    load_small(store)
    held = everything(store)
    row = small_graph.reason("ada", "fargo", "Item", "casa", "history", 0.9, 0.9, 1, 0.9, "casa")
    run, explanations = small_graph.old_run("now")
    broken = small_graph.explanations(explanations.recommendations.to_pylist(), [{**row, column: value}])
    with pytest.raises(InputError, match=value if column == "evidence" else "casa"):
        store.write_run(run, [broken])
    assert store.runs() == []
    assert current(store) == []
    store.delete_runs([])
    assert {part: rows for part, rows in everything(store).items() if part in held} == held


def test_an_unknown_user_is_refused(store: Store) -> None:
    load_small(store)
    run, explanations = small_graph.old_run("now")
    (row,) = explanations.recommendations.to_pylist()
    stranger = small_graph.explanations([{**row, "user": "stranger", "n_reasons": 0}], [])
    with pytest.raises(InputError, match="stranger"):
        store.write_run(run, [stranger])
    assert store.runs() == []


def test_deleting_a_run_removes_what_only_it_had(store: Store) -> None:
    load_small(store)
    data_only = everything(store)
    run, explanations = small_graph.old_run("before")
    store.write_run(run, by_user(explanations))
    with_old = everything(store)
    run, explanations = new_run("now")
    store.write_run(run, by_user(explanations))
    assert nodes(store, "Factor")
    store.delete_runs(["new"])
    store.use_run("old")
    assert everything(store) == with_old
    with pytest.raises(UnknownIdError, match="'new'"):
        store.delete_runs(["old", "new"])
    told: list[str] = []
    store.delete_runs(["old"], lambda what, *_: told.append(what))
    assert told
    assert everything(store) == data_only


def test_runs_of_one_fit_share_its_factors(store: Store) -> None:
    data = load_small(store)
    run, explanations = new_run(data)
    store.write_run(run, by_user(explanations))
    store.write_run(replace(run, id="newer", created="2026-02-02T00:00:00Z"), by_user(explanations))
    belongs = EdgeKind("BELONGS_TO", "User", "Factor")
    assert [dict(row)["id"] for row in nodes(store, "Factor")] == ["fit-1/0"]
    assert len(edges(store, belongs)) == 2
    store.delete_runs(["new"])
    assert [dict(row)["id"] for row in nodes(store, "Factor")] == ["fit-1/0"]
    assert len(edges(store, belongs)) == 2
    assert len(edges(store, EXPLAINS)) == 5
    store.delete_runs(["newer"])
    assert nodes(store, "Factor") == []
    assert edges(store, belongs) == []


def test_keeping_the_newest_spares_the_current(store: Store) -> None:
    data = load_small(store)
    run, explanations = small_graph.old_run(data)
    for day in range(1, 6):
        dated = replace(run, id=f"run {day}", created=f"2026-01-0{day}T00:00:00Z")
        store.write_run(dated, by_user(explanations), make_current=day == 2)
    assert sorted(store.keep_runs(2)) == ["run 1", "run 3"]
    assert [(run.id, run.current) for run in store.runs()] == [("run 5", False), ("run 4", False), ("run 2", True)]
    assert len(nodes(store, "Recommendation")) == 3


@pytest.mark.parametrize("run_id", ["'}) DETACH DELETE n //", "a|b\\c/../d", "ünï 漢字", ".", "x" * 300])
def test_a_run_may_have_any_id(store: Store, run_id: str) -> None:
    run, explanations = small_graph.old_run(load_small(store))
    store.write_run(replace(run, id=run_id), by_user(explanations))
    assert store.run(run_id).current
    assert current(store) == [run_id]
    assert rows_of([batch.reasons for batch in store.read_run(run_id)]) == rows_of([explanations.reasons])
    store.delete_runs([run_id])
    assert store.runs() == []


def test_a_run_of_nothing_is_a_run(store: Store) -> None:
    run, _explanations = small_graph.old_run(load_small(store))
    store.write_run(run, [])
    assert store.run().id == "old"
    assert nodes(store, "Recommendation") == []
    assert list(store.read_run("old")) == []
    assert nodes(store, "Run")[0] == rows_of([_run_table(store)])[0]


def _run_table(store: Store):
    import pyarrow as pa

    return pa.Table.from_pylist([store.run("old").to_row()])


def test_data_that_changes_leaves_runs_as_they_are(store: Store) -> None:
    load_small(store)
    write_small_runs(store)
    before = {part: rows for part, rows in everything(store).items() if "Recommendation" in part}
    import pyarrow as pa

    from graphrec.tables import GraphTables

    load_small(store, GraphTables({"User": pa.table({"id": ["eve"], "name": ["Eve"]})}))
    assert {part: rows for part, rows in everything(store).items() if "Recommendation" in part} == before
    assert store.run().data != store.data_fingerprint()
    assert current(store) == ["new"]
