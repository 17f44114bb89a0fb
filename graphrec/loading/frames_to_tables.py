"""From data frames to graph tables, by the same checks and with the same account as files."""

from __future__ import annotations

from difflib import get_close_matches
from typing import TYPE_CHECKING, Any, TypeAlias

from typing_extensions import TypedDict

from graphrec.errors import UsageError
from graphrec.loading.assemble import assemble
from graphrec.loading.attributes import AttributeTables
from graphrec.loading.contract import LoaderReport
from graphrec.loading.frame_attributes import attribute_columns
from graphrec.loading.frame_columns import Frame
from graphrec.loading.frame_graph import FrameGraph, LeftOut
from graphrec.loading.frame_interactions import FrameInteractions
from graphrec.loading.frame_mentions import read_mentions
from graphrec.loading.frame_nodes import FrameNodes, names_of
from graphrec.loading.frame_rows import RowFilter
from graphrec.loading.interactions import INTERACTED
from graphrec.loading.mentions import mention_tables
from graphrec.loading.times import format_fault
from graphrec.loading.unknown_values import remark_on_unknown_values
from graphrec.tables.graph_tables import FROM, TO, GraphTables
from graphrec.tables.records import DatasetInfo

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from graphrec.loading.contract import Loaded
    from graphrec.loading.frame_columns import FrameLike
    from graphrec.loading.times import TimeUnit


AttributeWords: TypeAlias = "Sequence[str] | Mapping[str, str | Mapping[str, Any]]"
"""Columns of attributes: their names, or column to separator or to what a mapping says of such a column."""


