"""Loading MovieLens 1M into Neo4j, beside a bare driver loop over the same tables.

``NEO4J_PASSWORD=… python -m benchmarks.neo4j_load URI`` empties the database at URI first.

Bar: the median ratio (time of the bare driver over that of graphrec) of interleaved pairs is at least 0.8.
"""

from __future__ import annotations

import argparse

from benchmarks.neo4j_bare import Bare, interactions, pairs
from graphrec.store.neo4j import Neo4jStore


def main() -> None:
    """Load in turn, each time into an empty database."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("uri")
    parser.add_argument("--pairs", type=int, default=5)
    parser.add_argument("--rows", type=int, default=None, help="interactions; all by default")
    options = parser.parse_args()
    tables, info = interactions(options.rows)
    bare = Bare(options.uri)
    with Neo4jStore(options.uri) as store:
        bare.empty()
        store.load(tables, info)  # also makes the constraints, which both then find, and warms the server up
        rows = sum(tables.counts().values())
        pairs(options.pairs, rows, lambda: store.load(tables, info), lambda: bare.load(tables), bare.empty)
    bare.close()


if __name__ == "__main__":
    main()
