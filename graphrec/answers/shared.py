"""The values that a taken item shares with the recommended one, named from the data: what ``attribute:KIND`` claims."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import TYPE_CHECKING, Any, TypeAlias

from graphrec.answers.answer import Node
from graphrec.dataset.kinds import ITEM_ATTRIBUTES
from graphrec.schema.property_graph import VIA_ATTRIBUTE
from graphrec.tables.uri_names import readable_name

if TYPE_CHECKING:
    from collections.abc import Iterable

    from graphrec.answers.answer import Reason
    from graphrec.answers.rows import Row
    from graphrec.dataset.ids import IdMap
    from graphrec.dataset.incidence import Incidence
    from graphrec.schema.elements import EdgeKind

Shared: TypeAlias = Mapping[tuple[str, str, str], tuple[Node, ...]]
"""Ids of recommended and taken item, and ``via``, to the values that they share, in the order of ids."""


def names_a_kind(row: Mapping[Any, Any]) -> bool:
    """Return whether a reason is a taken item that shares values of a kind; ``row`` as for ``reason_of``."""
    return row["ground"] == "history" and row["label"] == "Item" and str(row["via"]).startswith(f"{VIA_ATTRIBUTE}:")


def with_shared(reasons: Iterable[Reason], item: str, shared: Shared) -> tuple[Reason, ...]:
    """Return the reasons for an item, each with the values that it shares with it."""
    return tuple(
        replace(reason, shared=shared[item, reason.evidence.id, reason.via])
        if (item, reason.evidence.id, reason.via) in shared
        else reason
        for reason in reasons
    )


def shared_from_rows(rows: Iterable[Row]) -> Shared:
    """Return what the rows of ``cypher/lookup/shared`` say."""
    shared: dict[tuple[str, str, str], tuple[Node, ...]] = {}
    for row in rows:
        key = str(row["item"]), str(row["id"]), str(row["via"])
        shared[key] = (*shared.get(key, ()), _value(str(row["attribute"]), str(row["name"])))
    return shared


def shared_from_data(
    rows: Iterable[Mapping[Any, Any]], nodes: Mapping[str, IdMap], links: Mapping[EdgeKind, Incidence]
) -> Shared:
    """Return the shared values of a user's reasons, from a data set in memory.

    Args:
        rows: of taken items that share values of a kind, with ``item``, ``id`` and ``via``.
        nodes: label → ids and columns.
        links: kind of edge → what items carry.
    """
    items, attributes, carried = nodes["Item"], nodes["Attribute"], links[ITEM_ATTRIBUTES]
    shared: dict[tuple[str, str, str], tuple[Node, ...]] = {}
    for row in rows:
        one, other = items.positions([row["item"], row["id"]]).tolist()
        if one < 0 or other < 0:
            continue
        both = sorted(set(carried.row(one).tolist()) & set(carried.row(other).tolist()))
        kinds, names = (attributes.columns[name].take(both).to_pylist() for name in ("kind", "name"))
        ids = attributes.ids.take(both).to_pylist()
        of_kind = sorted(
            (identity, name)
            for identity, name, kind in zip(ids, names, kinds, strict=True)
            if row["via"] == f"{VIA_ATTRIBUTE}:{kind}"
        )
        if of_kind:
            shared[row["item"], row["id"], row["via"]] = tuple(_value(*value) for value in of_kind)
    return shared


def _value(identity: str, name: str) -> Node:
    return Node("Attribute", identity, readable_name(identity, name))
