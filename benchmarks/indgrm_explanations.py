"""Cost of an explanation of InDGRM, and how weights sum up: the part ``explanations`` of ``benchmarks.indgrm``."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import torch

from benchmarks.indgrm_epochs import held_out_users
from graphrec.arrays.bounded_blocks import padded_blocks
from graphrec.dataset.profiles import profiles_of
from graphrec.evaluation.explanations.cost import cost
from graphrec.models.indgrm.model import InDGRM
from graphrec.rankings.top_items import top_items
from graphrec.recommendation.batches import WEIGHTS_AT_ONCE
from graphrec.reproduce.drawn_pairs import drawn_pairs
from graphrec.reproduce.jobs.methods import make_explainer

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from graphrec.dataset.splitting import SplitData
    from graphrec.models.model import Model

USERS, K = 200, 10
MODELS: dict[str, dict[str, Any]] = {
    "InDGRM": {},
    "InDGRM with half of EASE, 20 epochs": {"linear_path": 0.5, "epochs": 20},
}
METHODS: dict[str, dict[str, Any]] = {
    "own weights": {"explainer": "model"},
    "leave-one-out (removal)": {"explainer": "removal"},
    "LIME, 1,000 samples": {"explainer": "lime", "samples": 1000},
    "SEP": {"explainer": "sep"},
}


def explanations(data: Path, settings: dict[str, Any]) -> dict[str, Any]:
    """Fit in this process; return how weights sum up, and what an explanation by each method costs."""
    cut = held_out_users(data)
    model = InDGRM(categories="genre", device="cpu", **settings).fit(cut.train, compare=False)
    return {"residual": residual(model, cut), "milliseconds": milliseconds(model, cut)}


def residual(model: Model, cut: SplitData) -> dict[str, float]:
    """Return the largest |score − Σ weights − constant| over everybody's ten first items, and what it stands beside."""
    data, known = model.align(cut.seen)
    order = np.argsort(data.positives.counts, kind="stable")
    order = order[data.positives.counts[order] > 0]
    allowed, constants = np.ones(len(data.items), dtype=np.bool_), model.constants
    largest, scale, pairs = 0.0, 0.0, 0
    for block in padded_blocks(data.positives.counts[order] * K, WEIGHTS_AT_ONCE):
        rows = order[block]
        profiles = profiles_of(data, known, rows)
        best, _ = top_items(model.score(profiles).numpy(), data.taken.rows(rows), allowed, K)
        items = torch.from_numpy(best)
        scores = model.score(profiles, items).double()
        sums = model.evidence(profiles, items).weights.double().sum(dim=2)
        if constants is not None:
            sums = sums + constants[items].double()
        largest = max(largest, float((scores - sums).abs().max()))
        scale = max(scale, float(scores.abs().max()))
        pairs += items.numel()
    return {"largest": largest, "largest_score": scale, "pairs": pairs}


def milliseconds(model: Model, cut: SplitData) -> dict[str, list[float]]:
    """Return by method milliseconds of an explanation, of one item of a user and of ten that are explained together."""
    taken: dict[str, list[float]] = {}
    pairs = drawn_pairs(model, cut, users=USERS, items=K)
    for name, method in METHODS.items():
        explainer = make_explainer(method).prepare(model, pairs.data)
        costs = [cost(model, explainer, pairs.profiles, items) for items in (pairs.items[:, :1], pairs.items)]
        taken[name] = [1e3 / one.per_second for one in costs]
    return taken


def cost_of_explanations(here: Callable[..., dict[str, Any]], data: Path) -> None:
    """Print both of each of ``MODELS``.

    Args:
        here: runs ``explanations`` in a process of its own.
        data: folder of data sets.
    """
    for name, settings in MODELS.items():
        found = here("explanations", data, settings)
        of = found["residual"]
        print(
            f"{name}: weights and the constant miss the score by {of['largest']:.1e} at most, of {of['pairs']:,} pairs "
            f"with scores up to {of['largest_score']:.1f}",
            flush=True,
        )
        own = found["milliseconds"]["own weights"]
        for method, taken in found["milliseconds"].items():
            parts = [f"{one:.4g} ms ({one / ours:,.0f} × own)" for one, ours in zip(taken, own, strict=True)]
            print(f"{name}: {method}: {parts[0]} for one item of a user, {parts[1]} each for {K}", flush=True)
