"""Agreement with two independent implementations on random data, k beyond the candidates included.

pytrec_eval is run each time. ranx compiles itself for minutes when it is used, so that its values are stored in a file,
with the data that they are of. With ranx installed (``pip install ranx``) this command makes them anew:

    python -m tests.rankings.test_references
"""

from __future__ import annotations

import json
from importlib.metadata import version
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import pytest

from graphrec.dataset.incidence import Incidence
from graphrec.evaluation import rank_metrics

CUTS = (1, 5, 20, 100)
SHAPE = (40, 60)
OF_RANX = Path(__file__).with_name("ranx_values.json")
NAMES = ("recall", "precision", "f1", "hit_rate", "mrr", "map", "ndcg")


@pytest.fixture
def scene(monkeypatch: pytest.MonkeyPatch) -> dict[str, Any]:
    """Random scores, taken and held-out items; users in chunks of seven."""
    monkeypatch.setattr("graphrec.rankings.rank_metrics.USERS_AT_ONCE", 7)
    return drawn()


def drawn() -> dict[str, Any]:
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


def test_the_values_of_ranx_agree(scene: dict[str, Any]) -> None:
    stored = json.loads(OF_RANX.read_text(encoding="utf-8"))
    truth, ranked = judged(scene)
    assert stored["relevant"] == {user: sorted(items) for user, items in truth.items()}
    assert stored["ranked"] == {user: sorted(scores, key=lambda item: -scores[item]) for user, scores in ranked.items()}
    values = ours(scene, list(NAMES))
    assert set(stored["values"]) == set(values)
    for metric, theirs in stored["values"].items():
        np.testing.assert_allclose(values[metric], theirs, rtol=0, atol=1e-9, err_msg=metric)


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


def store_values_of_ranx() -> None:
    """Write what ranx says of the random data: each metric for each user with held-out items."""
    import ranx

    truth, ranked = judged(drawn())
    wanted = [f"{name}@{k}" for name in NAMES for k in CUTS]
    values = ranx.evaluate(ranx.Qrels(truth), ranx.Run(ranked), wanted, return_mean=False)
    content = {
        "by": f"ranx {version('ranx')}",
        "relevant": {user: sorted(items) for user, items in truth.items()},
        "ranked": {user: sorted(scores, key=lambda item: -scores[item]) for user, scores in ranked.items()},
        "values": {metric: [round(float(value), 12) for value in values[metric]] for metric in wanted},
    }
    lines = ",\n".join(
        f"{json.dumps(part)}: "
        + (
            json.dumps(of)
            if isinstance(of, str)
            else "{\n" + ",\n".join(f"  {json.dumps(name)}: {json.dumps(row)}" for name, row in of.items()) + "\n}"
        )
        for part, of in content.items()
    )
    OF_RANX.write_text("{\n" + lines + "\n}\n", encoding="utf-8")


if __name__ == "__main__":
    store_values_of_ranx()
