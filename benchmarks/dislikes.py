"""Explicit dislikes on MovieLens: what they do to accuracy, and to how many disliked items are recommended.

    python -m benchmarks.dislikes [--data FOLDER] [--set movielens-1m] [--models ease,item-item] [--part PART]
        [--dislike-weight α]

Of all ratings, whatever they are, 80 % are seen and 10 % each held out for validation and test (seed 0). 4 and more are
positive, 2 and less dislikes. Each model is fitted without dislikes and with them, at default settings or with α, and
measured on PART, ``validation`` unless it is said: ndcg@20 of held-out positives, and of the held-out dislikes how many
stand among a user's 20 best, which should be few; each beside the paired difference over users with its 95 % interval.
"""

from __future__ import annotations

import argparse
import tempfile
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from benchmarks.movielens import data_folder, loaded_store
from graphrec.dataset.dataset import Dataset
from graphrec.dataset.negative_rule import NegativeRule
from graphrec.evaluation import evaluate
from graphrec.evaluation.paired import over_users
from graphrec.models.registry import registered_model

if TYPE_CHECKING:
    from collections.abc import Mapping

K = 20
PARTS = {"validation": (0.8, 0.9), "test": (0.9, 1.0)}


def cut(folder: Path, part: str) -> tuple[Dataset, Dataset]:
    """Return what is seen and what is held out, both with the rules of positives and dislikes."""
    with tempfile.TemporaryDirectory() as place, loaded_store(folder, Path(place) / "store") as store:
        whole = Dataset.from_store(store, "rating>=4", negative_if="rating<=2")
    drawn = np.random.default_rng(0).random(len(whole.interactions))
    low, high = PARTS[part]
    seen = whole.keeping(drawn < PARTS["validation"][0], split="random ratings")
    return seen, whole.keeping((drawn >= low) & (drawn < high), split="random ratings")


def compare(name: str, seen: Dataset, held_out: Dataset, settings: Mapping[str, float]) -> str:
    """Return a line of the table of a model: without dislikes, with them, and the differences."""
    plain_data = replace(seen, negative_if=NegativeRule())
    kind = registered_model(name)
    plain = kind().fit(plain_data, compare=False)
    disliking = kind(kind.Config.read(dict(settings))).fit(seen, compare=False)
    cells = []
    for found, metric, factor in ((held_out.positives, f"ndcg@{K}", 1), (held_out.negatives, f"precision@{K}", K)):
        before = evaluate(plain, (plain_data, found), metric)
        after = evaluate(disliking, (seen, found), metric)
        difference = over_users(after, before, metric)
        values = [before.means[metric], after.means[metric], difference.mean, difference.low, difference.high]
        without, with_them, mean, low, high = (factor * value for value in values)
        cells.append(f"{without:.4f} | {with_them:.4f} | {mean:+.4f} ({low:+.4f} to {high:+.4f})")
    return f"| {name} | {' | '.join(cells)} |"


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, default=data_folder())
    parser.add_argument("--set", default="movielens-1m")
    parser.add_argument("--models", default="ease,item-item")
    parser.add_argument("--part", choices=PARTS, default="validation")
    parser.add_argument("--dislike-weight", type=float)
    asked = parser.parse_args()
    settings = {} if asked.dislike_weight is None else {"dislike_weight": asked.dislike_weight}
    seen, held_out = cut(asked.data / asked.set, asked.part)
    counts = f"{seen.positives.n_entries:,} positives and {seen.negatives.n_entries:,} dislikes seen"
    print(f"{asked.set}, {asked.part}: {counts}")
    print(f"| model | ndcg@{K} without | with | difference | dislikes among {K} without | with | difference |")
    print("|---|---|---|---|---|---|---|")
    for name in asked.models.split(","):
        print(compare(name, seen, held_out, settings), flush=True)


if __name__ == "__main__":
    main()
