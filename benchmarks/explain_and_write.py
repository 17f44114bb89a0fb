"""All of MovieLens 1M explained and written to the embedded store: 6,040 users × 10 items × 10 reasons.

    python -m benchmarks.explain_and_write [--data FOLDER] [--epochs 1] [--runs 5]

The bound beside it is the same recommending and explaining with nothing written, so that the ratio says what
writing costs. Goal: the whole in under 60 seconds.
"""

from __future__ import annotations

import argparse
import statistics
import tempfile
import time
from dataclasses import replace
from pathlib import Path

from benchmarks.movielens import data_folder, loaded_store
from graphrec.dataset.reading import read_dataset
from graphrec.models.reconet.model import RecoNet
from graphrec.recommend.batches import recommend
from graphrec.recommend.request import Request
from graphrec.recommend.run import run_info


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, default=data_folder() / "movielens-1m")
    parser.add_argument("--epochs", type=int, default=1, help="of training; the times do not depend on it")
    parser.add_argument("--runs", type=int, default=5)
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder, loaded_store(asked.data, Path(folder) / "store") as store:
        dataset = read_dataset(store, "rating>=3")
        model = RecoNet(embedding_size=200, epochs=asked.epochs).fit(dataset)
        request = Request(k=10, reasons=10)
        info = run_info(model, dataset, request)
        whole, bound = [], []
        for number in range(asked.runs):
            started = time.perf_counter()
            rows = [batch.reasons.num_rows for batch in recommend(model, dataset, request)]
            bound.append(time.perf_counter() - started)
            started = time.perf_counter()
            store.write_run(replace(info, id=f"{info.id}-{number}"), recommend(model, dataset, request))
            whole.append(time.perf_counter() - started)
        ratios = [a / b for a, b in zip(whole, bound, strict=True)]
        print(f"{sum(rows):,} reasons, runs: {asked.runs}")
        print(f"recommend + explain + write  {statistics.median(whole):6.1f} s (median), goal 60 s")
        print(f"recommend + explain alone    {statistics.median(bound):6.1f} s (median)")
        print(f"ratio                        {statistics.median(ratios):6.2f} (median of {asked.runs} pairs)")


if __name__ == "__main__":
    main()
