"""The property-graph schema, and what is derived from it."""

from graphrec.schema.elements import (
    EdgeKind,
    GraphSchema,
    NodeLabel,
    Property,
    PropertyType,
    RelationshipType,
)
from graphrec.schema.property_graph import EVIDENCE_LABELS, GROUNDS, SCHEMA

__all__ = [
    "EVIDENCE_LABELS",
    "GROUNDS",
    "SCHEMA",
    "EdgeKind",
    "GraphSchema",
    "NodeLabel",
    "Property",
    "PropertyType",
    "RelationshipType",
]
