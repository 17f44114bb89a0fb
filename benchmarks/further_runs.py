"""What a further run costs in an embedded store of several: made-up runs of MovieLens 1M's shape, 604,000 reasons each.

Told are seconds on the clock and of the processor, all threads together.

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
            started, processor = time.perf_counter(), time.process_time()
            store.write_run(replace(synthetic.RUN, id=f"run-{number}", fit=f"fit-{number}"), [explanations])
            seconds, processor = time.perf_counter() - started, time.process_time() - processor
            size = (store.path / "graph.lbug").stat().st_size
            print(
                f"run {number}: {seconds:6.1f} s on the clock, {processor:6.1f} s of the processor, "
                f"database {size / 1e6:,.0f} MB",
                flush=True,
            )


if __name__ == "__main__":
    main()
