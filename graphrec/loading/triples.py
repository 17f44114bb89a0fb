"""A knowledge graph of triples, tied to items: ``Entity`` nodes, ``HAS_ENTITY`` and ``RELATED_TO`` edges."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from graphrec.errors import InputError
from graphrec.loading.columns import Column
from graphrec.loading.delimited import read_delimited
from graphrec.loading.files import require_folder
from graphrec.loading.interactions import encoded
from graphrec.loading.knowledge.kept_edges import ends_of, with_edges
from graphrec.loading.knowledge.links import linked_items
from graphrec.loading.layout import Layout
from graphrec.loading.matching import remark_on_matches, remark_on_triples, unique_texts
from graphrec.schema.elements import EdgeKind
from graphrec.tables.graph_tables import GraphTables
from graphrec.tables.stated import Stated, with_stated
from graphrec.tables.uri_names import name_of_uri

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    import numpy.typing as npt

    from graphrec.loading.contract import LoaderReport


def knowledge_graph(
    triples: pa.Table, items: pa.Table, report: LoaderReport, *, names: pa.Table | None = None
) -> GraphTables:
    """Return entities and edges of the triples that have to do with an item, directly or through others.

    A head or tail that stands for an item becomes that item. Item to entity is ``HAS_ENTITY``, everything else
    ``RELATED_TO``. Where two items stand for one entity, each of them gets its edges.

    Args:
        triples: string columns ``head``, ``relation``, ``tail``.
        items: string columns ``entity`` and ``item``: which entity is which item.
        report: receives remarks on repeated triples, on triples of which none or few touch an item, and on names of
            entities that no triple has.
        names: string columns ``entity`` and ``name``, for entities that have a readable one; others are named by
            their id.
    """
    tied = _tied(triples, items, "head")
    tied = _tied(tied, items, "tail")
    _remark(tied, triples, items, report, names)
    relation = encoded(tied.column("relation"))
    ends = {side: encoded(tied.column(side)) for side in ("head", "tail")}
    is_item = {side: np.asarray(tied.column(f"{side} is item"), dtype=bool) for side in ("head", "tail")}
    fresh = _distinct(ends["head"], is_item["head"], relation, ends["tail"], is_item["tail"])
    n_repeats = tied.num_rows - int(fresh.sum())
    if n_repeats:
        report.remarks.append(f"{n_repeats} repeated triples of the knowledge graph were left out")
    edges: dict[EdgeKind, pa.Table] = {}
    for head_is_item in (True, False):
        for tail_is_item in (True, False):
            rows = pa.array(fresh & (is_item["head"] == head_is_item) & (is_item["tail"] == tail_is_item))
            table = pa.table({"from": ends["head"], "to": ends["tail"], "relation": relation}).filter(rows)
            source, target = ("Item" if item else "Entity" for item in (head_is_item, tail_is_item))
            kind = EdgeKind("HAS_ENTITY" if head_is_item and not tail_is_item else "RELATED_TO", source, target)
            if table.num_rows:
                edges[kind] = table
    entities = pa.concat_arrays(
        [ends[side].filter(pa.array(fresh & ~is_item[side])).cast(pa.string()) for side in ("head", "tail")]
    ).unique()
    return GraphTables({"Entity": _entities(entities, names)} if len(entities) else {}, edges)


def read_dbpedia(folder: Path, report: LoaderReport) -> GraphTables:
    """Read a folder of ``RELATION.edgelist`` files (two addresses a line) and ``mappings.tsv`` (id, title, address).

    Raises:
        InputError: the folder or its mapping is absent or unusable, or it has no edge list.
    """
    require_folder(folder)
    tab = Layout("\t", header=False, quoted=False)
    mapping = read_delimited(
        folder / "mappings.tsv",
        [Column("item", "id", True), Column("title"), Column("entity", required=True)],
        report,
        tab,
    )
    paths = sorted(folder.glob("*.edgelist"))
    if not paths:
        raise InputError(
            "there is no file RELATION.edgelist in the folder",
            where=str(folder),
            remedy="Put the edge lists beside mappings.tsv, or load without this graph",
        )
    parts = []
    for path in paths:
        pairs = read_delimited(
            path,
            [Column("head", "id", True), Column("tail", "id", True)],
            report,
            Layout(" ", header=False, quoted=False),
        )
        head, tail = (pairs.column(side).cast(pa.string()) for side in ("head", "tail"))
        parts.append(pa.table({"head": head, "relation": pa.repeat(path.stem, len(head)), "tail": tail}))
    triples = pa.concat_tables(parts)
    entities = pa.chunked_array([*triples.column("head").chunks, *triples.column("tail").chunks]).unique()
    names = pa.table({"entity": entities, "name": [name_of_uri(uri) for uri in entities.to_pylist()]})
    items = linked_items(mapping, unique_texts(entities), report, place="mappings.tsv")
    return knowledge_graph(triples, items, report, names=names)


def restrict_to_items(tables: GraphTables, items: pa.ChunkedArray | pa.Array, report: LoaderReport) -> GraphTables:
    """Return tables without the edges of items that are not in ``items``; entities that lose all edges go too.

    The report says where none or few of the tables' items are here.
    """
    item_ids = items.combine_chunks() if isinstance(items, pa.ChunkedArray) else items
    theirs = [unique_texts(ids) for kind, table in tables.edges.items() for ids in ends_of(kind, table, "Item")]
    remark_on_matches(report, "items of the graph", pa.chunked_array(theirs, pa.string()), item_ids, "the data set")
    is_kept = {}
    for kind, table in tables.edges.items():
        is_kept[kind] = np.ones(table.num_rows, dtype=bool)
        for ids in ends_of(kind, table, "Item"):
            is_kept[kind] &= np.asarray(pc.is_in(ids.cast(pa.string()), value_set=item_ids), dtype=bool)
    return with_edges(tables, is_kept)


def _remark(tied: pa.Table, triples: pa.Table, items: pa.Table, report: LoaderReport, names: pa.Table | None) -> None:
    """Add remarks where the triples have little to do with the items, or the names with the triples."""
    masks = {side: tied.column(f"{side} is item") for side in ("head", "tail")}
    ends = {side: tied.column(side).filter(mask).combine_chunks() for side, mask in masks.items()}
    n_touched = len(pa.concat_arrays([unique_texts(end) for end in ends.values()]).unique())
    touches = np.asarray(pc.or_(masks["head"], masks["tail"]), dtype=bool)
    remark_on_triples(report, touches, triples.column("head"), items.column("entity"), n_touched)
    if names is not None:
        both = pa.concat_arrays([unique_texts(triples.column(side)) for side in ("head", "tail")])
        remark_on_matches(report, "names of entities", names.column("entity"), both, "the triples")


def _tied(triples: pa.Table, items: pa.Table, side: str) -> pa.Table:
    """Replace entities that stand for items by those items, and return the mask of these rows."""
    joined = triples.join(items, keys=side, right_keys="entity", join_type="left outer", use_threads=False)
    is_item = pc.is_valid(joined.column("item"))
    ends = pc.coalesce(joined.column("item"), joined.column(side).cast(pa.string()))
    position = joined.column_names.index(side)
    return joined.set_column(position, side, ends).drop_columns("item").append_column(f"{side} is item", is_item)


def _distinct(
    head: pa.DictionaryArray,
    head_is_item: npt.NDArray[np.bool_],
    relation: pa.DictionaryArray,
    tail: pa.DictionaryArray,
    tail_is_item: npt.NDArray[np.bool_],
) -> npt.NDArray[np.bool_]:
    """Return the mask of rows that occur for the first time."""
    codes = [
        np.asarray(head.indices).astype(np.int64) * 2 + head_is_item,
        np.asarray(relation.indices).astype(np.int64),
        np.asarray(tail.indices).astype(np.int64) * 2 + tail_is_item,
    ]
    order = np.lexsort(codes)  # stable, so that of equal rows the first in the file comes first
    first = np.ones(len(order), dtype=bool)
    first[order[1:]] = np.logical_or.reduce([column[order[1:]] != column[order[:-1]] for column in codes])
    return first


def _entities(ids: pa.Array, names: pa.Table | None) -> pa.Table:
    """Return entities with their names; those without one are only mentioned."""
    named: Mapping[str, str] = {}
    if names is not None:
        named = dict(zip(names.column("entity").to_pylist(), names.column("name").to_pylist(), strict=True))
    texts = ids.to_pylist()
    nodes = pa.table({"id": ids, "name": pa.array([named.get(text, text) for text in texts], pa.string())})
    has_name = np.fromiter((text in named for text in texts), dtype=bool, count=len(texts))
    return with_stated(nodes, np.where(has_name, Stated.DESCRIBED, Stated.MENTION).astype(np.int8))
