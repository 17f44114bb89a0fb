"""Which mentions of features a split leaves, and whether what it leaves leaks."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pyarrow as pa
import pytest

from graphrec.dataset.ids import IdMap
from graphrec.dataset.kinds import ITEM_FEATURES
from graphrec.dataset.mentions import ELSEWHERE, PROFILE, Mentions
from graphrec.dataset.splitting import Split, cold_user_split
from graphrec.dataset.visible_reviews import VisibleReviews
from graphrec.errors import InputError, UsageError
from graphrec.testing.toy import build, toy
from tests.dataset.test_mentions import columns, values

if TYPE_CHECKING:
    from graphrec.dataset.dataset import Dataset

# u's a trains, b is for validation, c for test, d is named by no part; v's a trains, b is input. Features x, y.
PARTS = [
    ("u", "a", "train"),
    ("u", "b", "validation"),
    ("u", "c", "test"),
    ("v", "a", "train"),
    ("v", "b", "input"),
]
TRAINED, TUNED, TESTED, UNNAMED = (0, 0, 0, 1.0, 1), (0, 1, 0, -1.0, 1), (0, 2, 0, 0.5, 1), (0, 3, 0, 0.25, 1)
INPUT, NEVER_TAKEN = (1, 1, 0, 1.0, 2), (1, 3, 0, 1.0, 2)
OF_OTHERS, OF_ANOTHER_ITEM = (ELSEWHERE, 2, 1, 1.0, 1), (1, ELSEWHERE, 1, -1.0, 3)
PROFILES = [(0, PROFILE, 1, 0.5, 4), (PROFILE, 2, 1, -0.5, 8)]
ELSEWHERES = [OF_OTHERS, OF_ANOTHER_ITEM]
ALL = [TRAINED, TUNED, TESTED, UNNAMED, INPUT, NEVER_TAKEN, *ELSEWHERES, *PROFILES]


def data(rows: list[tuple[float, ...]]) -> Dataset:
    taken = build({"u": {"a": 5, "b": 4, "c": 4, "d": 1}, "v": {"a": 5, "b": 5}}, ["a", "b", "c", "d"])
    return taken.changed(
        nodes={"Feature": IdMap.of("Feature", ["x", "y"])}, mentions=Mentions.of(*np.array(rows, dtype=np.float64).T)
    )


def split(*rows: tuple[str, str, str]) -> Split:
    users, items, parts = zip(*(rows or PARTS), strict=True)
    return Split(pa.table({"user": users, "item": items, "part": parts}))


@pytest.mark.parametrize(
    ("visible", "train", "fold_in"),
    [
        (VisibleReviews(), [TRAINED], [INPUT]),
        (VisibleReviews("not-held-out"), [TRAINED, UNNAMED, NEVER_TAKEN], [INPUT]),
        (VisibleReviews(profiles="given"), [TRAINED, *PROFILES], [INPUT]),
        (VisibleReviews("not-held-out", "given"), [TRAINED, UNNAMED, NEVER_TAKEN, *PROFILES], [INPUT]),
    ],
)
def test_what_each_choice_leaves(visible: VisibleReviews, train: list[Any], fold_in: list[Any]) -> None:
    """Reviews of the validation and the test part are seen by nobody; those of the input when recommending alone."""
    cut = split().apply(data(ALL), visible=visible)
    others = ELSEWHERES if visible.reviews == "not-held-out" else []
    assert columns(cut.train.mentions) == sorted([*train, *others])
    assert columns(cut.seen.mentions) == sorted([*train, *fold_in, *others])
    assert cut.train.visible == visible


def test_a_last_fit_sees_the_reviews_of_the_validation_part() -> None:
    last = split().refitting
    assert last.sizes == {"train": 3, "validation": 0, "test": 1, "input": 1}
    cut = last.apply(data(ALL), visible=VisibleReviews("not-held-out"))
    assert columns(cut.train.mentions) == sorted([TRAINED, TUNED, UNNAMED, NEVER_TAKEN, *ELSEWHERES])
    assert cut.train.taken.row(0).tolist() == [0, 1]
    assert cut.validation.n_entries == 0
    assert last.fingerprint != split().fingerprint
    with pytest.raises(InputError, match="no validation part"):
        _ = last.refitting


def test_profiles_of_items_from_the_takers_in_training() -> None:
    """x of item a: u three times at 1, v once at −1, in the mean .5. Of c, which only the test part takes, nothing."""
    rows = [(0, PROFILE, 0, 1.0, 3), (1, PROFILE, 0, -1.0, 1), (1, PROFILE, 1, 0.0, 2)]
    cut = split().apply(data([*rows]), visible=VisibleReviews(profiles="given", item_profiles="takers"))
    assert values(cut.train.item_features) == [[0.5, 0], [0, 0], [0, 0], [0, 0]]
    assert values(cut.train.mention_counts[ITEM_FEATURES]) == [[4, 2], [0, 0], [0, 0], [0, 0]]
    assert values(cut.train.user_features) == [[1.0, 0], [-1.0, 0]]
    # v's b is input: whoever recommends sees it, with what v says
    assert values(cut.seen.mention_counts[ITEM_FEATURES]) == [[4, 2], [1, 2], [0, 0], [0, 0]]


def test_opposite_sentiments_that_sum_to_nothing_are_still_mentions() -> None:
    rows = [(0, PROFILE, 0, 1.0, 2), (1, PROFILE, 0, -1.0, 2)]
    cut = split().apply(data([*rows]), visible=VisibleReviews(profiles="given", item_profiles="takers"))
    assert values(cut.train.mention_counts[ITEM_FEATURES])[0] == [4, 0]
    assert cut.train.item_features.row(0).tolist() == [0]
    assert cut.train.item_features.weights.tolist() == [0.0]


def test_profiles_of_items_are_made_neither_twice_nor_of_nothing() -> None:
    visible = VisibleReviews(profiles="given", item_profiles="takers")
    with pytest.raises(UsageError, match="items have profiles already"):
        split().apply(data(ALL), visible=visible)
    with pytest.raises(UsageError, match="no user has one"):
        split().apply(data([TRAINED]), visible=visible)


def test_leaking_is_a_cut_with_profiles_left() -> None:
    whole = data(ALL)
    assert whole.leaking == ""
    assert split().apply(whole).train.leaking == ""
    assert split().apply(whole, visible=VisibleReviews("not-held-out")).train.leaking == ""
    leaking = split().apply(whole, visible=VisibleReviews(profiles="given"))
    assert "over all reviews" in leaking.train.leaking
    assert leaking.seen.leaking
    assert split().apply(data([TRAINED]), visible=VisibleReviews(profiles="given")).train.leaking == ""


def test_a_cut_then_another_numbering_keeps_held_out_reviews_away() -> None:
    """The model knows neither c nor d: u's review of c, a test pair, must not come back as one of an item elsewhere."""
    cut = split().apply(data(ALL), visible=VisibleReviews("not-held-out"))
    train = cut.train.aligned({"Item": IdMap.of("Item", ["a", "b"])})
    assert OF_ANOTHER_ITEM in columns(train.mentions)
    assert (0, ELSEWHERE, *TESTED[2:]) not in columns(train.mentions)
    assert (0, ELSEWHERE, *UNNAMED[2:]) in columns(train.mentions)
    assert split().apply(data(ALL)).train.mentions.item.min() >= 0


def test_what_cold_users_said_stays_hidden() -> None:
    everything = toy(5)
    cold = cold_user_split(everything)
    with pytest.raises(UsageError, match="so that nobody sees it"):
        cold.apply(everything, visible=VisibleReviews("not-held-out"))


def test_words_that_are_none() -> None:
    with pytest.raises(UsageError, match=r"reviews cannot be 'all'.*training or not-held-out"):
        VisibleReviews("all")  # type: ignore[arg-type]
    with pytest.raises(UsageError, match="those are dropped"):
        VisibleReviews(item_profiles="takers")


def test_what_is_stated_is_what_departs() -> None:
    assert VisibleReviews().stated == {}
    visible = VisibleReviews("not-held-out", "given")
    assert visible.stated == {"reviews": "not-held-out", "profiles": "given"}
    assert VisibleReviews.of_run({"visible": visible.stated}) == visible
    assert VisibleReviews.of_run({}) == VisibleReviews()
