"""KGCN of RecBole beside models of graphrec: interactions trained on, and users evaluated, in a second of one core.

    python -m benchmarks.kgcn_peer --peer PYTHON [--data FOLDER] [--rounds 3] [--models kgcn resolved]

PYTHON is the interpreter of an environment with RecBole. RecBole 1.2.1 was written for NumPy before 2 and pandas
before 3, and pins ray before 2.7, for which there are wheels up to Python 3.11:

    python3.11 -m venv peer && peer/bin/pip install recbole "numpy<2" "pandas<2.3"

There it runs as it is released: nothing is stood in for. (It reads its own checkpoints in a way that PyTorch from 2.6
refuses; none is read or written here.)

Data: LastFM with KGCN's graph, the users' split of the resolved model's paper, seed 0; the same training part, facts,
held-out items and candidates (all items that a user has not taken) for everyone, the same metrics: recall and ndcg at
2, 10, 50 and 100. The measure itself is held to RecBole's: its model's scores, measured by graphrec, must give the
values that it prints. Both KGCN have the same settings. RecBole trains with its own batch size of 2,048 and is spared
the triples that its KGCN draws without using them; of three evaluation batch sizes its fastest counts.
``resolved-sampled`` normalises over drawn items: with its own 128 users in a step, with 192, whose interactions are
about the 2,048 of the peer's, and with 512, whose accuracy is in ``benchmarks.sampled_softmax``.

Everyone has one thread of one process. Processor time: rounds alternate; of each round the median epoch but the first,
and one evaluation; then medians of the rounds. "Interactions" are positives, with whatever each model sets against
them.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import tempfile
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import torch

from benchmarks.movielens import data_folder
from graphrec.dataset.dataset import Dataset
from graphrec.dataset.splitting import user_split
from graphrec.evaluation import evaluate, rank_metrics
from graphrec.loaders.lastfm import load
from graphrec.models.registry import find_model
from graphrec.store.opening import open_store

if TYPE_CHECKING:
    from collections.abc import Iterable

    from graphrec.dataset.incidence import Incidence
    from graphrec.dataset.splitting import SplitData

CUTS = [2, 10, 50, 100]
METRIC_NAMES = [f"{name}@{k}" for name in ("recall", "ndcg") for k in CUTS]
SHARED: dict[str, Any] = {"learning_rate": 5e-3, "neighbours": 8, "hops": 1}
OURS: dict[str, tuple[str, dict[str, Any]]] = {
    "kgcn": ("kgcn", {**SHARED, "batch_size": 2048, "embedding_size": 64, "reg": 2e-5}),
    "resolved-sampled": ("resolved", {"negatives": 128, "negatives_by": "popularity"}),
    "resolved-sampled-192": ("resolved", {"negatives": 128, "negatives_by": "popularity", "batch_size": 192}),
    "resolved-sampled-512": ("resolved", {"negatives": 128, "negatives_by": "popularity", "batch_size": 512}),
}
"""Name in the registry and settings of our models; those not named here have their own."""
PEER: dict[str, Any] = {**SHARED, "batch": 2048, "dim": 64, "reg": 2e-5, "eval_batches": [4096, 16384, 65536]}


def loaded(source: Path) -> Dataset:
    """Read LastFM with KGCN's graph, without tags."""
    with tempfile.TemporaryDirectory() as folder:
        lastfm = load(source, graph="kgcn", min_taggers=0)
        with open_store(str(Path(folder) / "store")) as store:
            store.load(lastfm.tables, lastfm.info)
            return Dataset.from_store(store)


def hand_over(data: SplitData, folder: Path) -> None:
    """Write the peer's input: RecBole's atomic files, and the users and items whose scores are requested."""
    place = folder / "peer"
    place.mkdir()

    def write(name: str, head: str, rows: Iterable[tuple[Any, ...]]) -> None:
        lines = ["\t".join(f"{column}:token" for column in head.split()), *("\t".join(row) for row in rows)]
        (place / f"peer.{name}").write_text("\n".join(lines) + "\n", encoding="utf-8")

    def pairs(part: Incidence) -> Iterable[tuple[str, str]]:
        return ((f"u{user}", f"i{item}") for user, item in zip(part.row_of_entry, part.indices, strict=True))

    for name, part in (("train", data.train.positives), ("valid", data.validation), ("test", data.test)):
        write(f"{name}.inter", "user_id item_id", pairs(part))
    graph, n_items = data.train.knowledge, len(data.train.items)
    facts = zip(graph.head, graph.relation, graph.tail, strict=True)
    write("kg", "head_id relation_id tail_id", ((f"e{head}", f"r{kind}", f"e{tail}") for head, kind, tail in facts))
    write("link", "item_id entity_id", ((f"i{item}", f"e{item}") for item in range(n_items)))
    requested = {
        "users": [f"u{user}" for user in np.flatnonzero(data.test.counts)],
        "items": [f"i{item}" for item in range(n_items)],
    }
    (folder / "requested.json").write_text(json.dumps(requested), encoding="utf-8")


