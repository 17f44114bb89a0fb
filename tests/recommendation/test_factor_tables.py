"""A run with factors holds the same in a store, whether they come first or with the first recommendations."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pyarrow as pa

from graphrec.dataset.dataset import Dataset
from graphrec.models.resolved.model import Resolved
from graphrec.recommendation.batches import recommend, run_batches
from graphrec.recommendation.factor_tables import factor_tables
from graphrec.recommendation.request import Request
from graphrec.recommendation.run_record import run_info
from graphrec.recommendation.write_run import write_recommendations
from graphrec.tables.explanations import joined
from graphrec.testing.knowledge import toy_with_knowledge
from tests.store.content import everything, load_small

if TYPE_CHECKING:
    from pathlib import Path

    from graphrec.store.store import Store

REQUEST = Request(k=2, reasons=20)


def test_the_store_holds_the_same_tables(store: Store) -> None:
    load_small(store)
    dataset = Dataset.from_store(store)
    model = Resolved(epochs=3, embedding_size=4, item_factors=2, entity_factors=2, batch_size=8).fit(dataset)
    written = write_recommendations(store, model, dataset, REQUEST)
    assert written.report.sound
    held = everything(store)
    assert len(held["Factor"]) == 4
    store.delete_runs([written.run.id])
    assert "Factor" not in everything(store)
    factors = factor_tables(model, dataset)
    first, *others = recommend(model, dataset, REQUEST)
    memberships = pa.concat_tables([factors.memberships, first.memberships])
    together = replace(first, factors=factors.factors, memberships=memberships)
    run = run_info(model, dataset, REQUEST)
    store.write_run(replace(run, created=written.run.created, name=written.run.name), [together, *others])
    assert {part: rows for part, rows in everything(store).items() if part != "Run"} == {
        part: rows for part, rows in held.items() if part != "Run"
    }
    back = joined(store.read_run(run.id))
    whole = joined(run_batches(model, dataset, REQUEST))
    for name in ("recommendations", "reasons", "factors", "memberships"):
        assert getattr(back, name).num_rows == getattr(whole, name).num_rows > 0


def test_a_folder_holds_the_factors_once(tmp_path: Path) -> None:
    from graphrec.recommendation.parquet_folder import TABLES, write_parquet

    dataset = toy_with_knowledge()
    model = Resolved(epochs=3, embedding_size=4, item_factors=2, entity_factors=2, batch_size=8).fit(dataset)
    rows = write_parquet(run_info(model, dataset, REQUEST), run_batches(model, dataset, REQUEST), tmp_path / "run")
    whole = joined(run_batches(model, dataset, REQUEST))
    assert rows == {name: getattr(whole, name).num_rows for name in TABLES}
    assert rows["factors"] == 4
