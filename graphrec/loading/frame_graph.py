"""The knowledge graph of data frames: triples tied to items, without what is left out, and described entities."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import pyarrow as pa

from graphrec.errors import UsageError
from graphrec.loading.frame_columns import Frame
from graphrec.loading.frame_rows import RowFilter
from graphrec.loading.knowledge.entity_descriptions import described_entities
from graphrec.loading.knowledge.leaving_out import with_relations, without_entities, without_hubs
from graphrec.loading.knowledge.links import linked_items
from graphrec.loading.knowledge.names_of_items import named_by_entities
from graphrec.loading.matching import unique_texts
from graphrec.loading.missing import null_for_empty, without_missing
from graphrec.loading.nodes import node_table
from graphrec.loading.triples import knowledge_graph

if TYPE_CHECKING:
    from collections.abc import Sequence

    from graphrec.loading.contract import LoaderReport
    from graphrec.loading.frame_columns import FrameLike
    from graphrec.tables.graph_tables import GraphTables


@dataclass(frozen=True)
class LeftOut:
    """What of the triples is left out: by relation, by entity, and by the share of items that have an entity."""

    only_relations: Sequence[str]
    relations: Sequence[str]
    entities: Sequence[str]
    most_items: float | None

    def __post_init__(self) -> None:
        both = sorted({*self.only_relations} & {*self.relations})
        if both:
            raise UsageError(f"the relation {both[0]!r} is kept and left out", remedy="Say one of them")

    @property
    def says_anything(self) -> bool:
        """Whether anything is left out."""
        return bool(self.only_relations or self.relations or self.entities or self.most_items)


@dataclass(frozen=True)
class FrameGraph:
    """The frames of a knowledge graph and the roles of their columns.

    Attributes:
        triples: head, relation and tail.
        columns: those three columns.
        links: items and entities; None where items are called alike among the triples.
        link_columns: those two columns.
        entities: descriptions, or None.
        entity_columns: id, name and kind; None for what is not there.
        left_out: what of the triples is left out.
        missing: texts that count as empty.
    """

    triples: FrameLike
    columns: tuple[str, str, str]
    links: FrameLike | None
    link_columns: tuple[str, str]
    entities: FrameLike | None
    entity_columns: tuple[str, str | None, str | None]
    left_out: LeftOut
    missing: tuple[str, ...]

    def read(self, nodes: pa.Table, report: LoaderReport) -> list[GraphTables]:
        """Return the graph, its descriptions, and the items that are called as their entities.

        Args:
            nodes: all items.
            report: receives the account.
        """
        triples, items = self._triples(report), nodes.column("id").combine_chunks()
        said = self.left_out
        triples = with_relations(triples, report, only=said.only_relations, leave_out=said.relations)
        stand = pa.table({"entity": items, "item": items})
        if self.links is not None:
            ends = pa.concat_arrays([unique_texts(triples.column(side)) for side in ("head", "tail")])
            stand = linked_items(self._links(self.links, report), ends, report, items=items)
        graph = without_entities(knowledge_graph(triples, stand, report), said.entities, report)
        if said.most_items is not None:
            graph = without_hubs(graph, said.most_items, report)
        if self.entities is None:
            return [graph]
        entities, linked = self._descriptions(self.entities, report), unique_texts(stand.column("entity"))
        described = described_entities(entities, [graph], report, items=linked)
        return [graph, described, named_by_entities(nodes, stand, entities, report)]

    def _triples(self, report: LoaderReport) -> pa.Table:
        head, relation, tail = self.columns
        rows = RowFilter(Frame(self.triples, "triples"), self.missing)
        rows.ids(head, tail)
        rows.texts(relation)
        table = rows.valid_rows(report).table
        sides = zip(("head", "relation", "tail"), self.columns, strict=True)
        return pa.table({side: table.column(column).cast(pa.string()) for side, column in sides})

    def _links(self, links: FrameLike, report: LoaderReport) -> pa.Table:
        rows = RowFilter(Frame(links, "links"), self.missing)
        rows.ids(*self.link_columns)
        table = rows.valid_rows(report).table
        return table.select([*self.link_columns]).rename_columns(["item", "entity"])

    def _descriptions(self, entities: FrameLike, report: LoaderReport) -> pa.Table:
        identifier, name, kind = self.entity_columns
        rows = RowFilter(Frame(entities, "entities"), self.missing)
        rows.ids(identifier)
        kept = rows.valid_rows(report, also=[column for column in (name, kind) if column])
        texts = {column: without_missing(kept.texts(column), self.missing) for column in (name, kind) if column}
        kinds = {"kind": null_for_empty(texts[kind])} if kind else {}
        names = texts[name] if name else None
        return node_table(kept.table.column(identifier), names, None, report, label="Entity", properties=kinds)
