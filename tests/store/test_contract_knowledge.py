"""The store contract: the knowledge graph as arrays, from both engines."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pyarrow as pa

from graphrec.dataset.dataset import Dataset
from graphrec.schema import EdgeKind
from graphrec.tables import GraphTables
from tests.dataset.test_knowledge import triples
from tests.store.content import SMALL, load_small

if TYPE_CHECKING:
    from graphrec.store.store import Store


def test_both_engines_give_the_facts(store: Store) -> None:
    load_small(store)
    more = {
        EdgeKind("HAS_ENTITY", "Item", "Entity"): [("blade", "scott", "writer")],
        EdgeKind("RELATED_TO", "Item", "Item"): [("dune", "blade", "like")],
        EdgeKind("RELATED_TO", "Entity", "Item"): [("ford", "fargo", "starring")],
        EdgeKind("RELATED_TO", "Item", "Entity"): [("blade", "scott", "director"), ("casa", "ford", "like")],
    }
    tables = {
        kind: pa.table(dict(zip(("from", "to", "relation"), map(list, zip(*rows, strict=True)), strict=True)))
        for kind, rows in more.items()
    }
    store.load(GraphTables({}, tables), SMALL)
    data = Dataset.from_store(store)
    # alien blade casa dune emma fargo are 0–5; england ford scott 6–8. The director of blade is one fact, not two.
    assert triples(data.knowledge) == [
        (0, "director", 8),
        (1, "director", 8),
        (1, "starring", 7),
        (1, "writer", 8),
        (2, "like", 7),
        (3, "like", 1),
        (7, "starring", 5),
        (8, "birthplace", 6),
    ]
    assert data.item_entities.indices.tolist() == [2, 1, 2]
