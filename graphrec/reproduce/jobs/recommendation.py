"""One recommendation with its reasons, for a drawing."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

import graphrec as gr
from graphrec.answers import whys_from_tables
from graphrec.errors import InputError
from graphrec.reproduce.drawn_pairs import drawn_pairs, explaining
from graphrec.tables.records import RunInfo

if TYPE_CHECKING:
    from graphrec.answers import Reason
    from graphrec.dataset.dataset import Dataset
    from graphrec.models.model import Model
    from graphrec.reproduce.job import Job
    from graphrec.reproduce.job_context import JobContext

AMONG = 2000
"""Users who are looked at for one to whom the wanted item is recommended."""


def recommendation(context: JobContext, job: Job) -> dict[str, Any]:
    """Find a user to whom an item is recommended first, and say why.

    Inputs: ``split``, ``item`` (words of its name; empty takes any), ``places`` (how far down the list it may stand),
    ``reasons`` (how many), ``seed``, and where it is not the first, ``nth``. Needs: the fit. Of the users drawn to whom
    the item is recommended, the one with the best place, then the highest score is taken, or the ``nth`` behind.

    Returns:
        ``user``, ``item``, ``score``, ``rank`` and ``reasons`` as the explanation tables have them.

    Raises:
        InputError: the item is recommended to nobody who was looked at.
    """
    inputs = job.inputs
    model = explaining(context.model(job.needs[0]))
    split = context.split(inputs["split"])
    user, item, rank = _drawn(model, split.seen, context, job)
    tables = gr.explain(model, split.seen, user, item, reasons=inputs["reasons"]).tables
    run = RunInfo("", "", "", "", "", split.seen.fingerprint, "score")
    (why,) = whys_from_tables(tables, split.seen, run, user, item)
    return {
        "user": user,
        "item": item,
        "name": why.item.name,
        "score": why.score,
        "rank": rank,
        "reasons": [_kept(reason) for reason in sorted(why.reasons, key=lambda reason: reason.rank)],
    }


def _kept(reason: Reason) -> dict[str, Any]:
    """Return a reason as the result keeps it."""
    anchor, factor = reason.anchor, reason.factor
    kind, _, through = reason.via.partition(":")
    return {
        "label": reason.evidence.label,
        "evidence": reason.evidence.id,
        "via": reason.via,
        "weight": reason.weight,
        "share": reason.share,
        "rank": reason.rank,
        "net": reason.net,
        "effect": reason.effect,
        "held_effect": reason.held_effect,
        "ground": reason.ground,
        "anchor": anchor.id if anchor else None,
        "name": reason.evidence.name,
        "via_name": (factor.name if factor else through) if kind == "factor" else "",
        "anchor_name": anchor.name if anchor else None,
    }


def _drawn(model: Model, seen: Dataset, context: JobContext, job: Job) -> tuple[str, str, int]:
    inputs = job.inputs
    split = context.split(inputs["split"])
    pairs = drawn_pairs(model, split, users=AMONG, items=inputs["places"], seed=inputs["seed"])
    names = model.record.items.columns["name"].to_pylist()
    wanted = np.array([inputs["item"].lower() in str(name).lower() for name in names])
    hits = wanted[pairs.items.numpy()]
    if not hits.any():
        raise InputError(
            f"{inputs['item']!r} is among the first {inputs['places']} of none of {len(hits):,} users",
            remedy="Name another item in the recipe, or more places",
        )
    scores = model.score(pairs.profiles).gather(1, pairs.items).numpy()
    place = np.argmax(hits, axis=1)
    ranked = np.lexsort((-scores[np.arange(len(place)), place], np.where(hits.any(axis=1), place, inputs["places"])))
    nth = inputs.get("nth", 0)
    able = int(hits.any(axis=1).sum())
    if nth >= able:
        raise InputError(
            f"there are recommendations to {able} users to choose from, and number {nth + 1} is wanted",
            remedy="Ask for fewer, or for more places",
        )
    best = int(ranked[nth])
    row = int(pairs.profiles.known[best])
    item = model.record.items.ids[int(pairs.items[best, place[best]])].as_py()
    user = model.record.users.ids[row].as_py()
    seen.users.require([user])
    return user, item, int(place[best]) + 1
