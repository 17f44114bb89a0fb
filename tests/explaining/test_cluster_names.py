"""Names of user clusters, held against scipy and against chance."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from scipy import stats

from graphrec.explaining import cluster_names
from graphrec.explaining.cluster_names import larger_shares, names_by_people
from graphrec.tables.verbs import Verbs
from graphrec.testing.toy import build
from tests.clustered import Clustered, films


def test_people_and_tastes_name_a_cluster() -> None:
    """All four young people are of space: one of C(8,4) = 70 draws; 11/12 of their films are, beside 1/12."""
    data = films()
    gates = Clustered().fit(data).gates(data.positives)
    assert names_by_people(gates, data) == ["age young · item.genre=space", "age old · item.genre=drama"]


def test_shares_are_compared_as_scipy_compares_them(monkeypatch: pytest.MonkeyPatch) -> None:
    """Random users, items and marks: Welch's t test of each cluster against all others, in blocks of few users."""
    monkeypatch.setattr(cluster_names, "PAIRS_AT_ONCE", 40)
    rng = np.random.default_rng(3)
    items = [f"i{number}" for number in range(30)]
    took = {
        f"u{number}": dict.fromkeys(rng.choice(items, rng.integers(0, 9), replace=False), 5.0) for number in range(50)
    }
    marks = {f"item.tag={mark}": ("item", "tag") for mark in range(6)}
    carried = {item: [mark for mark in marks if rng.random() < 0.4] for item in items}
    data = build(took, items, carried=carried, attributes=marks)
    best = np.eye(3, dtype=np.bool_)[rng.integers(0, 3, 50)]
    surprise, carriers = larger_shares(best, data.positives, data.item_attributes.csr(np.float64))
    dense = data.positives.csr(np.float64).toarray()
    with_items = dense.sum(axis=1) > 0
    share = (dense @ data.item_attributes.csr(np.float64).toarray())[with_items] / dense[with_items].sum(axis=1)[
        :, None
    ]
    np.testing.assert_array_equal(carriers, (share > 0).sum(axis=0))
    evident = 0
    for cluster in range(3):
        people = best[with_items, cluster]
        by_scipy = stats.ttest_ind(share[people], share[~people], equal_var=False, alternative="greater").pvalue
        larger = share[people].mean(axis=0) > share[~people].mean(axis=0)
        np.testing.assert_allclose(np.exp(surprise[cluster])[larger], by_scipy[larger], rtol=1e-9)
        assert (surprise[cluster][~larger] == 0).all()
        evident += larger.sum()
    assert evident > 3


def test_interactions_of_one_user_are_one_observation() -> None:
    """One of four people of a cluster took 400 horror films: no taste of the cluster, however many films that are."""
    horror = [f"h{number}" for number in range(400)]
    took = {"fan": dict.fromkeys(horror, 5.0)} | {f"u{number}": {f"p{number}": 5.0} for number in range(9)}
    items = [*horror, *(f"p{number}" for number in range(9))]
    carried = {item: ["item.genre=horror"] for item in horror}
    data = build(took, items, carried=carried)
    best = np.zeros((10, 2), dtype=np.bool_)
    best[:4, 0], best[4:, 1] = True, True
    surprise, _ = larger_shares(best, data.positives, data.item_attributes.csr(np.float64))
    horror_mark = data.attributes.ids.to_pylist().index("item.genre=horror")
    assert np.exp(surprise[0, horror_mark]) == pytest.approx(stats.t.sf(1, 3))  # shares 1, 0, 0, 0 against zeros
    assert names_by_people(best.astype(np.float32), data)[0].startswith("people who interacted with")


def test_chance_gives_no_names() -> None:
    """Random users in random clusters, 60 random marks: one in five of the clusters at most finds a mark, by chance."""
    rng = np.random.default_rng(0)
    items = [f"i{number}" for number in range(80)]
    marks = {f"item.tag={mark}": ("item", "tag") for mark in range(60)}
    carried = {item: [mark for mark in marks if rng.random() < 0.1] for item in items}
    took = {f"u{number}": dict.fromkeys(rng.choice(items, 12, replace=False), 5.0) for number in range(200)}
    data = build(took, items, carried=carried, attributes=marks)
    named = [
        not name.startswith("people who interacted with")
        for _ in range(25)
        for name in names_by_people(rng.random((200, 4)).astype(np.float32), data)
    ]
    assert 0 < sum(named) <= 30  # 20 of 100 are expected at most; the standard deviation is 4


def test_a_cluster_without_marks_is_called_by_what_stands_out() -> None:
    """Both of the first cluster took a, one of them b; of the other cluster both took b, and one c."""
    data = build(
        {"u": {"a": 5.0}, "v": {"a": 5.0, "b": 5.0}, "w": {"b": 5.0}, "x": {"b": 5.0, "c": 5.0}}, ["a", "b", "c"]
    )
    gates = np.array([[1, 0, 0], [1, 0, 0], [0, 1, 0], [0, 1, 0]], dtype=np.float32)
    data = replace(data, verbs=Verbs((("", "watched"),)))
    assert names_by_people(gates, data) == ["people who watched The a", "people who watched The b · The c", "cluster 3"]
