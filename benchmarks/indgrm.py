"""InDGRM: an epoch beside RecBole's autoencoders, a catalogue of 100,000 items, and what an explanation costs.

    python -m benchmarks.indgrm --peer PYTHON [--parts epochs catalogue explanations] [--data FOLDER] [--rounds 3]

PYTHON is the interpreter of an environment with RecBole, made as ``benchmarks.kgcn_peer`` says; only ``epochs`` needs
it. Everything has one thread, and every training a process of its own. Seconds are of the processor, peaks of the whole
process, which reads its data, imports included.

``epochs``: MovieLens 1M, ratings of 4 and more, the training users of the first of five folds of users; InDGRM with its
defaults and genres, RecBole's MultiVAE and MacridVAE with theirs, batches of 2,048 users among them, and MultiVAE with
batches of 256, which InDGRM has. Everybody has the same users and the same catalogue. In rounds that alternate the
median epoch but the first; then medians of the rounds. An epoch is no measure of what is learned, so ndcg@100 of the
held-out test users stands beside it, all ranked by graphrec. RecBole's own metrics are not compared, since they know no
users who are not in its training. Bar: 1.5 s, faster than both peers, 1 GB.

``catalogue``: 100,000 synthetic items, an epoch with ``negatives=2000`` beside one with the softmax over all; then what
scores, evidence and recommendations of the fitted model need.

``explanations``: own weights of InDGRM beside leave-one-out by ``removal``, LIME and SEP; the largest
|score − Σ weights − constant| over ten items of every user; the same with EASE in the score, after a short training.
Bar: 1e-5, 100 × cheaper.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

import torch

from benchmarks.indgrm_catalogue import catalogue_epochs, catalogue_requests, large_catalogue
from benchmarks.indgrm_epochs import epochs_beside_peers, our_epochs
from benchmarks.indgrm_explanations import cost_of_explanations, explanations
from benchmarks.movielens import data_folder

PARTS = ("epochs", "catalogue", "explanations")
WORK = {work.__name__: work for work in (our_epochs, catalogue_epochs, catalogue_requests, explanations)}
"""What runs in a process of its own. The first argument of each is a folder."""


def here(name: str, folder: Path, *arguments: Any) -> dict[str, Any]:
    """Run one of ``WORK`` in a process of its own, with one thread."""
    completed = subprocess.run(
        [sys.executable, "-m", "benchmarks.indgrm", "--work", json.dumps([name, str(folder), *arguments])],
        stdout=subprocess.PIPE,
        text=True,
        check=True,
        env={**os.environ, "OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1"},
    )
    found: dict[str, Any] = json.loads(completed.stdout.splitlines()[-1])
    return found


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--peer", type=Path, help="interpreter of an environment with RecBole, for epochs")
    parser.add_argument("--parts", nargs="+", choices=PARTS, default=PARTS)
    parser.add_argument("--data", type=Path, default=data_folder())
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--epochs", type=int, default=3)
    parser.add_argument("--negatives", type=int, default=2000)
    parser.add_argument("--work", help=argparse.SUPPRESS)
    arguments = parser.parse_args()
    torch.set_num_threads(1)
    if arguments.work:
        name, folder, *settings = json.loads(arguments.work)
        print(json.dumps(WORK[name](Path(folder), *settings)))
        return
    if "epochs" in arguments.parts:
        if arguments.peer is None:
            parser.error("epochs needs --peer")

        def ours(seed: int) -> dict[str, Any]:
            return here("our_epochs", arguments.data, arguments.epochs, seed)

        epochs_beside_peers(ours, arguments.data, arguments.peer.absolute(), arguments.rounds, arguments.epochs)
    if "catalogue" in arguments.parts:
        with tempfile.TemporaryDirectory() as place:
            large_catalogue(here, Path(place), arguments.negatives)
    if "explanations" in arguments.parts:
        cost_of_explanations(here, arguments.data)


if __name__ == "__main__":
    main()
