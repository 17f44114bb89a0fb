"""Reading the interactions of MovieLens 1M out of Neo4j into Arrow, beside a bare driver loop over the same tables.

``NEO4J_PASSWORD=… python -m benchmarks.neo4j_read URI`` empties the database at URI first.

Bar: the median ratio (time of the bare driver over that of graphrec) of interleaved pairs is at least 0.8.
"""

from __future__ import annotations

import argparse

import pyarrow as pa

from benchmarks.neo4j_bare import INTERACTED, Bare, interactions, pairs
from graphrec.store.neo4j import Neo4jStore


def main() -> None:
    """Read in turn from a loaded database."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("uri")
    parser.add_argument("--pairs", type=int, default=5)
    parser.add_argument("--rows", type=int, default=None, help="interactions; all by default")
    options = parser.parse_args()
    tables, info = interactions(options.rows)
    bare = Bare(options.uri)
    with Neo4jStore(options.uri) as store:
        bare.empty()
        store.load(tables, info)
        rows = tables.edges[INTERACTED].num_rows

        def read_edges() -> pa.Table:
            return pa.Table.from_batches(store.read_edges(INTERACTED))

        if not bare.read().num_rows == read_edges().num_rows == rows:
            raise SystemExit("the two read different numbers of rows")
        pairs(options.pairs, rows, read_edges, bare.read, lambda: None)
    bare.close()


if __name__ == "__main__":
    main()
