"""The cost of NAR, CAR and CNR: an epoch at dimension 350 on Amazon Beauty, and the memory of a fit.

    python -m benchmarks.review_models [--data FOLDER] [--models nar car cnr] [--device cpu] [--size 350]

The training part that comes with the data, with the given profiles of users, which are over all reviews, and of items
the sums of the profiles of who took them. Settings as printed, a batch of 1,024. An epoch is the
difference of a fit with two epochs and a fit with one; of CNR both epochs are rounds. Each model is a process of its
own, on the processor with one thread; memory is the peak of the whole process, with imports and data, and on a GPU what
PyTorch held there at most. Goals on one core: 20 s an epoch for CAR, 45 s for NAR, 2 GB.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import time
from pathlib import Path

import torch

import graphrec as gr
from benchmarks.memory_peak import peak
from benchmarks.movielens import data_folder
from graphrec.dataset.dataset import Dataset
from graphrec.loaders.amazon import load
from graphrec.models.registry import registered_model
from graphrec.models.reviews.net_config import AS_PRINTED


def beauty(folder: Path) -> Dataset:
    """Return the training part of Beauty, leaking: given profiles of users, and of items the sums of their takers'."""
    loaded = load(folder)
    data = Dataset.from_tables(loaded.tables, loaded.info)
    parts = gr.split(data, "file", path=folder / "positives.csv")
    return parts.apply(data, visible=gr.VisibleReviews(profiles="given", item_profiles="takers")).train


def measure(name: str, folder: Path, size: int, device: str) -> dict[str, float]:
    """Return seconds on the clock and of the processor of an epoch, and the peak of memory in MB."""
    torch.set_num_threads(1)
    data = beauty(folder)
    settings = {**AS_PRINTED, "embedding_size": size, "batch_size": 1024, "device": device}
    clock, processor = [], []
    if device.startswith("cuda"):  # a GPU is slow to begin with
        registered_model(name)(**{**settings, "epochs": 1}).fit(data)
    for epochs in (1, 2):
        began = time.perf_counter(), time.process_time()
        registered_model(name)(**{**settings, "epochs": epochs}).fit(data)
        clock.append(time.perf_counter() - began[0])
        processor.append(time.process_time() - began[1])
    on_device = torch.cuda.max_memory_allocated() / 1e6 if device.startswith("cuda") else 0.0
    return {
        "seconds": clock[1] - clock[0],
        "processor": processor[1] - processor[0],
        "peak_mb": peak(),
        "device_mb": on_device,
    }


def main() -> None:
    """Measure each model in a process of its own, and print."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--data", type=Path, default=data_folder() / "amazon-2014-features" / "beauty")
    parser.add_argument("--models", nargs="+", default=["car", "nar", "cnr"])
    parser.add_argument("--size", type=int, default=350)
    parser.add_argument("--device", default="cpu")
    parser.add_argument("--alone", default="", help=argparse.SUPPRESS)
    given = parser.parse_args()
    if given.alone:
        print(json.dumps(measure(given.alone, given.data, given.size, given.device)))
        return
    for name in given.models:
        command = [sys.executable, "-m", "benchmarks.review_models", "--alone", name, "--data", str(given.data)]
        command += ["--size", str(given.size), "--device", given.device]
        answer = subprocess.run(command, check=True, capture_output=True, text=True).stdout
        cost = json.loads(answer.splitlines()[-1])
        print(
            f"{name}: an epoch {cost['seconds']:.1f} s, {cost['processor']:.1f} s of the processor; "
            f"peak {cost['peak_mb']:,.0f} MB"
            + (f", {cost['device_mb']:,.0f} MB on the GPU" if cost["device_mb"] else "")
        )


if __name__ == "__main__":
    main()
