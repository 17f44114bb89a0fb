"""What a taken item shares with the recommended one, named from the data: values of a kind, or entities."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import TYPE_CHECKING, Any, TypeAlias

import numpy as np

from graphrec.answers.answer import Node
from graphrec.dataset.kinds import ITEM_ATTRIBUTES, ITEM_ENTITIES
from graphrec.schema.property_graph import VIA_ATTRIBUTE, VIA_ENTITIES
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
    return _is_taken_item(row) and str(row["via"]).startswith(f"{VIA_ATTRIBUTE}:")


def names_entities(row: Mapping[Any, Any]) -> bool:
    """Return whether a reason is a taken item that shares entities; ``row`` as for ``reason_of``."""
    return _is_taken_item(row) and row["via"] == VIA_ENTITIES


def with_shared(reasons: Iterable[Reason], item: str, shared: Shared) -> tuple[Reason, ...]:
    """Return the reasons for an item, each with the values that it shares with it."""
    return tuple(
        replace(reason, shared=shared[item, reason.evidence.id, reason.via])
        if (item, reason.evidence.id, reason.via) in shared
        else reason
        for reason in reasons
    )


def shared_from_rows(rows: Iterable[Row], label: str) -> Shared:
    """Return what the rows of ``cypher/lookup/shared``, or ``shared_entities``, say.

    Args:
        rows: in the order of ids.
        label: of what is shared, Attribute or Entity.
    """
    shared: dict[tuple[str, str, str], tuple[Node, ...]] = {}
    for row in rows:
        key = str(row["item"]), str(row["id"]), str(row["via"])
        shared[key] = (*shared.get(key, ()), _node(label, str(row[label.lower()]), str(row["name"])))
    return shared


def shared_from_data(
    rows: Iterable[Mapping[Any, Any]], nodes: Mapping[str, IdMap], links: Mapping[EdgeKind, Incidence]
) -> Shared:
    """Return what is shared in a user's reasons, from a data set in memory.

    Args:
        rows: of any reasons, with ``item``, ``id``, ``via``, ``label`` and ``ground``.
        nodes: label → ids and columns.
        links: kind of edge → what items carry.
    """
    shared: dict[tuple[str, str, str], tuple[Node, ...]] = {}
    for row in rows:
        if names_a_kind(row):
            found = _both(row, nodes, "Attribute", links[ITEM_ATTRIBUTES])
        elif names_entities(row):
            found = _both(row, nodes, "Entity", links[ITEM_ENTITIES])
        else:
            continue
        if found:
            shared[row["item"], row["id"], row["via"]] = found
    return shared


def _both(row: Mapping[Any, Any], nodes: Mapping[str, IdMap], label: str, carried: Incidence) -> tuple[Node, ...]:
    """Return the nodes of a label that both items carry, those of attributes of the kind that the way names."""
    one, other = nodes["Item"].positions([row["item"], row["id"]]).tolist()
    if one < 0 or other < 0:
        return ()
    both = np.intersect1d(carried.row(one), carried.row(other))
    ids, names = nodes[label].ids.take(both).to_pylist(), nodes[label].columns["name"].take(both).to_pylist()
    if label == "Attribute":
        kinds = nodes[label].columns["kind"].take(both).to_pylist()
        is_meant = [row["via"] == f"{VIA_ATTRIBUTE}:{kind}" for kind in kinds]
    else:
        is_meant = [True] * len(ids)
    named = sorted((identity, name) for identity, name, meant in zip(ids, names, is_meant, strict=True) if meant)
    return tuple(_node(label, *each) for each in named)


def _is_taken_item(row: Mapping[Any, Any]) -> bool:
    return bool(row["ground"] == "history" and row["label"] == "Item")


def _node(label: str, identity: str, name: str) -> Node:
    return Node(label, identity, readable_name(identity, name))
