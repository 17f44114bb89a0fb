"""Columnar data that crosses modules: graphs, explanations, and the records that describe them."""

from graphrec.tables.conform import conform
from graphrec.tables.explanations import Explanations, as_graph
from graphrec.tables.fingerprint import Fingerprint, fingerprint_of
from graphrec.tables.graph_tables import GraphTables
from graphrec.tables.ids import attribute_id, recommendation_ids
from graphrec.tables.records import DatasetInfo, RunInfo
from graphrec.tables.stored_explanations import as_explanations

__all__ = [
    "DatasetInfo",
    "Explanations",
    "Fingerprint",
    "GraphTables",
    "RunInfo",
    "as_explanations",
    "as_graph",
    "attribute_id",
    "conform",
    "fingerprint_of",
    "recommendation_ids",
]
