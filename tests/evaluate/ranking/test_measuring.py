"""Recall and ndcg: by hand, and against ranx on random rankings."""

from __future__ import annotations

import numpy as np
import pytest

from graphrec.dataset.incidence import Incidence
from graphrec.evaluate.ranking import measuring
from graphrec.evaluate.ranking import rank_metrics


def test_taken_items_are_not_ranked_and_users_without_held_out_items_are_left_out() -> None:
    scores = np.array([[9, 8, 7, 6], [1, 2, 3, 4], [4, 3, 2, 1]], dtype=np.float32)
    taken = Incidence.from_pairs(np.array([0, 0, 2]), np.array([0, 1, 3]), (3, 4))
    held_out = Incidence.from_pairs(np.array([0, 2, 2]), np.array([3, 0, 2]), (3, 4))
    values = rank_metrics(lambda users: scores[users], taken, held_out, [("recall", 1), ("recall", 2), ("ndcg", 2)])
    np.testing.assert_allclose(values["recall@1"], [0, 1 / 2])
    np.testing.assert_allclose(values["recall@2"], [1, 1 / 2])
    np.testing.assert_allclose(values["ndcg@2"], [1 / np.log2(3), 1 / (1 + 1 / np.log2(3))])


def test_a_list_shorter_than_k() -> None:
    held_out = Incidence.from_pairs(np.array([0]), np.array([1]), (1, 2))
    values = rank_metrics(
        lambda _: np.array([[2, 1]], dtype=np.float32), Incidence.empty(1, 2), held_out, [("ndcg", 5)]
    )
    np.testing.assert_allclose(values["ndcg@5"], [1 / np.log2(3)])


def test_ranx_agrees(monkeypatch: pytest.MonkeyPatch) -> None:
    ranx = pytest.importorskip("ranx", reason="ranx is the reference; pip install 'graphrec[dev]'")
    monkeypatch.setattr(measuring, "USERS_AT_ONCE", 7)
    rng = np.random.default_rng(0)
    n_users, n_items = 40, 60
    scores = rng.random((n_users, n_items)).astype(np.float32)
    taken_mask = rng.random((n_users, n_items)) < 0.3
    held_mask = ~taken_mask & (rng.random((n_users, n_items)) < 0.15)
    taken = Incidence.from_pairs(*np.nonzero(taken_mask), (n_users, n_items))
    held_out = Incidence.from_pairs(*np.nonzero(held_mask), (n_users, n_items))
    wanted = [(name, k) for name in ("recall", "ndcg") for k in (1, 5, 20, 100)]
    ours = rank_metrics(lambda users: scores[users], taken, held_out, wanted)
    users = np.flatnonzero(held_mask.any(axis=1))
    truth = ranx.Qrels({f"u{u:02}": {f"i{i}": 1 for i in np.flatnonzero(held_mask[u])} for u in users})
    ranked = ranx.Run(
        {f"u{u:02}": {f"i{i}": float(scores[u, i]) for i in np.flatnonzero(~taken_mask[u])} for u in users}
    )
    theirs = ranx.evaluate(truth, ranked, [f"{n}@{k}" for n, k in wanted], return_mean=False)
    for name, k in wanted:
        np.testing.assert_allclose(ours[f"{name}@{k}"], theirs[f"{name}@{k}"], atol=1e-9)
