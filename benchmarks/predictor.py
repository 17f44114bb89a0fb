"""How fast one person is answered: loading a model's folder, and recommending with reasons, beside scoring alone.

    python -m benchmarks.predictor [--data FOLDER] [--questions 300]

MovieLens 1M with the users' attributes, RecoNet with random weights (what is answered does not matter to the clock) and
EASE. Each figure is of one thread of one process; the bound that stands beside an answer is ``model.score`` of the same
person and the ten best items, with no reasons, no ids and no objects.
"""

from __future__ import annotations

import argparse
import tempfile
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from statistics import median, quantiles
from typing import TYPE_CHECKING

import numpy as np
import torch

import graphrec as gr
from benchmarks.movielens import data_folder
from graphrec.dataset.profiles import profiles_of
from graphrec.loaders import movielens
from graphrec.rankings.top_items import top_items

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

THREADS = 4


def milliseconds(ask: Callable[[str], object], users: Sequence[str]) -> tuple[float, float]:
    """Return the median and the 95th percentile of the answers' times."""
    times = []
    for user in users:
        begun = time.perf_counter()
        ask(user)
        times.append(1000 * (time.perf_counter() - begun))
    return median(times), quantiles(times, n=20)[-1]


def seconds(what: Callable[[], object], rounds: int = 5) -> tuple[float, float]:
    """Return the least time on the clock and of the processor that something takes."""
    taken = []
    for _ in range(rounds):
        begun, worked = time.perf_counter(), time.process_time()
        what()
        taken.append((time.perf_counter() - begun, time.process_time() - worked))
    return min(clock for clock, _ in taken), min(work for _, work in taken)


def measure(model: gr.models.Model, data: gr.Dataset, folder: Path, questions: int) -> None:
    """Print the figures of one model."""
    gr.save_model(model, folder)
    clock, work = seconds(lambda: gr.load_model(folder))
    print(f"{model.name}: load_model {clock:.3f} s, {work:.3f} s of the processor")
    clock, work = seconds(lambda: gr.Predictor(model, data), rounds=3)
    print(f"{model.name}: Predictor {clock:.3f} s, {work:.3f} s of the processor")
    predictor = gr.Predictor(model, data)
    everyone = data.users.ids.to_pylist()
    users = [everyone[place] for place in np.random.default_rng(0).integers(len(everyone), size=questions)]
    aligned, known = model.align(data)
    allowed = np.ones(len(aligned.items), dtype=np.bool_)
    history = data.items.ids.to_pylist()[:20]

    def bare(user: str) -> object:
        place = aligned.users.positions([user])
        profile = profiles_of(aligned, known, place)
        return top_items(model.score(profile).numpy(), aligned.taken.rows(place), allowed, 10)

    def recommend(user: str) -> object:
        return predictor.recommend(user, k=10, reasons=3)

    asked: dict[str, Callable[[str], object]] = {
        "score and rank alone": bare,
        "recommend 10 with 3 reasons": recommend,
        "why one item, 10 reasons": lambda user: predictor.why(user, history[0]),
        "recommend 10 to a history of 20": lambda _: predictor.recommend(history=history, k=10, reasons=3),
    }
    for name, ask in asked.items():
        milliseconds(ask, users[:20])
        middle, late = milliseconds(ask, users)
        print(f"{model.name}: {name:<34} median {middle:7.2f} ms, p95 {late:7.2f} ms")
    with ThreadPoolExecutor(THREADS) as pool:
        begun = time.perf_counter()
        list(pool.map(recommend, users))
        print(f"{model.name}: {THREADS} threads: {len(users) / (time.perf_counter() - begun):.0f} answers a second")


def main() -> None:
    """Measure both models."""
    parser = argparse.ArgumentParser(description="How fast one person is answered")
    parser.add_argument("--data", type=Path, default=data_folder() / "movielens-1m")
    parser.add_argument("--questions", type=int, default=300)
    options = parser.parse_args()
    torch.set_num_threads(1)
    loaded = movielens.load(options.data, dbpedia=False)
    data = gr.Dataset.from_tables(loaded.tables, loaded.info, positive_if="rating>=3")
    with tempfile.TemporaryDirectory() as folder:
        for model in (gr.models.RecoNet(epochs=1), gr.models.EASE(reg=300)):
            model.fit(data)
            measure(model, data, Path(folder) / model.name, options.questions)


if __name__ == "__main__":
    main()
