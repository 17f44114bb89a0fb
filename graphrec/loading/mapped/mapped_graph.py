"""The knowledge graph of a mapping: its triples tied to items, without what is left out, and described entities."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pyarrow as pa

from graphrec.loading.attributes import exploded
from graphrec.loading.item_entities import EntityTables
from graphrec.loading.knowledge.entity_descriptions import described_entities
from graphrec.loading.knowledge.leaving_out import without_entities, without_hubs
from graphrec.loading.knowledge.links import linked_items
from graphrec.loading.knowledge.names_of_items import named_by_entities
from graphrec.loading.matching import unique_texts
from graphrec.loading.nodes import node_table
from graphrec.loading.signals.common_values import without_common
from graphrec.loading.triples import knowledge_graph

if TYPE_CHECKING:
    from collections.abc import Sequence

    from graphrec.loading.contract import LoaderReport
    from graphrec.loading.mapped.described import Described
    from graphrec.loading.mapped.mapped_files import MappedFiles
    from graphrec.tables.graph_tables import GraphTables

_NO_LINKS = pa.table({"entity": pa.array([], pa.string()), "item": pa.array([], pa.string())})


def mapped_graph(
    files: MappedFiles, items: Sequence[Described], nodes: pa.Table | None, report: LoaderReport
) -> list[GraphTables]:
    """Return entities of columns of the items, the graph of triples, the descriptions of both, and names of items.

    Args:
        files: of the mapping.
        items: described items.
        nodes: all items; None for an overlay, of whose base nothing is known here.
        report: receives the account.
    """
    parts, stand = [_column_entities(items, report)], _NO_LINKS
    if files.mapping.triples:
        triples = files.triples()
        stand = _stand(files, triples, items, nodes, report)
        parts.append(_graph(files, triples, stand, report))
    if files.mapping.entities:
        entities, unconnected = _described(files, report)
        linked = unique_texts(stand.column("entity"))
        parts.append(described_entities(entities, parts, report, unconnected=unconnected, items=linked))
        if nodes is not None:
            parts.append(named_by_entities(nodes, stand, entities, report))
    return parts


def _column_entities(items: Sequence[Described], report: LoaderReport) -> GraphTables:
    entities = EntityTables()
    for described in items:
        for relation, column, ids, values in described.entities(report):
            owners, found = exploded(ids, values, missing=described.missing)
            if column.most_items is not None:
                words = (f"entity of {relation}", f"entities of {relation}")
                owners, found = without_common(
                    owners, found, described.ids, column.most_items, report, owner="item", words=words
                )
            entities.add(relation, owners, found, kind=column.kind)
    return entities.tables()


def _stand(
    files: MappedFiles, triples: pa.Table, items: Sequence[Described], nodes: pa.Table | None, report: LoaderReport
) -> pa.Table:
    """Return which entity is which item: as linked, or by the same id."""
    known = nodes.column("id").combine_chunks() if nodes is not None else None
    if files.mapping.links:
        ends = pa.concat_arrays([unique_texts(triples.column(side)) for side in ("head", "tail")])
        return linked_items(files.links(), ends, report, items=known)
    ids = known if known is not None else _ids(items)
    return pa.table({"entity": ids, "item": ids})


def _graph(files: MappedFiles, triples: pa.Table, stand: pa.Table, report: LoaderReport) -> GraphTables:
    sections = files.mapping.triples
    graph = knowledge_graph(triples, stand, report)
    graph = without_entities(graph, [name for section in sections for name in section.leave_out_entities], report)
    limits = [section.most_items for section in sections if section.most_items is not None]
    return without_hubs(graph, min(limits), report) if limits else graph


def _ids(items: Sequence[Described]) -> pa.Array:
    columns = [described.ids.cast(pa.string()) for described in items]
    return pa.chunked_array([chunk for column in columns for chunk in column.chunks], pa.string()).unique()


def _described(files: MappedFiles, report: LoaderReport) -> tuple[pa.Table, pa.Array]:
    """Return described entities, and the ids of those that are kept without an edge."""
    tables = files.entities()
    rows = pa.concat_tables(tables)
    nodes = node_table(
        rows.column("id"), rows.column("name"), None, report, label="Entity", properties={"kind": rows.column("kind")}
    )
    sections = zip(tables, files.mapping.entities, strict=True)
    alone = [unique_texts(table.column("id")) for table, section in sections if section.unconnected]
    return nodes, pa.concat_arrays([pa.array([], pa.string()), *alone])
