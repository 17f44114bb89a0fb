"""The cost of the resolved model: an epoch, a whole evaluation, memory.

    python -m benchmarks.resolved_cost [--data FOLDER] [--sets lastfm movielens-1m movielens-1m:4] [--rounds 3]

LastFM with KGCN's graph, every play positive, and MovieLens 1M with its DBpedia graph, ratings of 4 and 5; ``:4`` has
every user four times. Each user's cut 60/20/20, so that everybody is evaluated; the model's settings as they come. An
epoch is the difference of a fit with three epochs and a fit with one, halved; an evaluation is ndcg@100 and recall at
2, 10, 50 and 100 of every user with a test part, all items that the user has not taken ranked. Each set is a process
of its own, with as many threads as PyTorch takes; seconds on the clock and of the processor, medians of interleaved
rounds. Memory is the peak of the whole process, which loads the set, reads it, trains and evaluates, above its imports.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import TYPE_CHECKING

from benchmarks.embedded_jobs import expanded, middle, movielens
from benchmarks.memory_peak import peak
from benchmarks.movielens import data_folder
from graphrec.store.opening import open_store

if TYPE_CHECKING:
    from collections.abc import Callable

    from graphrec.dataset.dataset import Dataset

METRIC_NAMES = ["ndcg@100", "recall@2", "recall@10", "recall@50", "recall@100"]


def loaded(name: str, source: Path, folder: Path) -> Dataset:
    """Read a set, ``movielens-1m:4`` with every user four times."""
    from graphrec.dataset.dataset import Dataset
    from graphrec.loaders.lastfm import load

    name, _, times = name.partition(":")
    if name == "lastfm":
        lastfm = load(source / "lastfm-hetrec2011", graph="kgcn", min_taggers=0)
        tables, info = lastfm.tables, lastfm.info
    else:
        base, info = movielens(source / "movielens-1m")
        tables = expanded(base, int(times or 1))
    with open_store(str(folder / "store")) as store:
        store.load(tables, info)
        return Dataset.from_store(store, "" if name == "lastfm" else "rating>=4")


def measure(name: str, source: Path, rounds: int) -> None:
    """Measure a set in this process and print its cost."""
    from graphrec.dataset.splitting import random_split
    from graphrec.evaluation import evaluate
    from graphrec.models.resolved.model import Resolved

    before = peak()
    with tempfile.TemporaryDirectory() as folder:
        dataset = loaded(name, source, Path(folder))
    data = random_split(dataset).apply(dataset)
    fitted = Resolved(epochs=1).fit(data.train)
    jobs: dict[str, Callable[[], object]] = {
        "one": lambda: Resolved(epochs=1).fit(data.train),
        "three": lambda: Resolved(epochs=3).fit(data.train),
        "evaluation": lambda: evaluate(fitted, data, METRIC_NAMES),
    }
    taken: dict[str, list[float]] = {f"{job} {of}": [] for job in jobs for of in ("clock", "processor")}
    for _ in range(rounds):
        for job, do in jobs.items():
            began, used = time.perf_counter(), time.process_time()
            do()
            taken[f"{job} clock"].append(time.perf_counter() - began)
            taken[f"{job} processor"].append(time.process_time() - used)
    medians = {job: middle(of) for job, of in taken.items()}
    interactions, users = data.train.positives.n_entries, int((data.test.counts > 0).sum())
    print(json.dumps({**medians, "memory": peak() - before, "interactions": interactions, "users": users}))


def report(name: str, cost: dict[str, float]) -> None:
    """Print the cost of a set."""
    epoch, processor = ((cost[f"three {of}"] - cost[f"one {of}"]) / 2 for of in ("clock", "processor"))
    print(
        f"{name}: {cost['interactions']:,.0f} interactions, {cost['users']:,.0f} users evaluated; "
        f"an epoch {epoch:.2f} s ({processor:.2f} s of the processor), an evaluation "
        f"{cost['evaluation clock']:.2f} s ({cost['evaluation processor']:.2f} s), "
        f"{cost['evaluation processor'] / processor:.2f} of an epoch; {cost['memory']:,.0f} MB",
        flush=True,
    )


def main() -> None:
    """Measure each set in a process of its own."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, default=data_folder())
    parser.add_argument("--sets", nargs="+", default=["lastfm", "movielens-1m", "movielens-1m:4"])
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--here", action="store_true", help=argparse.SUPPRESS)
    arguments = parser.parse_args()
    if arguments.here:
        measure(arguments.sets[0], arguments.data, arguments.rounds)
        return
    for name in arguments.sets:
        command = [sys.executable, "-m", "benchmarks.resolved_cost", "--here", "--data", str(arguments.data)]
        command += ["--sets", name, "--rounds", str(arguments.rounds)]
        answer = subprocess.run(command, stdout=subprocess.PIPE, text=True, check=True)
        report(name, json.loads(answer.stdout.splitlines()[-1]))


if __name__ == "__main__":
    main()
