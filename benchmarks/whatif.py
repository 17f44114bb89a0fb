"""How fast a what-if is answered: by a loaded predictor, and by the command started anew.

    python -m benchmarks.whatif [--data FOLDER] [--questions 200] [--rounds 7]

MovieLens 1M with the users' attributes and DBpedia in an embedded store; RecoNet (one epoch: what is answered does not
matter to the clock) and EASE. A question takes away a genre of a user, and an item in every second one. Beside the
command stand processes that only import what it cannot do without, and PyTorch, which it does not import. Times of the
processor are those of the process and its threads; they depend less on what else the machine does. The aims are 100 ms
warm and 1 s cold.
"""

from __future__ import annotations

import argparse
import os
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from statistics import median
from typing import TYPE_CHECKING

import numpy as np
import torch

import graphrec as gr
from benchmarks.movielens import data_folder
from benchmarks.predictor import milliseconds
from graphrec.loaders import movielens

if TYPE_CHECKING:
    from collections.abc import Callable

AIM_WARM_MS, AIM_COLD_S = 100.0, 1.0
COMMAND = "from graphrec.commands.main import main; main()"
IMPORTS = {
    "import torch": "import torch",
    "import what the command needs": "import pandas, pyarrow.parquet, pydantic, typer, ladybug",
}


def questions(data: gr.Dataset, count: int) -> list[tuple[str, list[str]]]:
    """Return users with selections that take something away from them."""
    drawn = np.random.default_rng(0).choice(len(data.users), size=count, replace=False)
    reached = data.taken.rows(drawn).reach(data.item_attributes)
    genres = np.asarray(data.attributes.columns["kind"].to_pylist()) == "genre"
    asked = []
    for place, user in enumerate(drawn.tolist()):
        genre = next(attribute for attribute in reached.row(place).tolist() if genres[attribute])
        selections = [f"attribute:{data.attributes.ids[genre].as_py()}"]
        if place % 2:
            selections.append(f"item:{data.items.ids[int(data.taken.row(user)[0])].as_py()}")
        asked.append((data.users.ids[user].as_py(), selections))
    return asked


def warm(predictor: gr.Predictor, asked: list[tuple[str, list[str]]]) -> None:
    """Print the times of a loaded predictor."""
    name = predictor.whatif(asked[0][0], without=asked[0][1]).model
    of_user = dict(asked)
    ways: dict[str, Callable[[str], object]] = {
        "go": lambda user: predictor.whatif(user, without=of_user[user]),
        "stay": lambda user: predictor.whatif(user, without=of_user[user], attributes="stay"),
    }
    for way, ask in ways.items():
        milliseconds(ask, list(of_user)[:20])
        middle, late = milliseconds(ask, list(of_user))
        print(f"{name}: warm, {way:<5} median {middle:6.2f} ms, p95 {late:6.2f} ms   aim {AIM_WARM_MS:.0f} ms")


def process(arguments: list[str]) -> tuple[float, float]:
    """Return the seconds on the clock and of the processor that a Python process takes."""
    before, begun = resource.getrusage(resource.RUSAGE_CHILDREN), time.perf_counter()
    subprocess.run([sys.executable, *arguments], check=True, capture_output=True)
    clock, after = time.perf_counter() - begun, resource.getrusage(resource.RUSAGE_CHILDREN)
    return clock, after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def cold(lines: dict[str, list[str]], rounds: int) -> None:
    """Print the times of processes started anew, round by round, each line once a round."""
    taken = [{name: process(line) for name, line in lines.items()} for _ in range(rounds)]
    for name in lines:
        clock, work = ([times[name][which] for times in taken] for which in (0, 1))
        aim = f"   aim {AIM_COLD_S:.0f} s" if name.startswith("graphrec") else ""
        print(
            f"{name:<32} clock {median(clock):.2f} s (least {min(clock):.2f}), "
            f"processor {median(work):.2f} s (least {min(work):.2f}){aim}"
        )


def main() -> None:
    """Load, fit, and measure both models."""
    parser = argparse.ArgumentParser(description="How fast a what-if is answered")
    parser.add_argument("--data", type=Path, default=data_folder() / "movielens-1m")
    parser.add_argument("--questions", type=int, default=200)
    parser.add_argument("--rounds", type=int, default=7)
    options = parser.parse_args()
    loaded = movielens.load(options.data)
    with tempfile.TemporaryDirectory() as folder, gr.open_store(f"{folder}/store") as store:
        store.load(loaded.tables, loaded.info)
        data = gr.Dataset.from_store(store, "rating>=3")
        asked = questions(data, options.questions)
        lines = {name: ["-c", text] for name, text in IMPORTS.items()}
        for model in (gr.models.RecoNet(epochs=1), gr.models.EASE(reg=300)):
            fit = Path(folder) / model.name
            gr.save_model(model.fit(data), fit)
            user, selections = asked[1]
            chosen = [word for selection in selections for word in ("--without", selection)]
            line = ["whatif", user, *chosen, "--model", str(fit), "--store", f"{folder}/store"]
            lines[f"graphrec whatif, {model.name}"] = ["-c", COMMAND, *line]
            torch.set_num_threads(1)
            warm(gr.Predictor(model, data), asked)
        cold(lines, options.rounds)
    print(f"load average {os.getloadavg()[0]:.1f}")


if __name__ == "__main__":
    main()
