"""Recall of the right users of items that training did not see: of a row's fit, and of orders that need no model."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Any

from graphrec.evaluation import evaluate_cold_items, evaluate_most_active, expect_random_users
from graphrec.reproduce.named_code import model_of_recipe

if TYPE_CHECKING:
    from graphrec.evaluation import ColdItemEvaluation
    from graphrec.reproduce.job import Job
    from graphrec.reproduce.job_context import JobContext


def cold_items(context: JobContext, job: Job) -> dict[str, Any]:
    """Fit on a split that holds out items, and rank all users for each of them.

    Inputs: ``model``, ``settings``, ``split`` (fingerprint), ``up_to`` (the largest k).

    Returns:
        ``items`` (ids), ``recall`` (of each item, at k = 1 to ``up_to``), ``users``, ``without_input`` (users of whom
        the model knows nothing), ``validation`` (mean recall at each k on the validation items, null without any),
        ``seconds`` (of the processor, for the fit).
    """
    inputs = job.inputs
    data = context.split(inputs["split"])
    kind = model_of_recipe(inputs["model"])
    model = kind(kind.Config.read(dict(inputs["settings"])))
    seconds = time.process_time()
    model.fit(data.train, validation=data.validation, fold_in=data.fold_in, compare=False)
    seconds = time.process_time() - seconds
    ks = range(1, inputs["up_to"] + 1)
    has_validation = data.validation.n_entries > 0
    validation = evaluate_cold_items(model, data, ks, part="validation").recall if has_validation else None
    found = evaluate_cold_items(model, data, ks)
    return {
        **_told(found, context),
        "without_input": found.without_input,
        "validation": None if validation is None else validation.mean(axis=0).tolist(),
        "seconds": seconds,
    }


def cold_item_orders(context: JobContext, job: Job) -> dict[str, Any]:
    """Rank users by how much they took, and at random, for each held-out item.

    Inputs: ``split`` (fingerprint), ``up_to`` (the largest k).

    Returns:
        By the name of each order: ``items``, ``recall`` and ``users``, as ``cold_items`` has them.
    """
    data, ks = context.split(job.inputs["split"]), range(1, job.inputs["up_to"] + 1)
    orders = (evaluate_most_active(data, ks), expect_random_users(data, ks))
    return {order.model: _told(order, context) for order in orders}


def _told(found: ColdItemEvaluation, context: JobContext) -> dict[str, Any]:
    return {
        "items": context.dataset.items.dictionary(found.items).to_pylist(),
        "recall": found.recall.tolist(),
        "users": found.users,
    }
