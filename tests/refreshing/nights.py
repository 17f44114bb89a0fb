"""Data of one day and what the next night brings, and a store with a fit and a current run between the two."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pyarrow as pa
import pyarrow.compute as pc

import graphrec as gr
from graphrec.tables import GraphTables
from tests.killing.verbs import HAS_ATTRIBUTE, INFO, INTERACTED, tables

if TYPE_CHECKING:
    from pathlib import Path

    from graphrec.models.model import Model
    from graphrec.tables.records import RunInfo

CHANGED = ("u001", "u002")
"""People who take something at night; u900 comes new."""


def new_day(store: gr.Store) -> None:
    """Let two people take two more items each, and a newcomer three."""
    ids = [*"1122999"]
    people = [f"u00{n}" if n != "9" else "u900" for n in ids]
    items = [*free_items(store, "u001")[:2], *free_items(store, "u002")[:2], "i00", "i01", "i02"]
    edges = pa.table({"from": people, "to": items, "rating": [5.0] * 7, "weight": [1.0] * 7})
    users = pa.table({"id": ["u900"], "name": ["Newcomer"]})
    store.load(GraphTables({"User": users}, {INTERACTED: edges}), INFO)


def free_items(store: gr.Store, user: str) -> list[str]:
    """Return the items that a person has not taken."""
    taken = {pair["to"] for batch in store.read_edges(INTERACTED, only=user) for pair in batch.to_pylist()}
    return [item for item in (f"i{n:02}" for n in range(40)) if item not in taken]


def another_genre(store: gr.Store) -> None:
    """Let one item carry another genre too."""
    store.load(GraphTables({}, {HAS_ATTRIBUTE: pa.table({"from": ["i00"], "to": ["item.genre=g3"]})}), INFO)


def without_item(item: str) -> GraphTables:
    """Return the data of the day without one item."""
    day = tables()
    edges = {
        kind: rows.filter(pc.invert(pc.or_(pc.equal(rows["to"], item), pc.equal(rows["from"], item))))
        for kind, rows in day.edges.items()
    }
    items = day.nodes["Item"]
    return GraphTables({**day.nodes, "Item": items.filter(pc.not_equal(items["id"], item))}, edges)


def evening(store: gr.Store, model: Model, folder: Path, **request: Any) -> RunInfo:
    """Load the data of a day, fit and save a model, and write its run."""
    store.load(tables(), INFO)
    dataset = gr.Dataset.from_store(store)
    gr.save_model(model.fit(dataset), folder)
    return gr.recommend(model, dataset, k=3, **request).write(store).run


def rows_of_run(store: gr.Store, run: str) -> dict[str, dict[tuple[Any, ...], dict[str, Any]]]:
    """Return recommendations, reasons, summaries and memberships of people by what they are of."""
    keys = {
        "recommendations": ("user", "item"),
        "reasons": ("user", "item", "label", "evidence", "method", "via", "set"),
        "summaries": ("user", "item", "label", "evidence", "method", "via", "set"),
        "memberships": ("label", "id", "factor"),
    }
    found: dict[str, dict[tuple[Any, ...], dict[str, Any]]] = {part: {} for part in keys}
    for batch in store.read_run(run):
        for part, key in keys.items():
            for row in getattr(batch, part).to_pylist():
                found[part][tuple(row[name] for name in key)] = row
    return found