def peer_round(python: Path, folder: Path, number: int, epochs: int) -> dict[str, Any]:
    """Train and evaluate the peer in a process of its own."""
    settings = {**PEER, "epochs": epochs, "seed": number + 1, "topk": CUTS}
    script = Path(__file__).with_name("recbole_kgcn.py")
    completed = subprocess.run(
        [str(python), str(script), str(folder), json.dumps(settings)],
        capture_output=True,
        text=True,
        cwd=folder,
        env={**os.environ, "OMP_NUM_THREADS": "1", "PYTHONPATH": ""},
        check=False,
    )
    if completed.returncode:
        raise SystemExit(f"the peer failed:\n{completed.stderr[-4000:]}")
    outcome: dict[str, Any] = json.loads(completed.stdout.splitlines()[-1])
    return outcome


def agreement(outcome: dict[str, Any], data: SplitData, folder: Path) -> float:
    """Return the largest difference between RecBole's own metrics and ours of its scores."""
    test_users = np.flatnonzero(data.test.counts)
    scores = np.load(folder / "scores.npy")
    metrics = rank_metrics(
        lambda users: scores[np.searchsorted(test_users, users)],
        data.train.taken,
        data.test,
        [("recall" if name.startswith("recall") else "ndcg", int(name.split("@")[1])) for name in METRIC_NAMES],
    )
    return max(abs(float(metrics[name].mean()) - float(outcome["metrics"][name])) for name in METRIC_NAMES)


def our_round(name: str, data: SplitData, number: int, epochs: int) -> tuple[float, float]:
    """Return the seconds of an epoch and of an evaluation of one of our models."""
    ended: list[float] = []

    def note(phase: str, done: int, _total: int) -> None:
        if phase == "training" and done == len(ended):
            ended.append(time.process_time())

    registered, settings = OURS.get(name, (name, {}))
    model = find_model(registered)(**settings, seed=number, epochs=epochs, device="cpu")
    model.fit(data.train, progress=note)
    started = time.process_time()
    evaluate(model, data, METRIC_NAMES)
    return float(np.median(np.diff(ended)[1:])), time.process_time() - started


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--peer", type=Path, required=True, help="interpreter of an environment with RecBole")
    parser.add_argument("--data", type=Path, default=data_folder() / "lastfm-hetrec2011")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--epochs", type=int, default=6)
    parser.add_argument("--models", nargs="+", default=["kgcn", "resolved", *(name for name in OURS if name != "kgcn")])
    arguments = parser.parse_args()
    torch.set_num_threads(1)
    dataset = loaded(arguments.data)
    data = user_split(dataset, validation=200, test=200, given=0.8, given_in_training=True).apply(dataset)
    taken: dict[str, list[tuple[float, float]]] = {name: [] for name in ["peer", *arguments.models]}
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        hand_over(data, folder)
        for number in range(arguments.rounds):
            outcome = peer_round(arguments.peer.absolute(), folder, number, arguments.epochs)
            taken["peer"].append((float(np.median(outcome["epochs"][1:])), min(outcome["evaluations"].values())))
            apart = agreement(outcome, data, folder)
            for model_name in arguments.models:
                taken[model_name].append(our_round(model_name, data, number, arguments.epochs))
            print(f"round {number + 1}: {taken_last(taken)}; metrics differ by {apart:.1e} at most", flush=True)
            if apart > 2e-5:
                raise SystemExit("RecBole's metrics are not ours: what is timed is not the same")
    print("peer:", ", ".join(f"{name} {of}" for name, of in outcome["versions"].items()))
    report(taken, data.train.positives.n_entries, int(np.count_nonzero(data.test.counts)))


def taken_last(taken: dict[str, list[tuple[float, float]]]) -> str:
    return ", ".join(f"{name} {of[-1][0]:.3f} s an epoch, {of[-1][1]:.3f} s evaluating" for name, of in taken.items())


def report(taken: dict[str, list[tuple[float, float]]], interactions: int, users: int) -> None:
    """Print the rates a second, and their ratios to the peer's."""
    numbers = {name: np.array(of) for name, of in taken.items()}
    for name, seconds in numbers.items():
        ratios = numbers["peer"] / seconds
        parts = [
            f"{amount / np.median(seconds[:, column]):,.0f} {noun} a second, {np.median(ratios[:, column]):.1f} × "
            f"({ratios[:, column].min():.1f} to {ratios[:, column].max():.1f})"
            for column, (amount, noun) in enumerate([(interactions, "interactions"), (users, "users")])
        ]
        print(f"{name}: {'; '.join(parts)}")


if __name__ == "__main__":
    main()
