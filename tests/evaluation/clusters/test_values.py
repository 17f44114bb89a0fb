"""Main values and shares of values, by hand."""

from __future__ import annotations

import numpy as np
import pytest

from graphrec.dataset.incidence import Incidence
from graphrec.dataset.main_values import main_values
from graphrec.errors import UsageError
from graphrec.evaluation.clusters import values
from graphrec.evaluation.clusters.values import ItemValues
from graphrec.testing.toy import build, toy

CARRIED = {
    "a": ["item.genre=drama"],
    "b": ["item.genre=comedy", "item.genre=drama", "item.director=Ito"],
    "c": ["item.genre=drama", "item.genre=western"],
    "d": [],
}


def test_the_main_value_is_the_rarest() -> None:
    """Value 0 has three carriers, 1 and 2 have one each, of which 1 comes first; 3 has none."""
    carried = Incidence.from_pairs(np.array([0, 1, 2, 2, 1]), np.array([0, 0, 0, 1, 2]), (4, 4))
    assert main_values(carried).tolist() == [0, 2, 1, -1]
    assert main_values(Incidence.empty(2, 0)).tolist() == [-1, -1]


def test_shares_of_what_users_took() -> None:
    data = build({"u": {"a": 5.0, "b": 5.0, "d": 5.0}, "v": {"d": 5.0}}, list(CARRIED), carried=CARRIED)
    genres = ItemValues.of(data, "genre")
    shares = dict(zip(genres.names, genres.profiles(data.positives).T, strict=True))
    assert shares["item.genre=drama"][0] == pytest.approx(0.75)
    assert shares["item.genre=comedy"][0] == pytest.approx(0.25)
    assert all(np.isnan(of_value[1]) for of_value in shares.values())
    mains = [genres.names[place] for place in genres.main[:3]]
    assert mains == ["item.genre=drama", "item.genre=comedy", "item.genre=western"]
    assert genres.main[3] == -1


def test_kinds_that_describe_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(UsageError, match="no item attribute is of the kind 'colour'"):
        ItemValues.of(toy(), "colour")
    monkeypatch.setattr(values, "MOST_VALUES", 2)
    with pytest.raises(UsageError, match=r"the kind 'genre' has \d values, too many"):
        ItemValues.of(toy(), "genre")
