"""Hand-written code with the Neo4j driver: the baseline of the Neo4j benchmarks.

A loop over the same Arrow tables in the best shape that was found (distinct ends matched once and collected, edges as
positions in them), with 50,000 rows a transaction; no checks, no lock, no progress that survives a crash.
"""

from __future__ import annotations

import os
import statistics
import time
from typing import TYPE_CHECKING, Any

import neo4j
import numpy as np
import pyarrow as pa

from benchmarks.movielens import data_folder
from graphrec.loaders import movielens
from graphrec.schema import EdgeKind
from graphrec.tables import GraphTables

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from graphrec.tables import DatasetInfo, Explanations

INTERACTED = EdgeKind("INTERACTED", "User", "Item")
ROWS = 50_000
EMPTY = (
    "MATCH ()-[r]->() CALL (r) { DELETE r } IN TRANSACTIONS OF 20000 ROWS",
    "MATCH (n) CALL (n) { DELETE n } IN TRANSACTIONS OF 20000 ROWS",
)
NODES = "UNWIND range(0, size($id) - 1) AS k CREATE (:{} {{id: $id[k], name: $name[k]}})"
ENDS = (
    "CALL {{ UNWIND range(0, size($a) - 1) AS k MATCH (n:{} {{id: $a[k]}}) WITH n ORDER BY k RETURN collect(n) AS a }} "
    "CALL {{ UNWIND range(0, size($b) - 1) AS k MATCH (n:{} {{id: $b[k]}}) WITH n ORDER BY k RETURN collect(n) AS b }} "
)
INTERACTIONS = ENDS.format("User", "Item") + (
    "UNWIND range(0, size($at) - 1) AS k WITH a[$at[k]] AS u, b[$to[k]] AS i, k "
    "CREATE (u)-[:INTERACTED {rating: $rating[k], weight: $weight[k], timestamp: $timestamp[k]}]->(i)"
)
RECOMMENDATIONS = ENDS.format("User", "Item") + (
    "MATCH (run:Run {id: $run}) UNWIND range(0, size($at) - 1) AS k WITH a[$at[k]] AS u, b[$to[k]] AS i, run, k "
    "CREATE (u)-[:RECEIVED]->(r:Recommendation {id: $ids[k], name: $name[k], run: $run, user: $user[k], "
    "item: $item[k], score: $score[k], rank: $rank[k], rest: $rest[k], n_reasons: $n_reasons[k]})-[:SUGGESTS]->(i), "
    "(r)-[:FROM_RUN]->(run)"
)
READ = (
    "MATCH (u:User)-[e:INTERACTED]->(i:Item) WITH u, collect(e) AS es, collect(i.id) AS to "
    "RETURN u.id, to, [e IN es | e.rating], [e IN es | e.weight], [e IN es | e.timestamp]"
)


