"""Lists of features against what people mention: by hand, with trec_eval, ties, and the paper's Table 3."""

from __future__ import annotations

import math
import os
from pathlib import Path

import numpy as np
import pytest
from scipy import sparse

from benchmarks.feature_lists import PRINTED, measured
from graphrec.dataset.incidence import Incidence
from graphrec.errors import UsageError
from graphrec.evaluation.explanations.feature_agreement import agreement, listed, lists_of
from graphrec.evaluation.explanations.feature_methods.cases import FeatureCases
from graphrec.evaluation.explanations.feature_methods.registry import make_method
from graphrec.evaluation.explanations.feature_truth import (
    held_out_features,
    held_out_features_of_pairs,
    printed_features,
)
from tests.toy_reviews import build_reviews

FOLDER = Path(os.environ.get("GRAPHREC_DATA", "data")) / "amazon-2014-features"


def test_values_are_those_worked_out_by_hand() -> None:
    truth = Incidence.from_pairs(np.array([0, 0, 0, 2]), np.array([1, 4, 5, 0]), (3, 6))
    found = agreement(np.array([[4, 0, 1], [1, 2, 3], [3, -1, -1]]), truth, 3)
    assert found.rows.tolist() == [0, 2]  # of the second nothing is known
    assert found.values["precision@3"].tolist() == pytest.approx([2 / 3, 0])
    assert found.values["recall@3"].tolist() == pytest.approx([2 / 3, 0])
    assert found.values["f1@3"].tolist() == pytest.approx([2 / 3, 0])
    gained, best = 1 + 1 / math.log2(4), 1 + 1 / math.log2(3) + 1 / math.log2(4)
    assert found.values["ndcg@3"].tolist() == pytest.approx([gained / best, 0])


def test_a_place_behind_the_end_of_a_list_is_no_hit() -> None:
    """−1 in the second row has the key of the last feature of the first."""
    truth = Incidence.from_pairs(np.array([0, 1]), np.array([2, 0]), (2, 3))
    assert agreement(np.array([[0, 1], [1, -1]]), truth, 2).values["recall@2"].tolist() == [0, 0]


def test_a_short_list_and_a_k_of_none() -> None:
    truth = Incidence.from_pairs(np.array([0]), np.array([1]), (1, 2))
    assert agreement(np.array([[1]]), truth, 10).values["precision@10"].tolist() == [0.1]
    with pytest.raises(UsageError, match="looks at no place"):
        agreement(np.array([[1]]), truth, 0)


def test_agrees_with_trec_eval() -> None:
    pytrec_eval = pytest.importorskip("pytrec_eval", reason="pytrec_eval is a reference; pip install 'graphrec[dev]'")
    rng = np.random.default_rng(3)
    scores = rng.normal(size=(60, 40)).astype(np.float32)
    truth = Incidence.from_csr(sparse.csr_matrix(rng.random((60, 40)) < 0.1))
    found = agreement(listed(scores, 10), truth)
    judged = {str(row): {str(k): 1 for k in truth.row(row)} for row in found.rows}
    ranked = {row: {str(k): float(scores[int(row), k]) for k in range(40)} for row in judged}
    said = pytrec_eval.RelevanceEvaluator(judged, {"P.10", "recall.10", "ndcg_cut.10"}).evaluate(ranked)
    theirs = {name: np.array([said[row][f"{name}_10"] for row in judged]) for name in ("P", "recall", "ndcg_cut")}
    p, r = theirs["P"], theirs["recall"]
    f1 = np.divide(2 * p * r, p + r, out=np.zeros_like(p), where=p + r > 0)
    expected = {"precision@10": p, "recall@10": r, "f1@10": f1, "ndcg@10": theirs["ndcg_cut"]}
    for metric, values in found.values.items():
        np.testing.assert_allclose(values, expected[metric], rtol=0, atol=1e-9)


def test_what_claims_nothing_is_not_listed_and_the_sign_counts() -> None:
    scores = np.array([[0.5, np.nan, -1, -np.inf, 2]], dtype=np.float32)
    assert listed(scores, 5).tolist() == [[4, 0, 2, -1, -1]]


def test_ties_have_one_order_that_favours_no_position() -> None:
    level = np.zeros((2, 50), dtype=np.float32)
    first, again, other = listed(level, 10, 1), listed(level, 10, 1), listed(level, 10, 2)
    assert first.tolist() == again.tolist() != other.tolist()
    assert first[0].tolist() == first[1].tolist()
    starts = [listed(level[:1], 1, seed)[0, 0] for seed in range(400)]
    assert 18 < np.mean(starts) < 31  # of 0 to 49


def test_truths() -> None:
    rows = [("ann", "", "tone", 5), ("ann", "amp", "neck", 1), ("ann", "cable", "tone", 2), ("bob", "cable", "cord", 1)]
    data = build_reviews(rows)
    cord, neck, tone = range(3)
    held_out = Incidence.from_pairs(np.array([0, 0, 1]), np.array([0, 1, 1]), (2, 2))
    assert [held_out_features(data, held_out).row(user).tolist() for user in (0, 1)] == [[neck, tone], [cord]]
    of_pairs = held_out_features_of_pairs(data, held_out)
    assert [of_pairs.row(pair).tolist() for pair in range(3)] == [[neck], [tone], [cord]]
    printed = printed_features(data)
    assert [printed.row(user).tolist() for user in (0, 1)] == [[neck, tone], [cord]]


def test_a_profile_is_no_held_out_review() -> None:
    """Bob's profile has the key of Ann's pair with the last item."""
    data = build_reviews([("ann", "amp", "neck", 1), ("ann", "cable", "tone", 1), ("bob", "", "cord", 1)])
    last = Incidence.from_pairs(np.array([0]), np.array([1]), (2, 2))
    assert held_out_features(data, last).indices.tolist() == [2]
    assert held_out_features_of_pairs(data, last).indices.tolist() == [2]


def test_lists_are_the_same_in_blocks(monkeypatch: pytest.MonkeyPatch) -> None:
    rng = np.random.default_rng(0)
    data = build_reviews(
        sorted({(f"u{rng.integers(9)}", f"i{rng.integers(9)}", f"f{rng.integers(12)}", 1) for _ in range(200)})
    )
    cases = FeatureCases.of_users(data, np.arange(9, dtype=np.int32), np.arange(9))
    methods = [make_method({"method": name}) for name in ("random", "own_then_popularity", "smoothed_own_counts")]
    whole = [lists_of(method, cases).tolist() for method in methods]
    monkeypatch.setattr("graphrec.arrays.bounded_blocks.NUMBERS_AT_ONCE", 60)
    assert [lists_of(method, cases).tolist() for method in methods] == whole


FOR_ALL = {
    "musical-instruments": (0.2517, 0.4520),
    "instant-video": (0.2714, 0.5638),
    "digital-music": (0.3918, 0.6060),
    "beauty": (0.2808, 0.4277),
    "clothing": (0.2819, 0.3979),
}
"""F1@10 and NDCG@10 of the features that most users mention, counted with pandas and NumPy alone."""


@pytest.mark.parametrize("name", PRINTED)
def test_the_same_list_for_all_is_above_the_papers_table_3(name: str) -> None:
    if not (FOLDER / name).is_dir():
        pytest.skip("the features of Amazon's reviews are not here: set GRAPHREC_DATA")
    found = measured(FOLDER / name, "popularity")
    assert found == pytest.approx(FOR_ALL[name], abs=0.0001)
    assert all(here > theirs for here, theirs in zip(found, PRINTED[name], strict=True))
