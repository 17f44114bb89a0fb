"""Agreement with two independent implementations on random data, k beyond the candidates included."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt
import pytest

from graphrec.dataset.incidence import Incidence
from graphrec.evaluation import rank_metrics

CUTS = (1, 5, 20, 100)
SHAPE = (40, 60)


@pytest.fixture
def scene(monkeypatch: pytest.MonkeyPatch) -> dict[str, Any]:
    """Random scores, taken and held-out items; users in chunks of seven."""
    monkeypatch.setattr("graphrec.rankings.rank_metrics.USERS_AT_ONCE", 7)
    rng = np.random.default_rng(0)
    taken = rng.random(SHAPE) < 0.3
    held_out = ~taken & (rng.random(SHAPE) < rng.choice([0.02, 0.15, 0.6], size=(SHAPE[0], 1)))
    return {"scores": rng.random(SHAPE).astype(np.float32), "taken": taken, "held_out": held_out}


def ours(scene: dict[str, Any], names: list[str]) -> dict[str, npt.NDArray[np.float64]]:
    taken, held_out = (Incidence.from_pairs(*np.nonzero(scene[part]), SHAPE) for part in ("taken", "held_out"))
    wanted = [(name, k) for name in names for k in CUTS]
    return rank_metrics(lambda users: scene["scores"][users], taken, held_out, wanted)


def judged(scene: dict[str, Any]) -> tuple[dict[str, dict[str, int]], dict[str, dict[str, float]]]:
    """Return what is relevant, and what is ranked with its score, for users with held-out items."""
    users = np.flatnonzero(scene["held_out"].any(axis=1))
    assert 0 < len(users) < SHAPE[0]
    truth = {f"u{u:02}": {f"i{i}": 1 for i in np.flatnonzero(scene["held_out"][u])} for u in users}
    ranked = {
        f"u{u:02}": {f"i{i}": float(scene["scores"][u, i]) for i in np.flatnonzero(~scene["taken"][u])} for u in users
    }
    return truth, ranked


def test_ranx_agrees(scene: dict[str, Any]) -> None:
    ranx = pytest.importorskip("ranx", reason="ranx is a reference; pip install 'graphrec[dev]'")
    names = ["recall", "precision", "f1", "hit_rate", "mrr", "map", "ndcg"]
    truth, ranked = judged(scene)
    wanted = [f"{name}@{k}" for name in names for k in CUTS]
    theirs = ranx.evaluate(ranx.Qrels(truth), ranx.Run(ranked), wanted, return_mean=False)
    found = ours(scene, names)
    for metric in wanted:
        np.testing.assert_allclose(found[metric], theirs[metric], rtol=0, atol=1e-9, err_msg=metric)


def test_trec_eval_agrees(scene: dict[str, Any]) -> None:
    pytrec_eval = pytest.importorskip("pytrec_eval", reason="pytrec_eval is a reference; pip install 'graphrec[dev]'")
    names = {"recall": "recall", "precision": "P", "hit_rate": "success", "map": "map_cut", "ndcg": "ndcg_cut"}
    truth, ranked = judged(scene)
    cuts = ",".join(map(str, CUTS))
    asked = {*(f"{theirs}.{cuts}" for theirs in names.values()), "recip_rank"}
    said = pytrec_eval.RelevanceEvaluator(truth, asked).evaluate(ranked)
    found = ours(scene, [*names, "mrr", "recall_capped"])
    for name, theirs in names.items():
        for k in CUTS:
            expected = [said[user][f"{theirs}_{k}"] for user in sorted(truth)]
            np.testing.assert_allclose(found[f"{name}@{k}"], expected, rtol=0, atol=1e-9, err_msg=f"{name}@{k}")
    first = np.array([said[user]["recip_rank"] for user in sorted(truth)])
    relevant = np.array([len(truth[user]) for user in sorted(truth)])
    for k in CUTS:
        within = np.where(first >= 1 / k - 1e-12, first, 0)
        np.testing.assert_allclose(found[f"mrr@{k}"], within, rtol=0, atol=1e-9)
        capped = np.array([said[user][f"recall_{k}"] for user in sorted(truth)]) * relevant / np.minimum(relevant, k)
        np.testing.assert_allclose(found[f"recall_capped@{k}"], capped, rtol=0, atol=1e-9)