class Bare:
    """A driver and nothing else."""

    def __init__(self, uri: str) -> None:
        auth = (os.environ.get("NEO4J_USERNAME", "neo4j"), os.environ["NEO4J_PASSWORD"])
        self._driver = neo4j.GraphDatabase.driver(uri, auth=auth, notifications_min_severity="OFF")
        self._session = self._driver.session(database="neo4j")

    def close(self) -> None:
        self._session.close()
        self._driver.close()

    def run(self, text: str, **parameters: Any) -> None:
        self._session.execute_write(lambda tx: tx.run(text, parameters).consume())

    def empty(self) -> None:
        for text in EMPTY:
            self._session.run(text).consume()

    def processor_seconds(self) -> float:
        """Return the processor time that the server has used since it started."""
        text = "CALL dbms.queryJmx('java.lang:type=OperatingSystem') YIELD attributes"
        nanoseconds = self._session.run(f"{text} RETURN attributes.ProcessCpuTime.value").single(strict=True)[0]
        return float(nanoseconds / 1e9)

    def remove_runs(self) -> None:
        for pattern in ("()-[x:EXPLAINS|RECEIVED|SUGGESTS|FROM_RUN]->()", "(x:Recommendation|Run)"):
            self._session.run(f"MATCH {pattern} CALL (x) {{ DELETE x }} IN TRANSACTIONS OF 20000 ROWS").consume()

    def load(self, tables: GraphTables) -> None:
        """Create users, items and interactions."""
        for label in ("User", "Item"):
            rows = tables.nodes[label]
            for start in range(0, rows.num_rows, ROWS):
                piece = rows.slice(start, ROWS)
                self.run(NODES.format(label), id=piece["id"].to_pylist(), name=piece["name"].to_pylist())
        edges = tables.edges[INTERACTED]
        for start in range(0, edges.num_rows, ROWS):
            piece = edges.slice(start, ROWS)
            columns = {name: piece[name].to_pylist() for name in ("rating", "weight", "timestamp")}
            self.run(INTERACTIONS, **_ends(piece["from"], piece["to"]), **columns)

    def write(self, run: str, batches: Iterable[Explanations]) -> None:
        """Create a run's recommendations and reasons."""
        self.run("CREATE (:Run {id: $id})", id=run)
        for batch in batches:
            rows = batch.recommendations
            columns = {name: rows[name].to_pylist() for name in rows.column_names}
            ids = [f"{run}|{u}|{i}" for u, i in zip(columns["user"], columns["item"], strict=True)]
            self.run(RECOMMENDATIONS, run=run, ids=ids, **columns, **_ends(rows["user"], rows["item"]))
            for start in range(0, batch.reasons.num_rows, ROWS):
                self._write_reasons(run, batch.reasons.slice(start, ROWS))

    def _write_reasons(self, run: str, rows: pa.Table) -> None:
        columns = {name: rows[name].to_pylist() for name in rows.column_names}
        ids = pa.array([f"{run}|{u}|{i}" for u, i in zip(columns["user"], columns["item"], strict=True)])
        labels = np.asarray(columns.pop("label"))
        names = [name for name in columns if name not in ("user", "item", "evidence")]
        properties = ", ".join(f"{name}: ${name}[k]" for name in names)
        for label in np.unique(labels).tolist():
            kept = np.flatnonzero(labels == label)
            taken = {name: np.asarray(columns[name], dtype=object)[kept].tolist() for name in names}
            text = ENDS.format(label, "Recommendation") + (
                "UNWIND range(0, size($at) - 1) AS k WITH a[$at[k]] AS n, b[$to[k]] AS r, k "
                f"CREATE (n)-[:EXPLAINS {{{properties}}}]->(r)"
            )
            self.run(text, **_ends(rows["evidence"].take(pa.array(kept)), ids.take(pa.array(kept))), **taken)

    def read(self) -> pa.Table:
        """Read all interactions, a record for each user, into one Arrow table."""
        sources: list[str] = []
        lists: list[list[Any]] = [[], [], [], []]
        for user, *columns in self._session.run(READ):
            sources += [user] * len(columns[0])
            for whole, part in zip(lists, columns, strict=True):
                whole.extend(part)
        return pa.table([sources, *lists], names=["from", "to", "rating", "weight", "timestamp"])


def interactions(rows: int | None) -> tuple[GraphTables, DatasetInfo]:
    """Return the users, items and (the first) interactions of MovieLens 1M."""
    loaded = movielens.load(data_folder() / "movielens-1m", dbpedia=False)
    nodes = {label: loaded.tables.nodes[label].select(["id", "name"]) for label in ("User", "Item")}
    edges = loaded.tables.edges[INTERACTED]
    return GraphTables(nodes, {INTERACTED: edges.slice(0, rows)}), loaded.info


def pairs(
    number: int, rows: int, measured: Callable[[], object], bare: Callable[[], object], before: Callable[[], object]
) -> None:
    """Time both in turn, and print rows a second and the ratio of each pair, and the median."""
    ratios = []
    for pair in range(number):
        seconds_of = {}
        for name, job in (("bare", bare), ("graphrec", measured))[:: 1 if pair % 2 else -1]:
            before()
            begun = time.perf_counter()
            job()
            seconds_of[name] = time.perf_counter() - begun
        ratios.append(seconds_of["bare"] / seconds_of["graphrec"])
        speeds = ", ".join(
            f"{name} {seconds:.2f} s ({rows / seconds:,.0f}/s)" for name, seconds in sorted(seconds_of.items())
        )
        print(f"pair {pair + 1}: {speeds}, ratio {ratios[-1]:.2f}", flush=True)
    print(f"median ratio {statistics.median(ratios):.2f} (bar 0.8)")


def _ends(sources: pa.ChunkedArray, targets: pa.ChunkedArray) -> dict[str, list[Any]]:
    ends: dict[str, list[Any]] = {}
    for ids, place, column in (("a", "at", sources), ("b", "to", targets)):
        distinct, positions = np.unique(np.asarray(column.to_pylist(), dtype=object), return_inverse=True)
        ends[ids], ends[place] = distinct.tolist(), positions.tolist()
    return ends
