"""Runs with user clusters and item groups in both stores: whole, read back, and with people who came after the fit."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pyarrow as pa
import pyarrow.compute as pc
import pytest
from pyarrow import csv

from graphrec.audits import audit
from graphrec.dataset.dataset import Dataset
from graphrec.errors import UsageError
from graphrec.recommendation.batches import run_batches
from graphrec.recommendation.request import Request
from graphrec.recommendation.write_run import write_recommendations
from graphrec.schema import EdgeKind
from graphrec.store.export import export_store
from graphrec.tables import DatasetInfo, GraphTables
from graphrec.tables.explanations import joined
from tests.clustered import Clustered, films_graph

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from graphrec.store.store import Store

REQUEST = Request(k=2, reasons=20)
FILMS = DatasetInfo("films", "Films", "tests")
INTERACTED = EdgeKind("INTERACTED", "User", "Item")
BELONGING = [EdgeKind("BELONGS_TO", label, "Factor") for label in ("User", "Item", "Factor")]


def members(store: Store) -> dict[str, set[tuple[str, str]]]:
    """Return who and what belongs to which factor, by label."""
    pairs = {}
    for kind in BELONGING:
        table = pa.Table.from_batches(list(store.read_edges(kind, ["weight"])))
        ends = (table.column(end).cast(pa.string()).to_pylist() for end in ("from", "to"))
        pairs[kind.source] = set(zip(*ends, strict=True))
    return pairs


def test_a_run_is_read_back_as_it_was_written(store: Store) -> None:
    store.load(films_graph(), FILMS)
    dataset = Dataset.from_store(store)
    model = Clustered().fit(dataset)
    written = write_recommendations(store, model, dataset, REQUEST)
    assert written.report.findings == ()
    assert written.run.current
    back, whole = joined(store.read_run(written.run.id)), joined(run_batches(model, dataset, REQUEST))
    for name in ("recommendations", "reasons", "factors", "memberships", "summaries"):
        assert getattr(back, name).num_rows == getattr(whole, name).num_rows > 0
        columns = [column for column in getattr(whole, name).column_names if column != "percent"]
        rows = [
            sorted((tuple(row.values()) for row in getattr(part, name).select(columns).to_pylist()), key=str)
            for part in (back, whole)
        ]
        assert rows[0] == rows[1]
    counts = {label: len(pairs) for label, pairs in members(store).items()}
    assert counts == {"User": 8 * 4, "Item": 6 * 4, "Factor": 2 * 2}
    assert store.check().sound
    store.delete_runs([written.run.id])
    assert not any(list(store.read_nodes("Factor")))


def test_who_came_after_the_fit_is_in_a_cluster_too(store: Store, tmp_path: Path) -> None:
    """A later run of the same fit brings the memberships of newcomers; an export has them, and everybody's once."""
    store.load(films_graph(), FILMS)
    dataset = Dataset.from_store(store)
    model = Clustered().fit(dataset)
    write_recommendations(store, model, dataset, REQUEST)
    before = members(store)
    ivy = GraphTables(
        {"User": pa.table({"id": ["ivy"], "name": ["Ivy"]})},
        {INTERACTED: pa.table({"from": ["ivy", "ivy"], "to": ["alien", "dune"], "weight": [1.0, 1.0]})},
    )
    store.load(ivy, DatasetInfo("more", "More", "tests", base="films"))
    again = write_recommendations(store, model, Dataset.from_store(store), REQUEST)
    assert not again.repeated
    assert again.report.findings == ()
    after = members(store)
    assert {user for user, _ in after["User"] - before["User"]} == {"ivy"}
    assert before["User"] < after["User"]
    assert after["Item"] == before["Item"]
    report = audit(store, again.run.id, with_reach=False)
    assert report.sound
    rows = joined(store.read_run(again.run.id)).summaries
    assert rows.filter(pc.equal(rows["user"].cast(pa.string()), "ivy")).num_rows == 2 * 4
    export_store(store, tmp_path / "export")
    for label, pairs in after.items():
        exported = csv.read_csv(tmp_path / "export" / f"edges-{label}-BELONGS_TO-Factor.csv")
        rows_of = list(zip(*(exported.column(end).to_pylist() for end in (0, 1)), strict=True))
        assert len(rows_of) == len(pairs)
        assert set(rows_of) == pairs
    assert store.check().sound


@pytest.mark.parametrize("kinds", [((), ("genre",)), (("age", "genre"), ("age",))])
def test_a_name_that_another_run_protects_is_in_no_store(store: Store, kinds: Sequence[tuple[str, ...]]) -> None:
    """Runs of a fit share the names of its factors: neither the first one's nor the last one's would do for both."""
    store.load(films_graph(), FILMS)
    dataset = Dataset.from_store(store)
    model = Clustered().fit(dataset)
    first = write_recommendations(store, model, dataset, replace(REQUEST, protect=kinds[0])).run
    second = replace(REQUEST, protect=kinds[1])
    with pytest.raises(UsageError, match=f"run {first.id} of the same fit protects .*runs delete {first.id}"):
        write_recommendations(store, model, dataset, second)
    assert [run.id for run in store.runs()] == [first.id]
    store.delete_runs([first.id])
    again = write_recommendations(store, model, dataset, second).run
    names = [name for batch in store.read_nodes("Factor", ["name"]) for name in batch["name"].to_pylist()]
    assert any("space" in name for name in names) == ("genre" not in again.protected)


def test_a_kind_that_no_name_says_may_be_protected_in_one_run_of_a_fit(store: Store) -> None:
    """No film has a year, so that both runs give their factors the same names."""
    graph = films_graph()
    year = {"id": "item.year=1979", "name": "1979", "owner": "item", "kind": "year", "value": "1979"}
    attributes = pa.concat_tables([graph.nodes["Attribute"], pa.Table.from_pylist([year])])
    store.load(GraphTables({**graph.nodes, "Attribute": attributes}, graph.edges), FILMS)
    dataset = Dataset.from_store(store)
    model = Clustered().fit(dataset)
    for protect in ((), ("year",)):
        assert write_recommendations(store, model, dataset, replace(REQUEST, protect=protect)).report.findings == ()
    assert {run.protected for run in store.runs()} == {(), ("year",)}
