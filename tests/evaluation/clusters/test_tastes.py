"""What users take, by hand on eight users and six films."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from graphrec.arrays import bounded_blocks
from graphrec.errors import UsageError
from graphrec.evaluation.clusters.tastes import Tastes, tastes
from graphrec.testing.toy import build, toy
from tests.clustered import TOOK, films


def found(**settings: float) -> tuple[Tastes, tuple[int, int]]:
    of = tastes(films(), "genre", **settings)
    return of, (of.names.index("item.genre=space"), of.names.index("item.genre=drama"))


def test_counts_by_hand() -> None:
    """Dot took two of space and one of drama, Gus two of drama and one of space; all others one genre."""
    of, (space, drama) = found()
    assert of.interactions.tolist() == [len(films) for films in TOOK.values()]
    assert of.touched.tolist() == [1, 1, 1, 2, 1, 1, 2, 1]
    assert (of.main[space], of.main[drama]) == (4, 4)
    assert of.together[space, drama] == 0
    every, _ = found(main_share=0.6)  # of two genres both, rounded up
    assert (every.main[space], every.main[drama], every.together[space, drama]) == (5, 5, 2)
    assert every.lift[space, drama] == pytest.approx(2 / (5 * 5 / 8))
    assert np.isnan(every.lift[space, space])


def test_those_who_took_most_of_a_value_are_shown_with_their_shares() -> None:
    """Bob took three films of space, Hal three of drama."""
    of, (space, drama) = found(per_value=1)
    names = [list(TOOK)[user] for user in of.top_users]
    assert sorted(names) == ["bob", "hal"]
    np.testing.assert_allclose(of.profiles[names.index("bob"), [space, drama]], [1, 0])
    more, _ = found(per_value=4)
    assert len(more.top_users) == len(set(more.top_users.tolist())) == 8


def test_values_are_those_of_pandas(monkeypatch: pytest.MonkeyPatch) -> None:
    data = toy()
    monkeypatch.setattr(bounded_blocks, "NUMBERS_AT_ONCE", 20)
    kind = next(iter(set(data.attributes.columns["kind"].to_pylist()) & {"genre"}))
    of = tastes(data, kind)
    carried = pd.DataFrame({"item": data.item_attributes.row_of_entry, "value": data.item_attributes.indices})
    is_kind = np.asarray(data.attributes.columns["kind"].to_pylist()) == kind
    carried = carried[is_kind[carried["value"]]]
    frame = pd.DataFrame({"user": data.positives.row_of_entry, "item": data.positives.indices})
    joined = frame.merge(carried, on="item")
    touched = joined.groupby("user")["value"].nunique().reindex(frame["user"].unique(), fill_value=0)
    assert of.touched.tolist() == touched.tolist()
    assert of.interactions.tolist() == frame.groupby("user").size().tolist()
    assert of.main.sum() == sum(int(np.ceil(0.2 * n - 1e-9)) for n in touched)


def test_items_dealt_out_anew_are_as_many_for_each_user() -> None:
    """Ten users who take one genre of ten each would touch about as many as they take, if they did not choose."""
    ratings = {f"u{n}": {f"i{n}{m}": 5.0 for m in range(10)} for n in range(10)}
    items = [item for taken in ratings.values() for item in taken]
    carried = {item: (f"item.genre={item[1]}",) for item in items}
    attributes = {f"item.genre={n}": ("item", "genre") for n in range(10)}
    of = tastes(build(ratings, items, carried=carried, attributes=attributes), "genre")
    assert of.touched.tolist() == [1] * 10
    expected = 10 * (1 - 0.9**10)
    assert of.shuffled.mean() == pytest.approx(expected, abs=0.7)
    assert of.shuffled.max() <= 10


def test_a_kind_that_is_not_there_is_named() -> None:
    with pytest.raises(UsageError, match="'colour'"):
        tastes(films(), "colour")
