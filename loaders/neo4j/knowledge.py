"""Entities and facts of the owner's graph."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from graphrec.errors import InputError
from graphrec.loading.columns import Column
from graphrec.loading.knowledge.entity_descriptions import described_entities
from graphrec.loading.knowledge.leaving_out import without_hubs
from graphrec.loading.nodes import node_table
from graphrec.loading.triples import knowledge_graph
from graphrec.schema.neo4j import quote
from graphrec.tables.conform import shortened
from graphrec.wording import counted

if TYPE_CHECKING:
    from collections.abc import Sequence

    from graphrec.loading.contract import LoaderReport
    from graphrec.tables.graph_tables import GraphTables

    from .graph import Graph
    from .sections import LabelSection, TriplesSection

_SECTION = " section"
"""After ``head`` and ``tail``: the column of the section that each end belongs to."""


def knowledge_of(graph: Graph, items: pa.Array, report: LoaderReport) -> list[GraphTables]:
    """Return the entities and triples of a graph.

    Args:
        graph: the owner's graph by its mapping.
        items: ids of all items, each once.
        report: receives the account.

    Raises:
        InputError: two nodes that are no items of one section would have one id.
    """
    sections = graph.mapping.triples
    if not sections:
        return []
    entities = [
        table.set_column(0, "id", _prefixed(table.column("id"), section.prefix))
        for table, section in zip(graph.entities(), graph.mapping.entities, strict=True)
    ]
    _refuse_equal_ids(graph, items, entities)
    triples = pa.concat_tables([_triples(graph, section) for section in sections])
    parts = [knowledge_graph(triples, pa.table({"entity": items, "item": items}), report)]
    limits = [section.most_items for section in sections if section.most_items is not None]
    if limits:
        parts[0] = without_hubs(parts[0], min(limits), report)
    if entities:
        kinds = [section.kind or section.label for section in graph.mapping.entities]
        rows = pa.concat_tables(
            [
                table.append_column("kind", pa.repeat(kind, table.num_rows))
                for table, kind in zip(entities, kinds, strict=True)
            ]
        )
        nodes = node_table(
            rows.column("id"),
            rows.column("name"),
            None,
            report,
            label="Entity",
            properties={"kind": rows.column("kind")},
        )
        parts.append(described_entities(nodes, parts, report))
    return parts


def _triples(graph: Graph, section: TriplesSection) -> pa.Table:
    """Return ``head``, ``relation`` and ``tail``, the ids of entities with their prefixes."""
    pattern, missing = section.pattern, graph.mapping.missing(section)
    head = _end(graph, "n0", pattern.source)
    tail = _end(graph, pattern.last, pattern.target)
    columns = [
        Column("head", "id", required=True, missing=missing),
        Column(f"head{_SECTION}", "integer"),
        Column("tail", "id", required=True, missing=missing),
        Column(f"tail{_SECTION}", "integer"),
    ]
    if not section.relation:
        columns.append(Column("relation", required=True))
    table = graph.paths(pattern, head, [*tail, *([] if section.relation else ["type(r0)"])], columns)
    prefixes = pa.array(["" for _ in graph.mapping.items] + [entity.prefix for entity in graph.mapping.entities])
    ends = {
        side: _prefixed(table.column(side), prefixes.take(table.column(f"{side}{_SECTION}").combine_chunks()))
        for side in ("head", "tail")
    }
    relation = pa.repeat(section.relation, table.num_rows) if section.relation else table.column("relation")
    return pa.table({"head": ends["head"], "relation": relation, "tail": ends["tail"]})


def _end(graph: Graph, variable: str, label: str) -> list[str]:
    """Return expressions of a node's id and of the number of its section: the first of which it has the label."""
    sections: Sequence[LabelSection] = [*graph.mapping.items, *graph.mapping.entities]
    own = next(number for number, section in enumerate(sections) if section.label == label)
    ids = [f"{variable}.{quote(section.id)}" for section in sections]
    if not own:
        return [ids[0], "0"]
    has_label = [f"WHEN {variable}:{quote(section.label)} THEN" for section in sections[:own]]
    numbers = " ".join(f"{when} {number}" for number, when in enumerate(has_label))
    values = " ".join(f"{when} {ids[number]}" for number, when in enumerate(has_label))
    return [f"CASE {values} ELSE {ids[own]} END", f"CASE {numbers} ELSE {own} END"]


def _prefixed(ids: pa.ChunkedArray, prefix: str | pa.Array) -> pa.ChunkedArray:
    return pc.binary_join_element_wise(prefix, ids.cast(pa.string()), "")


def _refuse_equal_ids(graph: Graph, items: pa.Array, entities: Sequence[pa.Table]) -> None:
    """Refuse sections in which different nodes have one id: they would become one."""
    labels = [", ".join(section.label for section in graph.mapping.items)]
    labels += [section.label for section in graph.mapping.entities]
    ids = [items, *(table.column("id").combine_chunks().unique() for table in entities)]
    owners = np.repeat(np.arange(len(ids)), [len(part) for part in ids])
    codes = pa.concat_arrays(ids).dictionary_encode()
    first = np.full(len(codes.dictionary), -1)
    numbers = np.asarray(codes.indices)
    first[numbers[::-1]] = owners[::-1]
    again = np.flatnonzero(owners != first[numbers])
    if len(again):
        one, other = labels[first[numbers[again[0]]]], labels[owners[again[0]]]
        example = shortened(codes.dictionary[int(numbers[again[0]])].as_py())
        raise InputError(
            f"{counted(len(again), 'id')} of entities {'is' if len(again) == 1 else 'are'} that of another node too, "
            f"such as {example}, of a {one} and of a {other}",
            remedy=f'Give one of them a prefix of its own: prefix = "{other.lower()}:" in the section of {other}',
        )
