"""What is said of interactions that the rule leaves out, by hand."""

from __future__ import annotations

import numpy as np
import pytest

from graphrec.dataset.positive_rule import PositiveRule
from graphrec.dataset.uncounted import how_many_count, none_counts, why_none_counts, why_nothing
from graphrec.testing.toy import build

NAN = float("nan")


def columns(*ratings: float) -> dict[str, np.ndarray]:
    return {
        "rating": np.array(ratings),
        "weight": np.ones(len(ratings)),
        "timestamp": np.full(len(ratings), NAN),
    }


NO_COLUMN = "Give a column rating, or train a model that counts interactions without one"


@pytest.mark.parametrize(
    ("ratings", "begin", "fact"),
    [
        ((NAN,) * 4, "none of u7's 4 interactions counts", f"there is no rating. {NO_COLUMN}"),
        ((1, 2.5), "none of u7's 2 interactions counts", "the rating is 1 to 2.5. Train a model that counts others"),
        ((2,), "u7's only interaction does not count", "the rating is 2. Train a model that counts others"),
        (
            (2, NAN, 2),
            "none of u7's 3 interactions counts",
            f"the rating is 2, or missing (1 time). {NO_COLUMN}",
        ),
    ],
)
def test_of_a_person(ratings: tuple[float, ...], begin: str, fact: str) -> None:
    found = none_counts(PositiveRule("rating>=3"), columns(*ratings), "u7")
    assert found == f"{begin}: the model counts rating>=3, and {fact}"
    assert none_counts(PositiveRule(), columns(*ratings), "u7") == ""


@pytest.mark.parametrize("ratings", [(NAN, 3), ()])
def test_of_a_person_with_one_that_counts_or_with_nothing(ratings: tuple[float, ...]) -> None:
    assert none_counts(PositiveRule("rating>=3"), columns(*ratings), "u7") == ""


def test_of_a_file() -> None:
    rule = PositiveRule("rating>=3")
    assert how_many_count(rule, columns(3, 4), "new.csv") == ""
    assert how_many_count(rule, columns(3, 2, NAN), "new.csv").startswith(
        "2 of the 3 interactions in new.csv do not count: the model counts rating>=3, and the rating is 2, or missing"
    )
    assert how_many_count(rule, columns(NAN), "new.csv").startswith("none of the 1 interaction in new.csv counts: ")
    other = how_many_count(PositiveRule("timestamp>5"), columns(3), "new.csv")
    assert "counts timestamp>5, and there is no timestamp. Give a column timestamp" in other


def test_of_users_of_a_data_set() -> None:
    """Ada has one that counts, ben two that do not, cat nothing."""
    data = build({"ada": {"a": 4, "b": 1}, "ben": {"a": 1, "b": 2}, "cat": {}}, ["a", "b"], positive_if="rating>=3")
    said = [why_none_counts(data, user, "x") for user in range(3)]
    assert (said[0], said[2]) == ("", "")
    assert said[1].startswith("none of x's 2 interactions counts: the model counts rating>=3")
    assert why_nothing(data, 2, "cat") == "cat has no interaction with an item that the model knows"
    assert "and the rating is 1 to 2" in why_nothing(data, 1, "ben")
