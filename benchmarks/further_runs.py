"""What a further run costs in an embedded store of several: made-up runs of MovieLens 1M's shape, 604,000 reasons each.

python -m benchmarks.further_runs [--runs 4]
"""

from __future__ import annotations

import argparse
import tempfile
import time
from dataclasses import replace
from pathlib import Path

from benchmarks import synthetic
from graphrec.store.embedded.embedded_store import EmbeddedStore


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--runs", type=int, default=4)
    arguments = parser.parse_args()
    tables, explanations = synthetic.build()
    with tempfile.TemporaryDirectory() as folder, EmbeddedStore(Path(folder) / "store") as store:
        store.load(tables, synthetic.INFO)
        for number in range(1, arguments.runs + 1):
            started = time.perf_counter()
            store.write_run(replace(synthetic.RUN, id=f"run-{number}", fit=f"fit-{number}"), [explanations])
            seconds = time.perf_counter() - started
            size = (store.path / "graph.lbug").stat().st_size
            print(f"run {number}: {seconds:6.1f} s, database {size / 1e6:,.0f} MB", flush=True)


if __name__ == "__main__":
    main()
