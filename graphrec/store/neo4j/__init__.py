"""The Neo4j store: batches of columns, written once each, read back as Arrow."""

from graphrec.store.neo4j.neo4j_store import Neo4jStore

__all__ = ["Neo4jStore"]
