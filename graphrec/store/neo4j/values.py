"""From the driver's rows to the data frame that both stores give."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pandas as pd
from neo4j.graph import Node, Path, Relationship

from graphrec.schema.property_graph import SCHEMA

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

_OWN = frozenset(SCHEMA.label_names())


def data_frame(columns: Sequence[str], rows: Iterable[Sequence[Any]]) -> pd.DataFrame:
    """Return rows with nodes, relationships and paths in the store contract's form."""
    return pd.DataFrame([[python_value(value) for value in row] for row in rows], columns=list(columns))


def _label(node: Node) -> str:
    """Return the label of a node; one of ours goes before those that somebody else gave it."""
    return min(node.labels, key=lambda label: (label not in _OWN, label), default="")


def python_value(value: Any) -> Any:
    """Return a node as its properties with ``_label``, a relationship with ``_type``, a path with both lists."""
    if isinstance(value, Node):
        return {**dict(value), "_label": _label(value)}
    if isinstance(value, Relationship):
        return {**dict(value), "_type": value.type}
    if isinstance(value, Path):
        return {"nodes": python_value(list(value.nodes)), "relationships": python_value(list(value.relationships))}
    if isinstance(value, list):
        return [python_value(each) for each in value]
    return {key: python_value(each) for key, each in value.items()} if isinstance(value, dict) else value
