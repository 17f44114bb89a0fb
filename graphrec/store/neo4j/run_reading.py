"""Stream a run back as explanations."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pyarrow as pa

from graphrec import queries
from graphrec.errors import StoreLockedError
from graphrec.schema.neo4j import quote
from graphrec.schema.property_graph import EVIDENCE_LABELS, EXPLAINS
from graphrec.store.neo4j.consistent_reading import state_of
from graphrec.tables.explanations import FACTORS, MEMBERSHIPS, REASONS, RECOMMENDATIONS, Explanations
from graphrec.tables.stored_explanations import without_summaries

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from graphrec.store.neo4j.connection import Connection
    from graphrec.tables.records import RunInfo

USERS_A_BATCH = 500


def read_run(connection: Connection, run: RunInfo) -> Iterator[Explanations]:
    """Yield the run in batches of some users; factors and memberships come with the first.

    Raises:
        StoreLockedError: another process removed the run or changed it meanwhile; said after the last batch.
    """
    before = _state(connection, run)
    yield from _batches(connection, run)
    if _state(connection, run) != before:
        raise StoreLockedError(
            f"another process changed or removed the run {run.id} while it was read",
            where=str(connection.address),
            remedy="Run the same command again",
        )


def _state(connection: Connection, run: RunInfo) -> list[Any]:
    """Return what changes as soon as the run does."""
    return [row for row in state_of(connection).runs if row[0] == run.id]


def _batches(connection: Connection, run: RunInfo) -> Iterator[Explanations]:
    users = [row["user"] for row in connection.read(_text("run_users"), run=run.id)]
    factors = _table(connection.read(_text("run_factors"), fit=run.fit), FACTORS)
    memberships = _table(connection.read(_text("run_memberships"), fit=run.fit), MEMBERSHIPS)
    for start in range(0, max(len(users), min(1, factors.num_rows)), USERS_A_BATCH):
        parameters = {"run": run.id, "users": users[start : start + USERS_A_BATCH]}
        recommended = _table(connection.read(_text("run_recommendations"), **parameters), RECOMMENDATIONS)
        asked = {**parameters, "labels": list(EVIDENCE_LABELS)}
        reasons, summaries = without_summaries(_streamed(connection, _read_reasons(), asked, REASONS))
        yield Explanations(recommended, reasons, factors, memberships, summaries)
        factors, memberships = FACTORS.empty_table(), MEMBERSHIPS.empty_table()


def _read_reasons() -> str:
    """Return a statement with the columns of the reasons' table, in its order."""
    properties = ", ".join(f"e.{quote(p.name)}" for p in EXPLAINS.properties)
    return (
        "UNWIND $users AS id MATCH (:User {id: id})-[:RECEIVED]->(r:Recommendation {run: $run})<-[e:EXPLAINS]-(n) "
        f"RETURN r.user, r.item, [l IN labels(n) WHERE l IN $labels][0], n.id, {properties}"
    )


def _streamed(connection: Connection, text: str, parameters: dict[str, Any], schema: pa.Schema) -> pa.Table:
    rows = list(connection.stream(text, **parameters))
    columns: Sequence[Sequence[Any]] = list(zip(*rows, strict=True)) if rows else [[] for _ in schema]
    return _arrays(columns, schema)


def _table(rows: list[dict[str, Any]], schema: pa.Schema) -> pa.Table:
    return _arrays([[row[name] for row in rows] for name in schema.names], schema)


def _arrays(columns: Sequence[Sequence[Any]], schema: pa.Schema) -> pa.Table:
    arrays = []
    for values, field in zip(columns, schema, strict=True):
        if pa.types.is_dictionary(field.type):
            arrays.append(pa.array(values, field.type.value_type).dictionary_encode())
        else:
            arrays.append(pa.array(values, field.type))
    return pa.table(arrays, schema=schema)


def _text(name: str) -> str:
    return queries.load(f"store/{name}", "neo4j").text
