"""From data frames to graph tables, by the same checks and with the same account as files."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from typing import TYPE_CHECKING

import pyarrow as pa
import pyarrow.compute as pc
from typing_extensions import TypedDict

from graphrec.errors import InputError, UsageError
from graphrec.loading.assemble import assemble
from graphrec.loading.attributes import AttributeTables
from graphrec.loading.columns import Column
from graphrec.loading.contract import LoaderReport
from graphrec.loading.frame_columns import Frame
from graphrec.loading.frame_rows import RowFilter
from graphrec.loading.interactions import INTERACTED
from graphrec.loading.interactions import interactions as interaction_edges
from graphrec.loading.mention_columns import count_column, sentiment_column, with_defaults
from graphrec.loading.mentions import mention_tables
from graphrec.loading.missing import null_for_empty, without_missing
from graphrec.loading.nodes import node_table
from graphrec.loading.triples import knowledge_graph
from graphrec.loading.unknown_values import remark_on_unknown_values
from graphrec.reviews.mentions import MENTIONS
from graphrec.schema.elements import RelationshipType
from graphrec.schema.naming import property_fault, text_fault
from graphrec.schema.property_graph import SCHEMA
from graphrec.tables.graph_tables import FROM, TO, GraphTables
from graphrec.tables.records import DatasetInfo
from graphrec.tables.stated import Stated, stated

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from graphrec.loading.attributes import Owner
    from graphrec.loading.contract import Loaded
    from graphrec.loading.frame_columns import FrameLike
    from graphrec.loading.frame_rows import Rows
    from graphrec.loading.times import TimeUnit
    from graphrec.schema.elements import NodeLabel, Property


class FrameColumns(TypedDict, total=False):
    """The keyword arguments of ``frames_to_tables``, which documents them."""

    user: str
    item: str
    rating: str | None
    weight: str | None
    timestamp: str | None
    time_unit: TimeUnit
    lowest_rating: float
    interaction_properties: Sequence[str]
    items: FrameLike | None
    item_id: str | None
    item_name: str | None
    item_attributes: Sequence[str] | Mapping[str, str]
    item_properties: Sequence[str]
    users: FrameLike | None
    user_id: str | None
    user_name: str | None
    user_attributes: Sequence[str] | Mapping[str, str]
    user_properties: Sequence[str]
    triples: FrameLike | None
    head: str
    relation: str
    tail: str
    entities: FrameLike | None
    entity_id: str
    entity_name: str
    mentions: FrameLike | None
    feature: str
    sentiment: str | None
    count: str | None
    missing: Sequence[str]
    name: str
    verb: str
    id_prefix: str


def require_arguments(arguments: Iterable[str]) -> None:
    """Raise UsageError for a keyword that ``frames_to_tables`` does not have, with the nearest names."""
    known = FrameColumns.__annotations__
    for argument in arguments:
        if argument not in known:
            near = get_close_matches(argument, known, n=3)
            hint = f"Did you mean {' or '.join(near)}? " if near else ""
            raise UsageError(
                f"there is no argument {argument!r} for data frames", remedy=f"{hint}Arguments: {', '.join(known)}"
            )


def frames_to_tables(
    interactions: FrameLike,
    *,
    user: str = "user",
    item: str = "item",
    rating: str | None = None,
    weight: str | None = None,
    timestamp: str | None = None,
    time_unit: TimeUnit = "s",
    lowest_rating: float = 0.0,
    interaction_properties: Sequence[str] = (),
    items: FrameLike | None = None,
    item_id: str | None = None,
    item_name: str | None = None,
    item_attributes: Sequence[str] | Mapping[str, str] = (),
    item_properties: Sequence[str] = (),
    users: FrameLike | None = None,
    user_id: str | None = None,
    user_name: str | None = None,
    user_attributes: Sequence[str] | Mapping[str, str] = (),
    user_properties: Sequence[str] = (),
    triples: FrameLike | None = None,
    head: str = "head",
    relation: str = "relation",
    tail: str = "tail",
    entities: FrameLike | None = None,
    entity_id: str = "entity",
    entity_name: str = "name",
    mentions: FrameLike | None = None,
    feature: str = "feature",
    sentiment: str | None = "sentiment",
    count: str | None = "count",
    missing: Sequence[str] = (),
    name: str = "frames",
    verb: str = "",
    id_prefix: str = "",
) -> Loaded:
    """Return the tables of a data set, its record and an account of all rows, from data frames.

    A frame is a pandas frame, of which the named levels of the index are columns too, or any table with the Arrow C
    stream interface (pyarrow, polars). Values become texts by the rule of ``graphrec.loading.frame_texts``.

    Args:
        interactions: one row per interaction. Repeated pairs of user and item are merged: weights add up, rating and
            timestamp are those of the latest.
        user: its column of user ids; a row without one is skipped.
        item: its column of item ids, likewise.
        rating: its column of numbers; a row with one below ``lowest_rating`` is skipped.
        weight: its column of how often, or how much, 0 or more; 1 each if left out.
        timestamp: its column of dates and times (UTC where they name no zone), of ISO 8601 texts, or of numbers since
            1970 in ``time_unit``, which may be texts of numbers; kept to the microsecond.
        time_unit: of numbers: ``s``, ``ms``, ``us`` or ``ns``; ``iso`` for numbers such as 20240131.
        lowest_rating: the smallest rating that is kept.
        interaction_properties: further columns to keep with each interaction.
        items: properties of the items, one row each; of a repeated id the first row counts. Items that only
            interactions name are named by their ids.
        item_id: its column of ids; by default called as ``item``.
        item_name: its column of what a person reads.
        item_attributes: its columns whose values items share, such as a genre; with a separator where a text holds
            several (``{"genres": "|"}``); a column of lists needs none.
        item_properties: its columns that describe one item, such as a price; typed as they are in the frame.
        users: properties of the users, like ``items``.
        user_id: its column of ids; by default called as ``user``.
        user_name: its column of what a person reads.
        user_attributes: its columns whose values users share, like ``item_attributes``.
        user_properties: its columns that describe one user, like ``item_properties``.
        triples: a knowledge graph, one fact per row; a head or tail that is an item's id is that item.
        head: its column of heads.
        relation: its column of relations.
        tail: its column of tails.
        entities: names of entities, one row each.
        entity_id: its column of ids, as in ``head`` and ``tail``.
        entity_name: its column of what a person reads.
        mentions: what reviews say of features, one row for each user, item and feature, whose columns of users and
            items are called as in ``interactions``; repeated rows add up.
        feature: its column of names.
        sentiment: its column of numbers from −1 to 1; 0 each if None.
        count: its column of how often; 1 each if None.
        missing: texts that mean that nothing is known, such as ``["?", "NA"]``, in all frames; a number is compared
            by its value.
        name: the data set's name and id.
        verb: what users did with items, in the past tense: ``watched``, ``bought``; “interacted with” if left out.
        id_prefix: text in front of every id, for a second data set in one store.

    Raises:
        InputError: a column does not exist, a frame is empty or has no usable row, or a value cannot be what it must
            be; frame, row and the nearest columns are named.
        UsageError: what was handed in is no frame, names columns of a frame that was not handed in, or names a
            property or attribute as it cannot be stored.
    """
    _refuse_frameless("items", items, item_id, item_name, item_attributes, item_properties)
    _refuse_frameless("users", users, user_id, user_name, user_attributes, user_properties)
    _refuse_frameless("triples", triples, entities is not None)
    report, attributes, unknown = LoaderReport(), AttributeTables(), tuple(_names(missing))
    item_columns = (item_id or item, item_name, _separators(item_attributes), item_properties, unknown)
    user_columns = (user_id or user, user_name, _separators(user_attributes), user_properties, unknown)
    sides = {"Item": _Nodes("item", items, *item_columns), "User": _Nodes("user", users, *user_columns)}
    taken = _Interactions(
        user, item, rating, weight, timestamp, time_unit, lowest_rating, interaction_properties, unknown
    )
    edges, properties = taken.read(Frame(interactions, "interactions"), report)
    declared = {"INTERACTED": properties}
    nodes = {}
    for label, end in (("Item", TO), ("User", FROM)):
        nodes[label], declared[label] = sides[label].read(label, edges.column(end), attributes, report)
    parts = [GraphTables(nodes, {INTERACTED: edges}), attributes.tables()]
    if triples is not None:
        facts = RowFilter(Frame(triples, "triples"), unknown)
        facts.ids(head, tail)
        facts.texts(relation)
        table = facts.valid_rows(report).table.select([head, relation, tail])
        names = None if entities is None else _entity_names(Frame(entities, "entities"), entity_id, entity_name, report)
        parts.append(_knowledge(table, nodes["Item"], names, report))
    if mentions is not None:
        rows = RowFilter(Frame(mentions, "mentions"), unknown)
        said = _mentions(rows, user, item, feature, sentiment, count, report)
        parts.append(mention_tables(said, edges, report, place="mentions"))
    info = DatasetInfo(
        name,
        name,
        "frames",
        verb=verb,
        declared={owner: properties for owner, properties in declared.items() if properties},
    )
    loaded = assemble(parts, info, report, id_prefix=id_prefix)
    remark_on_unknown_values(loaded.tables, report, "To leave it out, say missing=[{}]")
    return loaded


@dataclass(frozen=True)
class _Interactions:
    """The roles of the columns of the interactions."""

    user: str
    item: str
    rating: str | None
    weight: str | None
    timestamp: str | None
    time_unit: TimeUnit
    lowest_rating: float
    properties: Sequence[str]
    missing: tuple[str, ...]

    def read(self, frame: Frame, report: LoaderReport) -> tuple[pa.Table, tuple[Property, ...]]:
        """Return the edges and their declared properties."""
        properties = _names(self.properties)
        named = (self.user, self.item, self.rating, self.weight, self.timestamp)
        frame.require([column for column in (*named, *properties) if column is not None])
        _refuse_reserved(properties, SCHEMA.relationship("INTERACTED"), frame)
        rows = RowFilter(frame, self.missing)
        rows.ids(self.user, self.item)
        if self.rating is not None:
            rows.numbers(Column(self.rating, "number", minimum=self.lowest_rating))
        if self.weight is not None:
            rows.numbers(Column(self.weight, "number", required=True, minimum=0))
        if self.timestamp is not None:
            rows.times(self.timestamp, self.time_unit)
        declared = rows.properties(properties)
        table = rows.valid_rows(report).table
        edges = interaction_edges(
            table.column(self.user),
            table.column(self.item),
            report,
            rating=None if self.rating is None else table.column(self.rating),
            weight=None if self.weight is None else table.column(self.weight),
            timestamp=None if self.timestamp is None else table.column(self.timestamp),
            properties={column: null_for_empty(table.column(column)) for column in properties},
        )
        return edges, declared


@dataclass(frozen=True)
class _Nodes:
    """The roles of the columns of the items or users; ``attributes``: column to separator."""

    owner: Owner
    frame: FrameLike | None
    id: str
    name: str | None
    attributes: Mapping[str, str]
    properties: Sequence[str]
    missing: tuple[str, ...]

    def read(
        self, label: str, mentioned: pa.ChunkedArray, attributes: AttributeTables, report: LoaderReport
    ) -> tuple[pa.Table, tuple[Property, ...]]:
        """Return the nodes and their declared properties; add their attributes."""
        if self.frame is None:
            return node_table(pa.array([], pa.string()), None, mentioned, report, label=label), ()
        frame, properties = Frame(self.frame, f"{self.owner}s"), _names(self.properties)
        _refuse_reserved(properties, SCHEMA.label(label), frame)
        _refuse_unnamed(self.attributes, frame)
        rows = RowFilter(frame, self.missing)
        rows.ids(self.id)
        declared = rows.properties(properties)
        kept = rows.valid_rows(report, also=[*self.attributes, *([self.name] if self.name is not None else [])])
        ids = kept.table.column(self.id)
        _refuse_strangers(ids, mentioned, frame, self.owner)
        for column, separator in self.attributes.items():
            values = kept.text_lists(column, separator)
            attributes.add(self.owner, column, ids, values, separator=separator, missing=self.missing)
        names = without_missing(kept.texts(self.name), self.missing) if self.name is not None else None
        more = {column: null_for_empty(kept.table.column(column)) for column in properties}
        return node_table(ids, names, mentioned, report, label=label, properties=more), declared


def _refuse_strangers(ids: pa.ChunkedArray, mentioned: pa.ChunkedArray, frame: Frame, owner: str) -> None:
    """Refuse descriptions of which none is of anything that the interactions name."""
    if not pc.any(pc.is_in(ids.cast(pa.string()), value_set=pc.unique(mentioned.cast(pa.string())))).as_py():
        raise InputError(
            f"none of these {owner}s is in the interactions, which name {owner}s such as "
            f"{mentioned[0].as_py()!r:.40}; here they are such as {ids[0].as_py()!r:.40}",
            where=frame.name,
            remedy="Ids are compared as texts: give both frames the same",
        )


def _knowledge(facts: pa.Table, items: pa.Table, names: pa.Table | None, report: LoaderReport) -> GraphTables:
    """Return entities and edges of the facts, whose columns are head, relation and tail in this order."""
    sides = zip(("head", "relation", "tail"), facts.columns, strict=True)
    plain = {side: column.cast(pa.string()) for side, column in sides}
    ids = items.column("id")
    return knowledge_graph(pa.table(plain), pa.table({"entity": ids, "item": ids}), report, names=names)


def _mentions(
    rows: RowFilter, user: str, item: str, feature: str, sentiment: str | None, count: str | None, report: LoaderReport
) -> pa.Table:
    rows.ids(user, item)
    rows.texts(feature)
    if sentiment is not None:
        rows.numbers(sentiment_column(sentiment))
    if count is not None:
        rows.numbers(count_column(count))
    table = rows.valid_rows(report).table
    names = zip(MENTIONS.names, (user, item, feature, sentiment, count), strict=True)
    return with_defaults(pa.table({name: table.column(column) for name, column in names if column is not None}))


def _entity_names(frame: Frame, entity: str, name: str, report: LoaderReport) -> pa.Table:
    rows = RowFilter(frame)
    rows.ids(entity)
    rows_kept: Rows = rows.valid_rows(report, also=[name])
    nodes = node_table(rows_kept.table.column(entity), rows_kept.texts(name), None, report, label="Entity")
    numbers = stated(nodes)
    named = nodes if numbers is None else nodes.filter(pa.array(numbers == Stated.DESCRIBED))
    return named.select(["id", "name"]).rename_columns(["entity", "name"])


def _names(columns: Sequence[str]) -> list[str]:
    return [columns] if isinstance(columns, str) else list(columns)


def _separators(columns: Sequence[str] | Mapping[str, str]) -> Mapping[str, str]:
    return columns if isinstance(columns, Mapping) else dict.fromkeys(_names(columns), "")


def _refuse_frameless(frame: str, data: FrameLike | None, *columns: object) -> None:
    if data is None and any(columns):
        raise UsageError(
            f"columns of {frame} are named, but no {frame} were handed in", remedy=f"Give a frame as {frame}=…"
        )


def _refuse_reserved(columns: Sequence[str], owner: NodeLabel | RelationshipType, frame: Frame) -> None:
    taken = [p.name for p in owner.properties]
    for column in columns:
        fault = property_fault(column, taken, edge=isinstance(owner, RelationshipType))
        if fault:
            raise UsageError(
                f"{frame.name} cannot have a property called {column[:60]!r}: the name {fault}",
                remedy="Rename the column, or name it by its own argument",
            )
        taken.append(column)


def _refuse_unnamed(attributes: Iterable[str], frame: Frame) -> None:
    for column in attributes:
        fault = text_fault(column)
        if fault:
            raise UsageError(
                f"{frame.name} cannot have an attribute called {column[:60]!r}: the name {fault}",
                remedy="Rename the column",
            )
