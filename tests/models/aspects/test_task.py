"""The training of aspects: the loss against loops, the sample of the catalogue, and what an example may see."""

from __future__ import annotations

from math import log
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest
import torch

from graphrec.models.aspects.config import AspectsConfig
from graphrec.models.aspects.model import Aspects
from graphrec.models.aspects.task import AspectsTask
from graphrec.models.recommender import FitContext
from graphrec.testing.reviews import toy_with_reviews, with_mentions
from graphrec.testing.toy import build

if TYPE_CHECKING:
    from graphrec.testing.reviews import Mention


def task_of(dataset: Any, **settings: Any) -> AspectsTask:
    """Return a training task without dropout, whose parameters are random."""
    config = AspectsConfig.read({"embedding_size": 4, "dropout": 0.0, "device": "cpu", **settings})
    task = AspectsTask(dataset, config, FitContext())
    generator = torch.Generator().manual_seed(1)
    with torch.no_grad():
        for parameter in task.network.parameters():
            parameter.copy_(torch.randn(parameter.shape, generator=generator))
    return task


@pytest.mark.parametrize("settings", [{}, {"tied": False, "item_vectors": True}, {"overlap": False}])
def test_the_loss_of_a_batch(settings: dict[str, Any]) -> None:
    """−log softmax of the positive over all items that anybody took, without what the user took besides."""
    dataset = toy_with_reviews()
    task = task_of(dataset, **settings)
    positives, network = dataset.positives, task.network
    entries = np.random.default_rng(0).permutation(positives.n_entries)[:9]
    items = task.item_profiles.csr().toarray()
    q = items @ network.of_items.detach().numpy()
    if len(network.items):
        q = q + network.items.detach().numpy()
    v = q
    if not task.config.tied:
        v = items @ network.of_taken.detach().numpy() + network.taken.detach().numpy()
    takers = np.bincount(positives.indices, minlength=len(items))
    constants = float(network.popularity.detach()) * np.log(1 + takers) + network.bias.detach().numpy()
    losses = []
    for entry in entries:
        user, item = positives.row_of_entry[entry], positives.indices[entry]
        others = [j for j in positives.row(user) if j != item]
        f = np.zeros(items.shape[1])
        own = dataset.mentions
        for row in np.flatnonzero((own.user == user) & (own.item != item)):
            f[own.feature[row]] += own.count[row]
        f = np.log(1 + f) * task.values.idf
        f /= max(np.linalg.norm(f), 1e-12)
        x = task.config.scale * f @ network.of_users.detach().numpy()
        if others:
            x = x + v[others].sum(axis=0) / np.sqrt(len(others))
        logits = q @ x + constants
        if task.config.overlap:
            logits = logits + items @ (network.weights.detach().numpy() * f)
        there = [i for i in range(len(items)) if takers[i] and i not in others]
        losses.append(np.log(np.exp(logits[there]).sum()) - logits[item])
    batch = task.batch(entries, np.random.default_rng(0))
    assert task.loss(batch).item() == pytest.approx(np.mean(losses), rel=1e-5)


def test_what_training_scores_is_what_the_fit_scores() -> None:
    """Of a user all of whose items but the positive speak: the logits are the scores of the fitted arrays."""
    dataset = toy_with_reviews()
    task = task_of(dataset, tied=False, item_vectors=True)
    batch = task.batch(np.arange(5), np.random.default_rng(0))
    logits = task.network.logits(batch.features, batch.others, torch.from_numpy(batch.candidates))
    scores = task.fitted().scores(batch.features, batch.others, None)
    torch.testing.assert_close(logits.detach(), scores[:, torch.from_numpy(batch.candidates)], atol=1e-5, rtol=1e-5)


def crowd() -> Any:
    """Return 40 users who took one to three of 30 items."""
    rng = np.random.default_rng(0)
    taken = {
        f"u{user}": {f"i{item}": 5.0 for item in rng.choice(30, rng.integers(1, 4), replace=False)}
        for user in range(40)
    }
    return build(taken, [f"i{item}" for item in range(30)], attributes={})


def test_a_sample_stands_for_the_catalogue() -> None:
    """Where all logits are equal, the corrected sum over any sample is the number of items; on average it always is."""
    task = task_of(crowd(), sampled_above=1, sampled_items=6)
    entries, rng = np.arange(4), np.random.default_rng(0)
    n_items = int((np.bincount(task.positives.indices, minlength=30) > 0).sum())
    logits = np.random.default_rng(1).normal(size=30)
    sums = []
    for _ in range(4000):
        batch = task.batch(entries, rng)
        assert np.exp(batch.correction.astype(float)).sum() == pytest.approx(n_items, rel=1e-5)
        assert (np.diff(batch.candidates) > 0).all()
        assert (batch.candidates[batch.column] == task.positives.indices[entries]).all()
        sums.append(np.exp(logits[batch.candidates] + batch.correction).sum())
    took = np.bincount(task.positives.indices, minlength=30) > 0
    error = np.std(sums) / np.sqrt(len(sums))
    assert np.mean(sums) == pytest.approx(np.exp(logits[took]).sum(), abs=4 * error)


def test_a_sample_has_the_loss_of_the_catalogue() -> None:
    """Where nothing is known yet, whoever took one item has ln of the number of items, whatever is drawn."""
    task = task_of(crowd(), sampled_above=1, sampled_items=6)
    with torch.no_grad():
        for parameter in task.network.parameters():
            parameter.zero_()
    single = np.flatnonzero(task.positives.counts[task.positives.row_of_entry] == 1)[:4]
    without_knowledge = task.loss_without_knowledge()
    assert without_knowledge == pytest.approx(log((np.bincount(task.positives.indices) > 0).sum()))
    for seed in range(5):
        loss = task.loss(task.batch(single, np.random.default_rng(seed)))
        assert loss.item() == pytest.approx(without_knowledge, rel=1e-5)


def given_away(*, item_by_item: bool) -> Any:
    """Return 300 users of four of 30 items each, and a word for each item, which whoever took it mentions.

    Args:
        item_by_item: in the review of the item; else in a profile over reviews that are not known one by one.
    """
    rng = np.random.default_rng(0)
    items = [f"i{item:02}" for item in range(30)]
    taken = {f"u{user:02}": {items[item]: 5.0 for item in rng.choice(30, 4, replace=False)} for user in range(300)}
    words = [f"word {item}" for item in items]
    mentions: list[Mention] = [
        (user, item if item_by_item else None, f"word {item}", 1.0, 1) for user, of in taken.items() for item in of
    ]
    mentions += [] if item_by_item else [(None, item, f"word {item}", 1.0, 1) for item in items]
    return with_mentions(build(taken, items, attributes={}), mentions, words)


def test_the_review_of_an_example_does_not_give_it_away() -> None:
    """What was taken is random, and named by its review: with it in sight, the loss would fall to nothing.

    It does where the same words stand in profiles that cannot be told apart by review; else it stays that of a guess
    among the 27 items that the user did not take besides.
    """
    settings: dict[str, Any] = {
        "embedding_size": 1,
        "epochs": 40,
        "batch_size": 128,
        "learning_rate": 0.1,
        "dropout": 0.0,
    }
    settings["weight_decay"] = 0.0
    honest = Aspects(**settings).fit(given_away(item_by_item=True)).record.metrics
    leaking = Aspects(**settings).fit(given_away(item_by_item=False)).record.metrics
    assert leaking["loss"] < 0.05
    assert honest["loss"] == pytest.approx(log(27), rel=0.1)
