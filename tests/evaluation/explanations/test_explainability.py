"""MEP and MER: by hand, by a loop over users and items, and what their threshold lets through."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pyarrow as pa
import pytest

import graphrec as gr
from graphrec.arrays import bounded_blocks
from graphrec.dataset.incidence import Incidence
from graphrec.dataset.splitting import SplitData, user_split
from graphrec.errors import InputError, UsageError
from graphrec.evaluation.explanations.explainability import (
    BANDS,
    Explainability,
    explainability,
    random_scores,
)
from graphrec.models.ease import EASE
from graphrec.models.neighbours.item_neighbours import ItemNeighbours
from graphrec.models.popularity import Popularity
from graphrec.testing.toy import build, toy

if TYPE_CHECKING:
    import numpy.typing as npt

HAND = build(
    {
        "u1": {"a": 5, "b": 5},
        "u2": {"a": 5, "b": 5, "c": 5},
        "u3": {"a": 5, "c": 5},
        "u4": {"c": 5, "d": 5},
        "v": {"b": 5, "d": 5, "e": 5},
    },
    ["a", "b", "c", "d", "e"],
)
"""Without v the two nearest are: of a: b, c; of b: a, c; of c: a, d; of d: c; of e: none."""


def by_hand() -> SplitData:
    """Return the data with v held out, of whom b and d are given and e is to be found."""
    return gr.Split(
        table_of(
            [(user, item, "train") for user in ("u1", "u2", "u3", "u4") for item in taken(user)]
            + [("v", "b", "input"), ("v", "d", "input"), ("v", "e", "test")]
        )
    ).apply(HAND)


def taken(user: str) -> list[str]:
    row = HAND.taken.row(HAND.users.ids.to_pylist().index(user))
    return [HAND.items.ids[int(item)].as_py() for item in row]


def table_of(rows: list[tuple[str, str, str]]) -> pa.Table:
    users, items, parts = zip(*rows, strict=True)
    return pa.table({"user": users, "item": items, "part": parts})


def of_scores(*values: float, k: int = 3, thresholds: tuple[float, ...] = (0.01, 0.5)) -> Explainability:
    """Return what these scores of the five items give for v, with two neighbours an item."""
    scores = np.array([values], dtype=np.float32)
    return explainability(
        lambda users: scores.repeat(len(users), axis=0), by_hand(), k=k, thresholds=thresholds, neighbours=2
    )


def test_by_hand() -> None:
    """V has b and d: half of a's neighbours, half of c's, none of e's; e is first, then a, then c.

    Two items are explainable above .01, none above one half, which is not above itself.
    """
    found = of_scores(2, 9, 1, 9, 3)
    assert (found.users.tolist(), found.given.tolist()) == ([4], [2])
    assert found.shares.tolist() == [[0, 0.5, 0.5]]
    assert [found.precision(k).tolist() for k in (1, 2, 3)] == [[0], [1 / 2], [2 / 3]]
    assert [found.recall(k).tolist() for k in (1, 2, 3)] == [[0], [1 / 2], [1]]
    assert found.precision(3, 0.5).tolist() == [0]
    assert np.isnan(found.recall(3, 0.5)).all(), "nothing is explainable there"
    assert found.precision(3, 0.49).tolist() == [2 / 3]


def test_a_short_list_lacks_explainable_items_where_it_lacks_items() -> None:
    """Of five items two are given: a list of seven has three, and a place without an item explains nothing."""
    found = of_scores(2, 9, 1, 9, 3, k=7)
    np.testing.assert_array_equal(found.shares, [[0, 0.5, 0.5] + 4 * [np.nan]])
    assert found.bands.tolist() == [[0, 0, 0, -1, -1, -1, -1]]
    assert found.precision(4).tolist() == [2 / 4]
    assert found.recall(4).tolist() == [1]


def test_bands_by_hand() -> None:
    """All items have 0 to 5 interactions: one band holds everything, and the others nothing."""
    found = of_scores(2, 9, 1, 9, 3)
    assert found.bands.tolist() == [[0, 0, 0]]
    np.testing.assert_array_equal(found.precision_in_bands(3), [[2 / 3] + 4 * [np.nan]])
    np.testing.assert_array_equal(found.recall_in_bands(2), [[1 / 2] + 4 * [np.nan]])
    assert found.recommended_in_bands(3).tolist() == [3, 0, 0, 0, 0]


def crowd() -> SplitData:
    """Return a cut of 150 users whose items have from none to above 100 interactions."""
    rng = np.random.default_rng(5)
    chance = np.linspace(0.9, 0.002, 60)
    names = [f"i{number:02}" for number in range(60)]
    data = build(
        {f"u{user:03}": {names[item]: 5.0 for item in np.flatnonzero(rng.random(60) < chance)} for user in range(150)},
        names,
    )
    return user_split(data, validation=5, test=30, given=0.6).apply(data)


def loop(
    cut: SplitData, scores: npt.NDArray[np.float32], k: int, threshold: float, size: int
) -> dict[str, list[float]]:
    """Return EP and ER, whole and by band, user by user and item by item."""
    train, seen = cut.train.positives.csr().toarray() > 0, cut.seen.positives.csr().toarray() > 0
    norms = np.sqrt(train.sum(axis=0))
    near = []
    for item in range(train.shape[1]):
        both = (train & train[:, [item]]).sum(axis=0)
        alike = np.divide(both, norms * norms[item], out=np.zeros(len(norms)), where=both > 0).astype(np.float32)
        alike[item] = 0
        near.append([other for other in np.argsort(-alike, kind="stable")[:size] if alike[other] > 0])
    limits = [(0, 5), (6, 20), (21, 50), (51, 100), (101, np.inf)]
    band = [
        next(place for place, (low, high) in enumerate(limits) if low <= count <= high) for count in train.sum(axis=0)
    ]
    found: dict[str, list[float]] = {"ep": [], "er": [], "ep_band": [], "er_band": []}
    for user in np.flatnonzero(cut.test.counts):
        free = [item for item in np.argsort(-scores[user], kind="stable") if not seen[user, item]]
        explained = {item for item in free if near[item] and np.mean([seen[user, j] for j in near[item]]) > threshold}
        first = free[:k]
        hits = [item for item in first if item in explained]
        found["ep"].append(len(hits) / k)
        found["er"].append(len(hits) / len(explained) if explained else np.nan)
        for place in range(len(BANDS)):
            of_band = [item for item in first if band[item] == place]
            right = [item for item in hits if band[item] == place]
            whole = [item for item in explained if band[item] == place]
            found["ep_band"].append(len(right) / len(of_band) if of_band else np.nan)
            found["er_band"].append(len(right) / len(whole) if whole else np.nan)
    return found


@pytest.mark.parametrize("threshold", [0.01, 0.2, 0.5])
def test_a_loop_finds_the_same(threshold: float, monkeypatch: pytest.MonkeyPatch) -> None:
    cut = crowd()
    scores = np.random.default_rng(2).random((150, 60)).astype(np.float32)
    monkeypatch.setattr(bounded_blocks, "NUMBERS_AT_ONCE", 60 * 4 * 7)  # seven users at once
    found = explainability(lambda users: scores[users], cut, thresholds=(0.01, 0.2, 0.5), neighbours=8)
    wanted = loop(cut, scores, 10, threshold, 8)
    np.testing.assert_allclose(found.precision(10, threshold), wanted["ep"])
    np.testing.assert_allclose(found.recall(10, threshold), wanted["er"])
    np.testing.assert_allclose(found.precision_in_bands(10, threshold).ravel(), wanted["ep_band"])
    np.testing.assert_allclose(found.recall_in_bands(10, threshold).ravel(), wanted["er_band"])
    assert len(set(found.bands.ravel())) == 5, "every band is tried"


def test_one_neighbour_of_fifty_suffices_at_the_papers_threshold() -> None:
    """At .01 an item is explainable exactly where any of its neighbours was taken, and at .02 it takes two."""
    cut = crowd()
    near = ItemNeighbours.of(cut.train.positives)
    found = explainability(EASE(reg=5.0).fit(cut.train), cut, thresholds=(0.0, 0.01, 0.02), neighbours=near)
    assert found.explainable[:, 0].tolist() == found.explainable[:, 1].tolist()
    seen = cut.seen.positives.csr().toarray()[found.users]
    taken_neighbours = seen @ near.of_item.toarray().T
    free = seen == 0
    assert found.explainable[:, 1].sum(axis=1).tolist() == ((taken_neighbours >= 1) & free).sum(axis=1).tolist()
    full = near.of_item.sum(axis=1).A1 == 50
    assert full.any()
    assert found.explainable[:, 2].sum() <= ((taken_neighbours >= 2) & free).sum() + (~full & free).sum()


def test_a_random_order_is_explainable_as_often_as_the_catalogue_is() -> None:
    """Over many orders the share of explainable candidates. An order follows from seed, user and item alone."""
    cut = crowd()
    found = [explainability(random_scores(60, seed), cut, thresholds=(0.2,), neighbours=8) for seed in range(60)]
    expected = found[0].explainable[:, 0].sum(axis=1) / (60 - found[0].given)
    observed = np.mean([one.precision(10, 0.2) for one in found], axis=0)
    assert abs(observed - expected).max() < 0.1
    assert abs(observed.mean() - expected.mean()) < 0.01
    users = np.array([3, 9, 77])
    whole = random_scores(60, 4)(np.arange(150))
    np.testing.assert_array_equal(random_scores(60, 4)(users), whole[users])
    assert (random_scores(60, 5)(users) != whole[users]).any()


def test_a_model_of_other_items_is_measured_in_the_numbers_of_the_data() -> None:
    cut = crowd()
    model = Popularity().fit(cut.train)
    found = explainability(model, cut, k=5)
    scores = model.score_users(cut.seen, cut.seen.users.ids.to_pylist())
    again = explainability(lambda users: scores[users], cut, k=5)
    np.testing.assert_array_equal(found.shares, again.shares)


def test_what_cannot_be_measured_is_said() -> None:
    cut = crowd()
    scores = random_scores(60)
    for wrong, said in (
        ({"k": 0}, "lists of 0"),
        ({"thresholds": ()}, "thresholds are"),
        ({"thresholds": (1.0,)}, "below 1"),
    ):
        with pytest.raises(UsageError, match=said):
            explainability(scores, cut, **wrong)  # type: ignore[arg-type]
    found = explainability(scores, cut)
    with pytest.raises(UsageError, match=r"lists of 11 were not measured.*1 to 10"):
        found.precision(11)
    with pytest.raises(UsageError, match=r"threshold 0\.5 was not measured.*0\.01"):
        found.recall(10, 0.5)
    nobody = SplitData(cut.train, cut.validation, Incidence.empty(150, 60), cut.fold_in)
    with pytest.raises(InputError, match="nobody has held-out items in the test part"):
        explainability(scores, nobody)


def test_toy_data_need_no_more_than_they_have() -> None:
    """Fewer than fifty items: all that share a user are neighbours."""
    data = toy()
    found = explainability(EASE().fit(data), user_split(data, validation=3, test=5).apply(data))
    assert found.shares.shape[0] == len(found.users)
    assert (found.precision(10) <= 1).all()
