"""Time the nightly job on MovieLens 1M, embedded: ``python -m benchmarks.refresh ML1M``.

Into a store with a fit and its current run of all users, a night's 1,000 interactions of 200 users are taken in; then
``refresh`` keeps the fit, renews their lists and takes over the others. Beside it stands what ``recommend`` costs over
the same data. Told are seconds on the clock and of the processor, all threads together, and what was done.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
import time
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import pyarrow as pa

import graphrec as gr
from graphrec.schema import EdgeKind
from graphrec.tables import GraphTables

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from graphrec.models.model import Model

USERS, EACH = 200, 5
INTERACTED = EdgeKind("INTERACTED", "User", "Item")
MODELS: dict[str, Callable[[], Model]] = {"ease": gr.models.EASE, "reconet": lambda: gr.models.RecoNet(steps=300)}
"""RecoNet is trained for a moment: how good it is does not matter to what the night costs."""


def night(dataset: gr.Dataset, seed: int) -> GraphTables:
    """Return interactions of some users with items that they have not taken."""
    rng = np.random.default_rng(seed)
    users = rng.choice(len(dataset.users), USERS, replace=False)
    chance = rng.random((USERS, len(dataset.items)))
    taken = dataset.taken.rows(users)
    chance[taken.row_of_entry, taken.indices] = -1.0
    items = np.argsort(-chance, axis=1)[:, :EACH].ravel()
    ends = {"from": dataset.users.ids.take(pa.array(np.repeat(users, EACH))), "to": dataset.items.ids.take(items)}
    numbers = {"rating": np.full(len(items), 5.0), "weight": np.ones(len(items))}
    return GraphTables({}, {INTERACTED: pa.table({**ends, **numbers})})


@contextmanager
def timed(what: str) -> Iterator[None]:
    """Write how long the block took, on the clock and of the processor."""
    clock, processor = time.perf_counter(), time.process_time()
    yield
    seconds = time.perf_counter() - clock, time.process_time() - processor
    sys.stdout.write(f"  {what:<34} {seconds[0]:6.1f} s on the clock {seconds[1]:6.1f} s of the processor\n")
    sys.stdout.flush()


def measure(data: Path, name: str, nights: int) -> None:
    """Time some nights with one model."""
    with tempfile.TemporaryDirectory() as place, gr.open_store(f"{place}/store") as store:
        gr.load(store, "movielens", data)
        dataset = gr.Dataset.from_store(store)
        model, fit = MODELS[name]().fit(dataset), f"{place}/fit"
        gr.save_model(model, fit)
        gr.recommend(model, dataset).write(store)
        for number in range(nights):
            with timed("taking 1,000 interactions in"):
                store.load(night(dataset, number), store.base_dataset())
            with timed("refresh"):
                done = gr.refresh(store, fit)
            sys.stdout.write(f"  {done.decision.why}: {done.renewed:,} computed, {done.kept:,} taken over\n")
            assert done.changes is not None
            sys.stdout.write(f"  {done.changes.changed:,} lists changed, {len(done.retired)} runs removed\n")
            dataset = gr.Dataset.from_store(store)
        store.delete_runs([done.written.run.id])
        with timed("recommend to everybody instead"):
            gr.recommend(model, dataset).write(store)


def main() -> None:
    """Time the models that are named."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("data", type=Path, help="folder of MovieLens 1M")
    parser.add_argument("--models", nargs="+", default=list(MODELS), choices=list(MODELS))
    parser.add_argument("--nights", type=int, default=2, help="from the second on, an old run is removed too")
    options = parser.parse_args()
    for name in options.models:
        sys.stdout.write(f"{name}\n")
        measure(options.data, name, options.nights)


if __name__ == "__main__":
    main()
