"""InDGRM on a catalogue of 100,000 items that nobody has seen: the part ``catalogue`` of ``benchmarks.indgrm``."""

from __future__ import annotations

import time
from functools import partial
from typing import TYPE_CHECKING, Any

import numpy as np
import torch

from benchmarks.memory_peak import held, peak, rise
from benchmarks.synthetic import taken_pairs
from graphrec.dataset.dataset import Dataset
from graphrec.dataset.ids import IdMap
from graphrec.dataset.incidence import Incidence
from graphrec.dataset.interactions import Interactions
from graphrec.dataset.kinds import ITEM_ATTRIBUTES
from graphrec.dataset.profiles import profiles_of
from graphrec.models.indgrm.model import InDGRM
from graphrec.models.saving import load_model, save_model
from graphrec.recommendation.batches import recommend
from graphrec.recommendation.request import Request

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

USERS, ITEMS, INTERACTIONS, GENRES = 5_000, 100_000, 250_000, 18
ASKED, K = 100, 10


def catalogue() -> Dataset:
    """Return users who take popular items more often, and items with two genres each."""
    rng = np.random.default_rng(0)
    user, item = taken_pairs(rng, USERS, ITEMS, INTERACTIONS)
    ones = np.ones(len(user), dtype=np.float32)
    genres = np.concatenate([rng.integers(0, GENRES // 2, ITEMS), rng.integers(GENRES // 2, GENRES, ITEMS)])
    names = [f"genre {number}" for number in range(GENRES)]
    return Dataset(
        nodes={
            "User": IdMap.of("User", [f"u{number}" for number in range(USERS)]),
            "Item": IdMap.of("Item", [f"i{number}" for number in range(ITEMS)]),
            "Attribute": IdMap.of("Attribute", names, name=names, owner=["item"] * GENRES, kind=["genre"] * GENRES),
        },
        interactions=Interactions(user.astype(np.int32), item.astype(np.int32), ones, ones, np.zeros(len(user))),
        links={ITEM_ATTRIBUTES: Incidence.from_pairs(np.tile(np.arange(ITEMS), 2), genres, (ITEMS, GENRES))},
        fingerprint="catalogue",
    )


def catalogue_epochs(folder: Path, negatives: int) -> dict[str, Any]:
    """Train an epoch in this process, and keep the model; return what it took, and the peak of memory."""
    imports = peak()
    ended: list[float] = []

    def note(phase: str, done: int, _total: int) -> None:
        if phase == "training" and done == len(ended):
            ended.append(time.process_time())

    model = InDGRM(categories="genre", negatives=negatives, epochs=1, device="cpu")
    model.fit(catalogue(), compare=False, progress=note)
    save_model(model, folder / f"model-{negatives}")
    return {
        "seconds": ended[1] - ended[0],
        "steps": round(model.record.metrics["steps"]),
        "imports": imports,
        "peak": peak(),
    }


def catalogue_requests(folder: Path, negatives: int) -> dict[str, Any]:
    """Score and explain in this process; return for each request its seconds and how far memory rose above ``held``."""
    model, dataset = load_model(folder / f"model-{negatives}"), catalogue()
    data, known = model.align(dataset)
    profiles = profiles_of(data, known, np.arange(ASKED))
    items = torch.randint(ITEMS, (ASKED, K), generator=torch.Generator().manual_seed(0))
    ids = dataset.users.ids.to_pylist()

    def recommended(users: int) -> int:
        request = Request(k=K, reasons=10, users=tuple(ids[:users]))
        return sum(batch.reasons.num_rows for batch in recommend(model, dataset, request))

    model.evidence(profiles.rows(np.arange(1)), items[:1])  # what is made once is made
    before = held()
    work: dict[str, Callable[[], object]] = {
        f"scores of all items for {ASKED} users": partial(model.score, profiles),
        f"all evidence of {K} items for {ASKED} users": partial(model.evidence, profiles, items),
        **{
            f"{K} items recommended with reasons and effects to {users:,} users": partial(recommended, users)
            for users in (ASKED, 10 * ASKED, USERS)
        },
    }
    requests = {}
    for name, job in work.items():
        began = time.process_time()
        risen = rise(job)
        requests[name] = (time.process_time() - began, risen)
    return {"held": before, "requests": requests}


def large_catalogue(here: Callable[..., dict[str, Any]], folder: Path, negatives: int) -> None:
    """Print what training and requests take, sampled beside the softmax over the catalogue.

    Args:
        here: runs one of the two functions above in a process of its own.
        folder: for the models.
        negatives: of the sampled softmax.
    """
    print(f"{USERS:,} users, {ITEMS:,} items, {INTERACTIONS:,} interactions")
    seconds = {}
    for drawn in (negatives, 0):
        cost = here("catalogue_epochs", folder, drawn)
        seconds[drawn] = cost["seconds"]
        print(
            f"negatives={drawn}: an epoch {seconds[drawn]:.1f} s, {cost['steps']} steps of "
            f"{seconds[drawn] / cost['steps']:.2f} s; peak {cost['peak']:,.0f} MB, "
            f"{cost['peak'] - cost['imports']:,.0f} MB above the imports",
            flush=True,
        )
    print(f"the softmax over the catalogue takes {seconds[0] / seconds[negatives]:.1f} × as long")
    cost = here("catalogue_requests", folder, negatives)
    for name, (taken, risen) in cost["requests"].items():
        print(f"{name}: {taken:.2f} s, {risen:,.0f} MB above the {cost['held']:,.0f} MB of data and model")
