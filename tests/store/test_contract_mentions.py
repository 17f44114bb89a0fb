"""The store contract: mentions of features as arrays, from both engines."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pyarrow as pa
import pytest

from graphrec.dataset.dataset import Dataset
from graphrec.dataset.mentions import ELSEWHERE
from graphrec.dataset.splitting import Split
from graphrec.dataset.visible_reviews import VisibleReviews
from graphrec.errors import InputError
from graphrec.schema import EdgeKind
from graphrec.tables import GraphTables
from tests.dataset.test_mentions import columns, values
from tests.store.content import SMALL, load_small

if TYPE_CHECKING:
    from graphrec.store.store import Store

USER_EDGES = [
    ("ada", "pacing", "blade", -0.5, 1),
    ("ada", "story", "casa", 0.2, 1),
    ("ben", "pacing", "", 0.25, 4),
    ("cat", "story", "an item that is not there", 1.0, 1),
]
ITEM_EDGES = [("alien", "story", "", 0.9, 9)]

# Items are alien blade casa dune emma fargo, users ada ben cat dan, features pacing and story. The small graph itself
# has ada, who mentions the story of alien, and a profile of dune.
REVIEWED = [(0, 0, 1, 0.8, 2), (0, 1, 0, -0.5, 1), (0, 2, 1, 0.2, 1)]
OF_CAT = [(2, ELSEWHERE, 1, 1.0, 1)]
PROFILES = [(-1, 0, 1, 0.9, 9), (-1, 3, 0, 0.5, 4), (1, -1, 0, 0.25, 4)]


@pytest.fixture
def mentioning(store: Store) -> Dataset:
    load_small(store)
    kinds = {"User": USER_EDGES, "Item": ITEM_EDGES}
    names = ("from", "to", "item", "sentiment", "count")
    edges = {
        EdgeKind("MENTIONED", label, "Feature"): pa.table(
            dict(zip(names, map(list, zip(*rows, strict=True)), strict=True))
        )
        for label, rows in kinds.items()
    }
    store.load(GraphTables({}, edges), SMALL)
    return Dataset.from_store(store)


def test_both_engines_give_the_mentions(mentioning: Dataset) -> None:
    assert mentioning.nodes["Feature"].ids.to_pylist() == ["pacing", "story"]
    assert_rows(mentioning, [*REVIEWED, *OF_CAT, *PROFILES])
    adas_story = (2 * 0.8 + 0.2) / 3
    np.testing.assert_allclose(values(mentioning.user_features), [[-0.5, adas_story], [0.25, 0], [0, 1.0], [0, 0]])
    # alien's stored profile gives way to the review that is there
    of_items = [[0, 0.8], [-0.5, 0], [0, 0.2], [0.5, 0], [0, 0], [0, 0]]
    np.testing.assert_allclose(values(mentioning.item_features), of_items)


def test_a_split_hides_the_mentions_of_its_test_part_and_all_profiles(mentioning: Dataset) -> None:
    table = pa.table({"user": ["ada", "ada"], "item": ["alien", "blade"], "part": ["train", "test"]})
    train = Split(table).apply(mentioning).train
    assert_rows(train, REVIEWED[:1])
    np.testing.assert_allclose(values(train.user_features)[0], [0, 0.8])
    assert train.item_features.n_entries == 1
    given = Split(table).apply(mentioning, visible=VisibleReviews(profiles="given")).train
    assert_rows(given, [*REVIEWED[:1], *PROFILES])
    others = Split(table).apply(mentioning, visible=VisibleReviews("not-held-out")).train
    assert set(OF_CAT) <= set(columns(others.mentions))


@pytest.mark.parametrize(
    ("sentiment", "count", "fault"),
    [
        (5.0, 1, r"a sentiment that is none from -1 to 1.*NOT abs\(m\.sentiment\) <= 1"),
        (float("inf"), 1, "a sentiment that is none from -1 to 1"),
        (1.0, 2**31, "a count beyond 2,147,483,647"),
    ],
)
def test_what_no_model_can_compute_with_is_refused(store: Store, sentiment: float, count: int, fault: str) -> None:
    """Readers let none of it through; somebody's own loader, or a query, may have stored it."""
    load_small(store)
    row = {"from": ["ada"], "to": ["story"], "item": ["casa"], "sentiment": [sentiment], "count": [count]}
    store.load(GraphTables({}, {EdgeKind("MENTIONED", "User", "Feature"): pa.table(row)}), SMALL)
    with pytest.raises(InputError, match=f"1 mention in the store has {fault}"):
        Dataset.from_store(store)


def assert_rows(dataset: Dataset, rows: list[tuple[float, ...]]) -> None:
    np.testing.assert_allclose(columns(dataset.mentions), sorted(rows), rtol=1e-6)