class FrameColumns(TypedDict, total=False):
    """The keyword arguments of ``frames_to_tables``, which documents them."""

    user: str
    item: str
    rating: str | None
    weight: str | None
    timestamp: str | None
    time_unit: TimeUnit
    time_format: str
    lowest_rating: float
    interaction_properties: Sequence[str]
    items: FrameLike | Sequence[FrameLike] | None
    item_id: str | None
    item_name: str | None
    item_attributes: AttributeWords
    item_properties: Sequence[str]
    users: FrameLike | Sequence[FrameLike] | None
    user_id: str | None
    user_name: str | None
    user_attributes: AttributeWords
    user_properties: Sequence[str]
    triples: FrameLike | None
    head: str
    relation: str
    tail: str
    only_relations: Sequence[str]
    leave_out_relations: Sequence[str]
    leave_out_entities: Sequence[str]
    most_items: float | None
    links: FrameLike | None
    link_item: str | None
    link_entity: str
    entities: FrameLike | None
    entity_id: str
    entity_name: str | None
    entity_kind: str | None
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
    time_format: str = "",
    lowest_rating: float = 0.0,
    interaction_properties: Sequence[str] = (),
    items: FrameLike | Sequence[FrameLike] | None = None,
    item_id: str | None = None,
    item_name: str | None = None,
    item_attributes: AttributeWords = (),
    item_properties: Sequence[str] = (),
    users: FrameLike | Sequence[FrameLike] | None = None,
    user_id: str | None = None,
    user_name: str | None = None,
    user_attributes: AttributeWords = (),
    user_properties: Sequence[str] = (),
    triples: FrameLike | None = None,
    head: str = "head",
    relation: str = "relation",
    tail: str = "tail",
    only_relations: Sequence[str] = (),
    leave_out_relations: Sequence[str] = (),
    leave_out_entities: Sequence[str] = (),
    most_items: float | None = None,
    links: FrameLike | None = None,
    link_item: str | None = None,
    link_entity: str = "entity",
    entities: FrameLike | None = None,
    entity_id: str = "entity",
    entity_name: str | None = "name",
    entity_kind: str | None = None,
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
        time_format: how its texts are written, in the directives of ``strptime``, instead of a unit: ``%d/%m/%Y``.
        lowest_rating: the smallest rating that is kept.
        interaction_properties: further columns to keep with each interaction.
        items: what is known of the items: a frame, or several, of which each has some of the columns that are named.
            Rows that repeat an id add to it; where two differ, the first stands, and the report says so. Items that
            only interactions name are named by their ids.
        item_id: its column of ids; by default called as ``item``.
        item_name: its column of what a person reads.
        item_attributes: its columns whose values items share, such as a genre; with a separator where a text holds
            several (``{"genres": "|"}``); a column of lists needs none. A dict instead of a separator says what a
            mapping says of such a column: ``list``, ``kind``, ``kind_column``, a rule such as ``{"bins": 5}``
            (``graphrec.loading.signals.attribute_rule``), and ``lookup``, a dict or a frame of codes and values.
        item_properties: its columns that describe one item, such as a price; typed as they are in the frame.
        users: properties of the users, like ``items``.
        user_id: its column of ids; by default called as ``user``.
        user_name: its column of what a person reads.
        user_attributes: its columns whose values users share, like ``item_attributes``.
        user_properties: its columns that describe one user, like ``item_properties``.
        triples: a knowledge graph, one fact per row; a head or tail that is an item's id is that item, unless there
            are ``links``.
        head: its column of heads.
        relation: its column of relations.
        tail: its column of tails.
        only_relations: relations of which triples are kept; all, if empty.
        leave_out_relations: relations of which none is.
        leave_out_entities: ids of entities that are left out with their triples.
        most_items: the share of the items with an entity, above which an entity that they have is left out too.
        links: which entity is which item, one row each.
        link_item: its column of items; by default called as ``item``.
        link_entity: its column of entities, as in ``head`` and ``tail``.
        entities: names and kinds of entities, one row each.
        entity_id: its column of ids, as in ``head`` and ``tail``.
        entity_name: its column of what a person reads, if it has one.
        entity_kind: its column of kinds, such as ``director``.
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
    left_out = LeftOut(
        names_of(only_relations), names_of(leave_out_relations), names_of(leave_out_entities), most_items
    )
    _refuse_frameless("triples", triples, entities is not None, links is not None, left_out.says_anything)
    _refuse_frameless("links", links, link_item)
    _refuse_frameless("entities", entities, entity_kind)
    fault = format_fault(time_format) if time_format else ""
    if fault:
        raise UsageError(
            f"time_format {time_format!r:.60} is no format of strptime that times can be read by: {fault}",
            remedy='Say how the texts are written, such as "%d/%m/%Y %H:%M"',
        )
    report, attributes, unknown = LoaderReport(), AttributeTables(), tuple(names_of(missing))
    item_columns = (item_id or item, item_name, attribute_columns("item", item_attributes), item_properties, unknown)
    user_columns = (user_id or user, user_name, attribute_columns("user", user_attributes), user_properties, unknown)
    sides = {"Item": FrameNodes("item", items, *item_columns), "User": FrameNodes("user", users, *user_columns)}
    taken = FrameInteractions(
        user, item, rating, weight, timestamp, time_unit, time_format, lowest_rating, interaction_properties, unknown
    )
    edges, properties = taken.read(Frame(interactions, "interactions"), report)
    declared = {"INTERACTED": properties}
    nodes = {}
    for label, end in (("Item", TO), ("User", FROM)):
        nodes[label], declared[label] = sides[label].read(label, edges.column(end), attributes, report)
    parts = [GraphTables(nodes, {INTERACTED: edges}), attributes.tables()]
    if triples is not None:
        graph = FrameGraph(
            triples,
            (head, relation, tail),
            links,
            (link_item or item, link_entity),
            entities,
            (entity_id, entity_name, entity_kind),
            left_out,
            unknown,
        )
        parts += graph.read(nodes["Item"], report)
    if mentions is not None:
        rows = RowFilter(Frame(mentions, "mentions"), unknown)
        said = read_mentions(rows, user, item, feature, sentiment, count, report)
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


def _refuse_frameless(frame: str, data: FrameLike | Sequence[FrameLike] | None, *columns: object) -> None:
    if (data is None or (isinstance(data, (list, tuple)) and not data)) and any(columns):
        raise UsageError(
            f"columns of {frame} are named, but no {frame} were handed in", remedy=f"Give a frame as {frame}=…"
        )
