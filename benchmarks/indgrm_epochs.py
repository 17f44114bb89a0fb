"""Epochs of InDGRM and of RecBole's autoencoders on the same users: the part ``epochs`` of ``benchmarks.indgrm``."""

from __future__ import annotations

import json
import os
import subprocess
import tempfile
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from benchmarks.memory_peak import forget_peak, peak
from graphrec.dataset.dataset import Dataset
from graphrec.dataset.splitting import user_split
from graphrec.evaluation import evaluate, rank_metrics
from graphrec.loaders import movielens
from graphrec.models.indgrm.model import InDGRM

if TYPE_CHECKING:
    from collections.abc import Callable

    from graphrec.dataset.splitting import SplitData

PEERS: dict[str, dict[str, Any]] = {
    "MultiVAE": {"model": "MultiVAE", "own": {}},
    "MacridVAE": {"model": "MacridVAE", "own": {}},
    "MultiVAE, batches of 256": {"model": "MultiVAE", "own": {"train_batch_size": 256}},
}
"""RecBole's, with its defaults but for what is ``own``."""


def held_out_users(data: Path) -> SplitData:
    """Return MovieLens 1M with genres, ratings of 4 and more, cut by the first of five folds of users."""
    loaded = movielens.load(data / "movielens-1m", dbpedia=False)
    whole = Dataset.from_tables(loaded.tables, loaded.info, "rating>=4")
    return user_split(whole, users="rotating").apply(whole)


def our_epochs(data: Path, epochs: int, seed: int) -> dict[str, Any]:
    """Train InDGRM in this process; return the seconds of each epoch, peaks of memory, and how good it is."""
    imports = peak()
    cut = held_out_users(data)
    before = peak()
    forget_peak()
    ended: list[float] = []

    def note(phase: str, done: int, _total: int) -> None:
        if phase == "training" and done == len(ended):
            ended.append(time.process_time())

    model = InDGRM(categories="genre", epochs=epochs, seed=seed, device="cpu")
    model.fit(cut.train, compare=False, progress=note)
    training = peak()
    return {
        "epochs": np.diff(ended).tolist(),
        "steps": round(model.record.metrics["steps"] / epochs),
        "imports": imports,
        "reading": before,
        "training": training,
        "ndcg@100": evaluate(model, cut, ["ndcg@100"], part="test").means["ndcg@100"],
    }


def hand_over(cut: SplitData, folder: Path) -> None:
    """Write the peers' input: RecBole's atomic files of the training part, and the input of the test users."""
    place, taken = folder / "peer", cut.train.positives
    place.mkdir()
    pairs = zip(taken.row_of_entry, taken.indices, strict=True)
    rows = ["user_id:token\titem_id:token", *(f"u{user}\ti{item}" for user, item in pairs)]
    (place / "peer.inter").write_text("\n".join(rows) + "\n", encoding="utf-8")
    items = ["item_id:token", *(f"i{item}" for item in range(taken.n_columns))]
    (place / "peer.item").write_text("\n".join(items) + "\n", encoding="utf-8")
    inputs = cut.seen.positives.rows(np.flatnonzero(cut.test.counts))
    given = {"n_items": taken.n_columns, "items": [inputs.row(row).tolist() for row in range(inputs.n_rows)]}
    (folder / "given.json").write_text(json.dumps(given), encoding="utf-8")


def peer_epochs(python: Path, folder: Path, cut: SplitData, settings: dict[str, Any]) -> dict[str, Any]:
    """Train a peer in a process of its own; return what ``our_epochs`` does. Refuse one that trained on other data."""
    script = Path(__file__).with_name("recbole_autoencoders.py")
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
    taken, test_users = cut.train.positives, np.flatnonzero(cut.test.counts)
    ours = {"interactions": taken.n_entries, "users": int((taken.counts > 0).sum()), "items": taken.n_columns}
    if any(outcome[name] != count for name, count in ours.items()):
        raise SystemExit(f"the peer has other data than {ours}: {outcome}")
    scores = np.load(folder / "scores.npy")
    metrics = rank_metrics(
        lambda users: scores[np.searchsorted(test_users, users)], cut.seen.taken, cut.test, [("ndcg", 100)]
    )
    return {**outcome, "ndcg@100": float(np.nanmean(metrics["ndcg@100"]))}


def epochs_beside_peers(
    ours: Callable[[int], dict[str, Any]], data: Path, python: Path, rounds: int, epochs: int
) -> None:
    """Print what an epoch takes, in rounds in which all take turns.

    Args:
        ours: trains InDGRM with a seed in a process of its own.
        data: folder of data sets.
        python: interpreter of an environment with RecBole.
        rounds: how many.
        epochs: of each training; the first is not counted.
    """
    cut = held_out_users(data)
    taken: dict[str, list[dict[str, Any]]] = {name: [] for name in ("InDGRM", *PEERS)}
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        hand_over(cut, folder)
        for number in range(rounds):
            taken["InDGRM"].append(ours(number))
            for peer, settings in PEERS.items():
                full = {**settings, "epochs": epochs, "seed": number + 1}
                taken[peer].append(peer_epochs(python, folder, cut, full))
            done = (f"{one} {np.median(of[-1]['epochs'][1:]):.2f} s" for one, of in taken.items())
            print(f"round {number + 1}: {', '.join(done)}", flush=True)
    positives = cut.train.positives
    print(
        f"{int((positives.counts > 0).sum()):,} training users, {positives.n_entries:,} interactions, "
        f"{positives.n_columns:,} items; peers: {taken['MultiVAE'][0]['versions']}"
    )
    seconds = {name: np.array([np.median(one["epochs"][1:]) for one in of]) for name, of in taken.items()}
    for name, of in taken.items():
        ratios = seconds[name] / seconds["InDGRM"]
        highest = {of_peak: max(one[of_peak] for one in of) for of_peak in ("imports", "reading", "training")}
        print(
            f"{name}: an epoch {np.median(seconds[name]):.2f} s ({seconds[name].min():.2f} to "
            f"{seconds[name].max():.2f}), {np.median(ratios):.2f} × InDGRM's ({ratios.min():.2f} to "
            f"{ratios.max():.2f}), {of[0]['steps']} steps; peak of the imports {highest['imports']:,.0f} MB, when the "
            f"data was read {highest['reading']:,.0f} MB, in training {highest['training']:,.0f} MB; ndcg@100 after "
            f"{epochs} epochs {np.mean([one['ndcg@100'] for one in of]):.4f}",
            flush=True,
        )
