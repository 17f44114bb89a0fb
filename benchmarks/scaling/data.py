"""MovieLens 1M expanded so that it keeps its shape, as folders of Parquet parts with a mapping: what ``load`` reads.

Every user is there so many times, with the same interactions and attributes under a fresh id: one part for each copy.
Where items shall grow too, every item is there several times with the same attributes, and each interaction is with
one of the copies, drawn at random: as many interactions, spread over more items.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from graphrec.loaders import movielens
from graphrec.loading.interactions import INTERACTED
from graphrec.schema.elements import EdgeKind

if TYPE_CHECKING:
    from pathlib import Path

    from graphrec.tables import GraphTables

MAPPING = """
[dataset]
id = "scaled"
name = "MovieLens 1M, expanded"
verb = "watched"

[interactions]
file = "interactions{ending}"
user = "user"
item = "item"
rating = "rating"
timestamp = "timestamp"

[items]
file = "items.parquet"
id = "id"
name = "name"
attributes = {item_kinds}

[users]
file = "users.parquet"
id = "id"
attributes = {user_kinds}
"""


def expand(source: Path, folder: Path, times: int, spread: int = 1) -> None:
    """Write the data: ``mapping.toml``, ``interactions/part-NNNNN.parquet``, ``items.parquet`` and ``users.parquet``.

    Memory holds one copy of the interactions at a time.

    Args:
        source: the folder of MovieLens 1M.
        folder: a new one.
        times: copies of the users.
        spread: copies of the items.
    """
    tables = movielens.load(source, dbpedia=False).tables
    (folder / "interactions").mkdir(parents=True)
    edges = tables.edges[INTERACTED]
    users, items = (edges.column(side).combine_chunks() for side in ("from", "to"))
    rng = np.random.default_rng(0)
    for copy in range(times):
        part = pa.table(
            {
                "user": _copied(users.dictionary, copy).take(users.indices),
                "item": _spread(items, spread, rng),
                "rating": edges.column("rating"),
                "timestamp": edges.column("timestamp"),
            }
        )
        pq.write_table(part, folder / "interactions" / f"part-{copy:05}.parquet")
    kinds = {}
    for label, copies in (("Item", spread), ("User", times)):
        nodes = _with_attributes(tables, label)
        whole = [nodes.set_column(0, "id", _copied(nodes.column("id").combine_chunks(), c)) for c in range(copies)]
        pq.write_table(pa.concat_tables(whole), folder / f"{label.lower()}s.parquet")
        kinds[label] = [name for name in nodes.column_names if name not in ("id", "name")]
    text = MAPPING.format(item_kinds=kinds["Item"], user_kinds=kinds["User"], ending="")
    (folder / "mapping.toml").write_text(text, encoding="utf-8")


def _copied(ids: pa.Array, copy: int) -> pa.Array:
    """Return the ids of a copy; the first keeps them."""
    return pc.binary_join_element_wise(ids.cast(pa.string()), str(copy), "-") if copy else ids.cast(pa.string())


def _spread(items: pa.DictionaryArray, spread: int, rng: np.random.Generator) -> pa.Array:
    """Return the items of interactions, each as one of its copies."""
    ids = pa.concat_arrays([_copied(items.dictionary, copy) for copy in range(spread)])
    copies = rng.integers(0, spread, len(items))
    return ids.take(pa.array(np.asarray(items.indices) + copies * len(items.dictionary)))


def _with_attributes(tables: GraphTables, label: str) -> pa.Table:
    """Return nodes with ``id``, ``name`` and for each kind of attribute the list of values."""
    nodes = tables.nodes[label].select(["id", "name"])
    links = tables.edges[EdgeKind("HAS_ATTRIBUTE", label, "Attribute")]
    described = tables.nodes["Attribute"]
    place = pc.index_in(links.column("to").cast(pa.string()), value_set=described.column("id").cast(pa.string()))
    owner = np.asarray(pc.index_in(links.column("from").cast(pa.string()), value_set=nodes.column("id")))
    kinds = described.column("kind").cast(pa.string()).take(place)
    values = described.column("value").cast(pa.string()).take(place)
    for kind in pc.unique(kinds).to_pylist():
        own = np.flatnonzero(np.asarray(pc.equal(kinds, kind)))
        own = own[np.argsort(owner[own], kind="stable")]
        offsets = np.searchsorted(owner[own], np.arange(nodes.num_rows + 1)).astype(np.int32)
        nodes = nodes.append_column(
            kind, pa.ListArray.from_arrays(pa.array(offsets), values.take(pa.array(own)).combine_chunks())
        )
    return nodes
