"""What writing and auditing a run cost beside computing it: ``python -m benchmarks.audit_cost ML1M``.

EASE recommends ten items with ten reasons to everybody on MovieLens 1M, into an embedded store. Told are seconds of the
processor, all threads together: recommending and explaining with nothing written, the whole of ``recommend`` with its
write and its audits, and the audits by themselves. Of what is repeated, the least is told, since other jobs only add.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
import time
from pathlib import Path
from typing import TYPE_CHECKING

import graphrec as gr
from graphrec.audits import audit

if TYPE_CHECKING:
    from collections.abc import Callable


def processor_seconds(do: Callable[[], object], rounds: int = 1) -> float:
    """Return the fewest seconds of the processor that something took in some rounds."""
    taken = []
    for _ in range(rounds):
        before = time.process_time()
        do()
        taken.append(time.process_time() - before)
    return min(taken)


def main() -> None:
    """Measure."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("data", type=Path, help="folder of MovieLens 1M")
    parser.add_argument("--rounds", type=int, default=3)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as place, gr.open_store(f"{place}/store") as store:
        gr.load(store, "movielens", options.data)
        dataset = gr.Dataset.from_store(store)
        model = gr.models.EASE().fit(dataset)
        computed = processor_seconds(lambda: list(gr.recommend(model, dataset).batches()), options.rounds)
        written = processor_seconds(lambda: gr.recommend(model, dataset).write(store))
        audited = processor_seconds(lambda: audit(store, with_reach=False), options.rounds)
    for what, seconds in (
        ("recommend and explain", computed),
        ("the same, written and audited", written),
        ("audits alone", audited),
    ):
        sys.stdout.write(f"{what:<30} {seconds:6.2f} s of the processor\n")
    sys.stdout.write(f"{'audits ÷ explaining':<30} {audited / computed:6.2f}\n")


if __name__ == "__main__":
    main()
