"""All of MovieLens 1M explained and written to the embedded store: 6,040 users × 10 items × 10 reasons.

    python -m benchmarks.explain_and_write [--data FOLDER] [--epochs 1] [--runs 5]

Each time a freshly loaded store gets one run. The bound beside it is the same recommending and explaining with nothing
written, so that the ratio says what writing costs. Goal: the whole in under 60 seconds.
"""

from __future__ import annotations

import argparse
import statistics
import tempfile
import time
from pathlib import Path

from benchmarks.movielens import data_folder, loaded_store
from graphrec.dataset.dataset import Dataset
from graphrec.models.reconet.model import RecoNet
from graphrec.recommendation.batches import recommend
from graphrec.recommendation.request import Request
from graphrec.recommendation.run_record import run_info


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, default=data_folder() / "movielens-1m")
    parser.add_argument("--epochs", type=int, default=1, help="of training; the times do not depend on it")
    parser.add_argument("--runs", type=int, default=5)
    arguments = parser.parse_args()
    request = Request(k=10, reasons=10)
    model = None
    whole, bound, rows = [], [], 0
    for _ in range(arguments.runs):
        with tempfile.TemporaryDirectory() as folder, loaded_store(arguments.data, Path(folder) / "store") as store:
            dataset = Dataset.from_store(store, "rating>=3")
            model = model or RecoNet(embedding_size=200, epochs=arguments.epochs).fit(dataset)
            started = time.perf_counter()
            rows = sum(batch.reasons.num_rows for batch in recommend(model, dataset, request))
            bound.append(time.perf_counter() - started)
            started = time.perf_counter()
            store.write_run(run_info(model, dataset, request), recommend(model, dataset, request))
            whole.append(time.perf_counter() - started)
    ratios = [a / b for a, b in zip(whole, bound, strict=True)]
    print(f"{rows:,} reasons, {arguments.runs} runs")
    print(
        f"recommend + explain + write  {statistics.median(whole):6.1f} s (median; {min(whole):.1f} to {max(whole):.1f})"
    )
    print(
        f"recommend + explain alone    {statistics.median(bound):6.1f} s (median; {min(bound):.1f} to {max(bound):.1f})"
    )
    print(f"ratio                        {statistics.median(ratios):6.2f} (median of the pairs)")


if __name__ == "__main__":
    main()
