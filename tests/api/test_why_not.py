"""Why an item is not in a list: the way in worked out by hand, and held against what-if and recommending."""

from __future__ import annotations

from itertools import combinations

import numpy as np
import pytest

import graphrec as gr
from graphrec.errors import UsageError
from graphrec.testing.reviews import with_mentions
from graphrec.testing.toy import build, toy
from tests.api.frames import films

# B[j, i]: what the taken film j gives to the film i, of Alien (10), Blade Runner (20), Casablanca (30), Dune (40).
BETWEEN = np.array(
    [[0.0, 0.1, 0.2, 0.3], [0.4, 0.0, 0.1, 0.5], [0.2, 0.3, 0.0, -0.2], [0.6, 0.1, 0.1, 0.0]], dtype=np.float32
)
MODELS = {
    "ease": lambda: gr.models.EASE(reg=2.0),
    "reconet": lambda: gr.models.RecoNet(epochs=2, embedding_size=6),
    "user-user": lambda: gr.models.UserUser(neighbours=3),
}


def by_hand() -> gr.Predictor:
    data = films()
    model = gr.models.EASE(reg=1.0).fit(data)
    model.restore({"item_weights": BETWEEN})
    return gr.Predictor(model, data)


def test_what_stands_between_is_as_worked_out_by_hand() -> None:
    # Somebody took Alien and Blade Runner: Dune has .3 + .5, Casablanca .2 + .1.
    answer = by_hand().why_not(history=["10", "20"], item="30", k=1, largest=1)
    assert (answer.rank, answer.candidates, answer.is_listed) == (2, 2, False)
    assert answer.rival is not None
    assert (answer.rival.item.id, answer.rival.score) == ("40", pytest.approx(0.8))
    assert answer.why.score == pytest.approx(0.3)
    # Without Blade Runner .2 beside .3, without Alien .1 beside .5: neither suffices.
    assert answer.without is None


def test_a_way_in_by_what_is_taken_away() -> None:
    # Of Casablanca and Dune, Alien has .2 + .6 and Blade Runner .3 + .1; without Dune it is .2 beside .3.
    answer = by_hand().why_not(history=["30", "40"], item="20", k=1)
    assert answer.rank == 2
    assert answer.without is not None
    assert [item.id for item in answer.without.items] == ["40"]
    assert (answer.without.rank, answer.without.score) == (1, pytest.approx(0.3))


def test_a_way_in_by_what_is_added() -> None:
    # Of Alien, Dune has .3 and Blade Runner .1. With Casablanca it is .1 beside .4; with Dune, which still competes,
    # .2 beside .3.
    answer = by_hand().why_not(history=["10"], item="20", k=1)
    assert answer.with_items is not None
    assert [item.id for item in answer.with_items.items] == ["30"]
    assert (answer.with_items.rank, answer.with_items.score) == (1, pytest.approx(0.4))


def test_of_an_item_in_the_list_it_is_said_that_it_is_there() -> None:
    answer = by_hand().why_not(history=["10", "20"], item="40", k=1)
    assert answer.is_listed
    assert (answer.rival, answer.without, answer.with_items) == (None, None, None)
    assert "in the list of 1" in str(answer)


@pytest.mark.parametrize("name", MODELS)
def test_what_is_found_brings_the_item_in_and_no_member_could_be_left_out(name: str) -> None:
    data = toy()
    predictor = gr.Predictor(MODELS[name]().fit(data), data)
    found = 0
    for user in data.users.ids.to_pylist()[:12]:
        taken = set(data.items.ids.take(data.taken.row(data.users.require([user])[0])).to_pylist())
        free = [item for item in data.items.ids.to_pylist() if item not in taken]
        for item in free[-3:]:
            if not predictor.recommend(user, k=1):
                continue
            answer = predictor.why_not(user, item, k=2, largest=3)
            for entry, word in ((answer.without, "without"), (answer.with_items, "with_items")):
                if entry is None:
                    continue
                found += 1
                ids = [one.id for one in entry.items]
                assert _rank_with(predictor, user, item, word, ids) <= 2
                if word == "without":  # an added item still competes in the search, and is taken in a what-if
                    smaller = [list(part) for part in combinations(ids, len(ids) - 1) if part]
                    assert all(_rank_with(predictor, user, item, word, part) > 2 for part in smaller)
    assert found > 5


def _rank_with(predictor: gr.Predictor, user: str, item: str, word: str, ids: list[str]) -> int:
    """Return the rank that a what-if gives the item with the change."""
    after = predictor.whatif(user, k=1_000, **{word: ids}).after  # type: ignore[arg-type]
    return next(row.rank_after or 0 for row in after if row.item.id == item)


def test_what_the_person_says_of_an_item_goes_with_it() -> None:
    """u says something of a and of b; a is no positive interaction, and what is said of it counts."""
    plain = build({"u": {"a": 1, "b": 5}, "v": {"d": 5, "c": 4}}, ["a", "b", "c", "d"], positive_if="rating>3")
    said = [("u", "a", "x", 1.0, 1), ("u", "b", "y", 1.0, 2), ("v", "d", "y", 1.0, 1), ("v", "c", "x", 1.0, 1)]
    data = with_mentions(plain, said, ["x", "y"])
    predictor = gr.Predictor(gr.models.CAR(epochs=20, embedding_size=4).fit(data), data)
    last = predictor.recommend("u", k=2)[1].item.id
    entry = predictor.why_not("u", last, k=1).without
    assert entry is not None
    after = predictor.whatif("u", without=[item.id for item in entry.items], k=1).after
    assert [(row.item.id, row.score_after) for row in after] == [(last, pytest.approx(entry.score, abs=1e-6))]


def test_what_may_not_be_recommended_is_refused() -> None:
    with pytest.raises(UsageError, match="the person has taken it"):
        by_hand().why_not(history=["10"], item="10")
    with pytest.raises(UsageError, match="not among the items that may be"):
        by_hand().why_not(history=["10"], item="20", exclude=["20"])
    with pytest.raises(UsageError, match="largest is 0"):
        by_hand().why_not(history=["10"], item="20", largest=0)


def test_it_is_told_in_words_and_as_json() -> None:
    answer = by_hand().why_not(history=["30", "40"], item="20", k=1)
    text = str(answer)
    assert "“Blade Runner” is number 2 of 2 for newcomer; the list has 1." in text
    assert "with a score that is 0.4 higher" in text
    assert "Without “Dune”, which they watched, it would be number 1, with a score of 0.3." in text
    told = answer.to_dict()
    assert told["without"] == {"items": [{"id": "40", "name": "Dune"}], "rank": 1, "score": pytest.approx(0.3)}
    assert (told["rank"], told["listed"], told["rival"]["item"]["id"]) == (2, False, "10")
