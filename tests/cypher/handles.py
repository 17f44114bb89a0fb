"""The bare engines with the small graph in them: what the shipped Cypher is tested on, apart from the stores."""

from __future__ import annotations

from abc import ABC, abstractmethod
from typing import TYPE_CHECKING, Any, TypeVar

import pandas as pd
import pyarrow as pa

from graphrec import queries
from graphrec.schema import SCHEMA
from graphrec.store.embedded.engine import Engine
from graphrec.tables import GraphTables, as_graph, conform

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    import neo4j

    from graphrec.tables import Explanations, RunInfo

T = TypeVar("T")


class Handle(ABC):
    """One engine; ``query`` as a store has it."""

    engine: str

    @abstractmethod
    def query(self, text: str, parameters: Mapping[str, Any] | None = None) -> pd.DataFrame:
        """Run a Cypher text."""

    def consistent(self, read: Callable[[], T]) -> T:
        """Return what ``read`` returns: nobody else writes."""
        return read()

    @abstractmethod
    def put(self, tables: GraphTables) -> None:
        """Store tables as they are."""

    def put_run(self, run: RunInfo, explanations: Explanations) -> None:
        """Store a run as its record says it is, whole or not."""
        row = GraphTables({"Run": pa.Table.from_pylist([run.to_row()])})
        self.put(row)
        self.put(as_graph(explanations, run.id))

    def ask(self, name: str, **values: Any) -> list[tuple[Any, ...]]:
        """Run a shipped query and return its rows."""
        rows = self.query(queries.load(name, self.engine).text, values)
        return [tuple(_plain(value) for value in row) for row in rows.itertuples(index=False)]

    def columns(self, name: str, wanted: tuple[str, ...], **values: Any) -> list[tuple[Any, ...]]:
        """Run a shipped query and return some columns of its rows."""
        rows = self.query(queries.load(name, self.engine).text, values)
        return [tuple(_plain(value) for value in row) for row in rows[list(wanted)].itertuples(index=False)]


class LadybugHandle(Handle):
    """An embedded database in memory."""

    engine = "ladybug"

    def __init__(self) -> None:
        self._engine = Engine("")
        self._engine.create(SCHEMA)

    def query(self, text: str, parameters: Mapping[str, Any] | None = None) -> pd.DataFrame:
        result = self._engine.run(text, parameters)
        rows = []
        while result.has_next():
            rows.append(result.get_next())
        return pd.DataFrame(rows, columns=result.get_column_names(), dtype=object)

    def put(self, tables: GraphTables) -> None:
        held = conform(tables, SCHEMA)
        for label, table in held.nodes.items():
            self._engine.copy_nodes(label, _decoded(table))
        for kind, table in held.edges.items():
            self._engine.copy_edges(kind, _decoded(table))

    def close(self) -> None:
        self._engine.close()


class Neo4jHandle(Handle):
    """A session of a real server."""

    engine = "neo4j"

    def __init__(self, session: neo4j.Session) -> None:
        self._session = session

    def query(self, text: str, parameters: Mapping[str, Any] | None = None) -> pd.DataFrame:
        result = self._session.run(text, dict(parameters or {}))
        columns = result.keys()
        return pd.DataFrame([record.values() for record in result], columns=columns, dtype=object)

    def put(self, tables: GraphTables) -> None:
        held = conform(tables, SCHEMA)
        for label, table in held.nodes.items():
            self.query(f"UNWIND $rows AS row CREATE (n:{label}) SET n = row", {"rows": table.to_pylist()})
        for kind, table in held.edges.items():
            rows = [{"ends": [row.pop("from"), row.pop("to")], "more": row} for row in table.to_pylist()]
            text = (
                f"UNWIND $rows AS row MATCH (a:{kind.source} {{id: row.ends[0]}}) "
                f"MATCH (b:{kind.target} {{id: row.ends[1]}}) CREATE (a)-[e:{kind.type}]->(b) SET e = row.more"
            )
            self.query(text, {"rows": rows})


def _decoded(table: pa.Table) -> pa.Table:
    columns = [c.cast(pa.string()) if pa.types.is_dictionary(c.type) else c for c in table.columns]
    return pa.table(columns, names=table.column_names)


def _plain(value: Any) -> Any:
    if isinstance(value, float):
        return None if pd.isna(value) else round(value, 9)
    return value
