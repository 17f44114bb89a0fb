"""A what-if: both lists worked out by hand, and held against recommending and against ``score_with``."""

from __future__ import annotations

from inspect import signature
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest
import torch

import graphrec as gr
from graphrec.answers.text import attribute
from graphrec.answers.whatif_text import notes
from graphrec.commands.whatif import whatif as command
from graphrec.dataset.profiles import profiles_of
from graphrec.errors import UnknownIdError, UsageError
from graphrec.explaining.input_groups import BELONGING
from graphrec.schema.property_graph import EVIDENCE_LABELS
from graphrec.testing.knowledge import toy_with_knowledge
from graphrec.testing.reviews import with_mentions
from graphrec.testing.toy import NOBODY, build, toy
from tests.api.frames import COLUMNS, RATINGS, films

if TYPE_CHECKING:
    from graphrec.answers.changed_list import Standing
    from graphrec.explaining.leaving_attributes import Carried

# B[j, i]: what the taken film j gives to the film i, of Alien (10), Blade Runner (20), Casablanca (30), Dune (40).
BETWEEN = np.array(
    [[0.0, 0.1, 0.2, 0.3], [0.4, 0.0, 0.1, 0.5], [0.2, 0.3, 0.0, -0.2], [0.6, 0.1, 0.1, 0.0]], dtype=np.float32
)
MODELS = {
    "ease": lambda: gr.models.EASE(reg=2.0),
    "reconet": lambda: gr.models.RecoNet(epochs=2, embedding_size=6),
    "reconet-layer": lambda: gr.models.RecoNet(epochs=2, embedding_size=6, hidden_size=5),
    "resolved": lambda: gr.models.Resolved(epochs=2, embedding_size=4, item_factors=2, entity_factors=2, batch_size=8),
    "user-user": lambda: gr.models.UserUser(neighbours=3),
}
USER = "u04"


def by_hand(data: gr.Dataset | None = None) -> gr.Predictor:
    data = data or films()
    model = gr.models.EASE(reg=1.0).fit(data)
    model.restore({"item_weights": BETWEEN})
    return gr.Predictor(model, data)


def rows(standings: tuple[Standing, ...]) -> list[tuple[Any, ...]]:
    return [(row.item.id, row.rank_before, row.rank_after, row.score_before, row.score_after) for row in standings]


def near(*numbered: tuple[Any, ...]) -> list[Any]:
    return [tuple(pytest.approx(v, abs=1e-6) if isinstance(v, float) else v for v in row) for row in numbered]


def known(name: str) -> tuple[gr.Dataset, gr.models.Model]:
    data = toy_with_knowledge() if name == "resolved" else toy()
    return data, MODELS[name]().fit(data)


def taken_by(data: gr.Dataset, user: str, *, positive: bool = False) -> list[str]:
    place = data.users.ids.to_pylist().index(user)
    matrix = data.positives if positive else data.taken
    return [data.items.ids[item].as_py() for item in matrix.row(place).tolist()]


def test_a_genre_is_taken_away_and_its_films_may_come_back() -> None:
    # user 1 took 10, 20 and 30; what is left is 30, whose row is the score
    answer = by_hand().whatif("1", without=["attribute:genres=sf"], k=2, recommend_removed=True)
    assert rows(answer.before) == near(("40", 1, 3, 0.6, -0.2))
    assert rows(answer.after) == near(("20", None, 1, 0.4, 0.3), ("10", None, 2, 0.6, 0.2))
    assert rows(answer.entered) == rows(answer.after)
    assert rows(answer.left) == rows(answer.before)
    assert answer.moved == ()
    (removed,) = answer.removed
    assert (removed.kind, removed.node.id, [item.name for item in removed.items], removed.inputs) == (
        "item_attribute",
        "item.genres=sf",
        ["Alien", "Blade Runner"],
        2,
    )
    assert (answer.inputs_before, answer.inputs_after, answer.verb, answer.model) == (3, 1, "watched", "ease")


def test_what_was_taken_stays_taken() -> None:
    answer = by_hand().whatif("1", without=["attribute:genres=sf"], k=2)
    assert rows(answer.after) == near(("40", 1, 1, 0.6, -0.2))
    assert (answer.entered, answer.left, answer.moved) == ((), (), ())


def test_without_a_film_two_others_change_places() -> None:
    answer = by_hand().whatif(3, without=[30])
    assert rows(answer.after) == near(("40", 2, 1, 0.3, 0.5), ("10", 1, 2, 0.6, 0.4))
    assert [row.item.id for row in answer.before] == ["10", "40"]
    assert answer.moved == answer.after
    assert answer.items == answer.after  # the list after comes first, by its ranks


def test_an_added_film_is_taken_and_counts() -> None:
    # with Dune beside 10 and 20: Casablanca has 0.2 + 0.1 + 0.1
    answer = by_hand().whatif(2, with_items=["item:40"], k=1)
    assert rows(answer.after) == near(("30", 2, 1, 0.3, 0.4))
    assert rows(answer.left) == near(("40", 1, None, 0.8, 0.8))
    assert [item.name for item in answer.added] == ["Dune"]


def test_a_history_that_no_store_knows() -> None:
    new = by_hand().whatif(history=["10", "20"], without=["20"], with_items=["40"])
    known_user = by_hand().whatif("2", without=["20"], with_items=["40"])
    assert rows(new.items) == rows(known_user.items)
    assert new.user.id == "newcomer"


def test_a_film_that_is_no_input_is_said_to_be_none() -> None:
    data = gr.Dataset.from_pandas(RATINGS, **COLUMNS, positive_if="rating>=4")
    answer = by_hand(data).whatif("5", without=["20", "10"])  # 20 has three stars
    assert [removed.inputs for removed in answer.removed] == [0, 1]
    assert (answer.inputs_before, answer.inputs_after) == (2, 1)
    assert rows(answer.after) == near(("30", 1, 1, 0.3, 0.1))


def test_for_a_model_of_reviews_what_is_said_of_an_item_goes_with_it() -> None:
    """u says something of a and of b, nothing of c; a is no positive interaction, and what is said of it counts."""
    plain = build({"u": {"a": 1, "b": 5, "c": 5}, "v": {"d": 5, "b": 4}}, ["a", "b", "c", "d"], positive_if="rating>3")
    data = with_mentions(plain, [("u", "a", "x", 1.0, 1), ("u", "b", "y", 1.0, 2), ("v", "d", "y", 1.0, 1)], ["x", "y"])
    predictor = gr.Predictor(gr.models.CAR(epochs=1, embedding_size=2).fit(data), data)
    answer = predictor.whatif("u", without=["a", "c"])
    assert [removed.inputs for removed in answer.removed] == [1, 0]
    assert (answer.inputs_before, answer.inputs_after) == (3, 2)  # x, y and the vector of u
    told = notes(answer)
    assert "What the user says of these items is gone too." in told
    assert told[-1] == "The model does not use “The c”: no feature is mentioned there."
    stays = predictor.whatif("u", without=["b"], attributes="stay")
    assert (stays.inputs_before, stays.inputs_after) == (3, 3)
    assert notes(stays)[-1] == "The model does not use “The b”: what is said of items stays."


def test_without_any_input_nothing_is_recommended() -> None:
    answer = by_hand().whatif("2", without=["10", "20"], recommend_removed=True)
    assert answer.after == ()
    assert rows(answer.left) == near(("40", 1, None, 0.8, None), ("30", 2, None, 0.3, None))


def test_one_selection_in_two_spellings_is_one() -> None:
    assert len(by_hand().whatif("1", without=["10", "item:10"]).removed) == 1


@pytest.mark.parametrize("name", MODELS)
def test_the_list_before_is_what_is_recommended(name: str) -> None:
    data, model = known(name)
    predictor = gr.Predictor(model, data)
    for user in ("u00", USER, "u13"):
        answer = predictor.whatif(user, without=taken_by(data, user)[:1], k=4)
        expected = predictor.recommend(user, k=4, reasons=0)
        assert [(row.item, row.rank_before) for row in answer.before] == [(why.item, why.rank) for why in expected]
        scores = [why.score for why in expected]
        assert [row.score_before for row in answer.before] == pytest.approx(scores, abs=1e-5)


@pytest.mark.parametrize("name", [name for name in MODELS if name != "user-user"])
def test_the_list_after_is_that_of_somebody_with_the_remaining_history(name: str) -> None:
    data, model = known(name)
    predictor = gr.Predictor(model, data)
    taken, positive = taken_by(data, USER), taken_by(data, USER, positive=True)
    own = [data.attributes.ids[a].as_py() for a in data.user_attributes.row(data.users.ids.to_pylist().index(USER))]
    (added,) = sorted(set(data.items.ids.to_pylist()) - set(taken))[:1]
    answer = predictor.whatif(USER, without=positive[:2], with_items=[added], k=5)
    expected = predictor.recommend(
        history=[*positive[2:], added], attributes=own, exclude=[*taken, added], k=5, reasons=0
    )
    assert [row.item for row in answer.after] == [why.item for why in expected]
    assert [row.score_after for row in answer.after] == pytest.approx([why.score for why in expected], abs=1e-5)
    if name.startswith("reconet"):
        other = predictor.whatif(USER, without=[*positive[:2], f"attribute:{own[0]}"], with_items=[added], k=5)
        bare = predictor.recommend(
            history=[*positive[2:], added], attributes=own[1:], exclude=[*taken, added], k=5, reasons=0
        )
        assert [row.score_after for row in other.after] == pytest.approx([why.score for why in bare], abs=1e-5)
        assert other.inputs_after == answer.inputs_after - 1


@pytest.mark.parametrize("name", MODELS)
def test_where_attributes_stay_the_items_alone_are_switched_off(name: str) -> None:
    data, model = known(name)
    positive = taken_by(data, USER, positive=True)
    answer = gr.Predictor(model, data).whatif(USER, without=positive[:2], attributes="stay", k=5)
    aligned, of_training = model.align(data)
    profile = profiles_of(aligned, of_training, np.array([data.users.ids.to_pylist().index(USER)]))
    slots = model.inputs(profile)
    off = [data.items.ids.to_pylist().index(item) for item in positive[:2]]
    strengths = torch.ones(1, 1, slots.labels.shape[1])
    strengths[0, 0, :2] = 0  # taken items come first, in ascending order
    assert slots.nodes[0, :2].tolist() == off
    scores = model.score_with(profile, slots, strengths)[0, 0]
    places = [data.items.ids.to_pylist().index(row.item.id) for row in answer.items]
    assert [row.score_after for row in answer.items] == pytest.approx(scores[places].tolist(), abs=1e-6)
    if name.startswith("reconet"):  # the genres of the two go only where that is asked for
        gone = gr.Predictor(model, data).whatif(USER, without=positive[:2], attributes="go", k=5)
        assert gone.inputs_after < answer.inputs_after == answer.inputs_before - 2


def test_where_attributes_stay_an_own_attribute_is_switched_off_alone() -> None:
    data, model = known("reconet")
    aligned, of_training = model.align(data)
    row = data.users.ids.to_pylist().index(USER)
    own = int(data.user_attributes.row(row)[0])
    answer = gr.Predictor(model, data).whatif(
        USER, without=[f"attribute:{data.attributes.ids[own].as_py()}"], attributes="stay", k=5
    )
    profile = profiles_of(aligned, of_training, np.array([row]))
    slots = model.inputs(profile)
    is_off = (slots.labels == EVIDENCE_LABELS.index("Attribute")) & (slots.nodes == own)
    assert is_off.sum() == answer.inputs_before - answer.inputs_after == 1
    scores = model.score_with(profile, slots, slots.filled[:, None, :] & torch.from_numpy(~is_off)[:, None, :])[0, 0]
    places = [data.items.ids.to_pylist().index(row.item.id) for row in answer.items]
    assert [row.score_after for row in answer.items] == pytest.approx(scores[places].tolist(), abs=1e-6)


@pytest.mark.parametrize("name", MODELS)
def test_somebody_without_history_gets_a_list_from_an_added_item(name: str) -> None:
    data, model = known(name)
    predictor = gr.Predictor(model, data)
    answer = predictor.whatif(NOBODY, with_items=["i00"], k=3)
    assert (answer.before, answer.inputs_before) == ((), 0)
    assert all(row.score_before is None for row in answer.after)
    expected = predictor.recommend(history=["i00"], k=3, reasons=0)
    assert [row.item for row in answer.entered] == [why.item for why in expected]


@pytest.mark.parametrize("belonging", [0.5, 0.4, 0.45])
def test_a_factor_takes_the_items_that_belong_to_it(belonging: float) -> None:
    data, model = known("resolved")
    aligned, _ = model.align(data)
    factors = model.factors(aligned)
    predictor = gr.Predictor(model, data)
    taken, sizes = taken_by(data, USER), set()
    for text, weights in zip(factors.ids.ids.to_pylist(), factors.members["Item"].T, strict=True):
        expected = [item for item in taken if weights[data.items.ids.to_pylist().index(item)] >= belonging]
        sizes.add(len(expected))
        if expected:
            (removed,) = predictor.whatif(USER, without=[f"factor:{text}"], belonging=belonging).removed
            assert [item.id for item in removed.items] == expected
        else:
            with pytest.raises(UsageError, match=rf"took nothing that belongs to .* by {belonging} or more"):
                predictor.whatif(USER, without=[f"factor:{text}"], belonging=belonging)
    assert len(sizes) > 1


@pytest.mark.parametrize("name", ["ease", "reconet", "resolved"])
@pytest.mark.parametrize("attributes", ["go", "stay"])
def test_what_groups_stores_is_what_a_selection_takes_away(name: str, attributes: Carried) -> None:
    """For every stored group: the same items, the same name, and the score before minus the score after."""
    data, model = known(name)
    by = "attribute,entity,factor" if name == "resolved" else "attribute"
    explainer = gr.explainers.Groups(by=by, attributes=attributes, smallest=1, belonging=0.45)
    tables = gr.recommend(model, data, k=2, reasons=20, against=20, users=[USER], explainer=explainer).tables
    found = tables.reasons.to_pandas()
    predictor = gr.Predictor(model, data)
    inputs = {data.items.ids[int(item)].as_py() for item in data.positives.row(int(data.users.require([USER])[0]))}
    kinds = set()
    for (item, text), members in found.groupby(["item", "set_of"], observed=True):
        answer = predictor.whatif(USER, without=[text], attributes=attributes, k=len(data.items), belonging=0.45)
        (removed,) = answer.removed
        assert {node.id for node in removed.items} & inputs == set(members["evidence"])
        assert removed.inputs == len(members)
        words = attribute(removed.node) if removed.kind == "item_attribute" else removed.node.name
        assert {words} == set(members["set_name"])
        (row,) = [row for row in answer.items if row.item.id == item]
        assert row.score_before is not None
        assert row.score_after is not None
        assert members["joint_effect"].iloc[0] == pytest.approx(row.score_before - row.score_after, abs=1e-5)
        kinds.add(removed.kind)
    assert kinds == ({"item_attribute", "entity", "factor"} if name == "resolved" else {"item_attribute"})


def test_the_threshold_is_one() -> None:
    defaults = [signature(call).parameters["belonging"].default for call in (gr.whatif, gr.Predictor.whatif, command)]
    assert defaults == [BELONGING] * 3
    assert gr.explainers.Groups().config.belonging == BELONGING


def test_an_entity_takes_the_items_that_are_linked_to_it() -> None:
    data, model = known("resolved")
    (removed,) = gr.Predictor(model, data).whatif(USER, without=["entity:love"]).removed
    evens = [item for item in taken_by(data, USER) if int(item[1:]) % 2 == 0 and int(item[1:]) < 10]
    assert [item.id for item in removed.items] == evens
    assert len(evens) > 1


def test_the_front_door_answers_as_the_predictor() -> None:
    data = films()
    model = gr.models.EASE(reg=1.0).fit(data)
    assert gr.whatif(model, data, 3, without=[20]) == gr.Predictor(model, data).whatif("3", without="20")


@pytest.mark.parametrize(
    ("asked", "error", "message"),
    [
        ({}, UsageError, "nothing is changed"),
        ({"without": ["attribute:genres=drama"]}, UsageError, "the user '2' took nothing with genres drama"),
        ({"without": ["30"]}, UsageError, r"the user '2' has not taken '30' \(Casablanca\)"),
        ({"with_items": ["10"]}, UsageError, r"the user '2' has taken '10' \(Alien\) already"),
        ({"with_items": ["attribute:genres=sf"]}, UnknownIdError, "no Item with id 'attribute:genres=sf'"),
        ({"without": ["Alien"]}, UnknownIdError, r"Near to it: 10 \(Alien\)"),
        ({"without": ["10"], "k": 0}, UsageError, "k is 0"),
        ({"without": ["10"], "attributes": "come"}, UsageError, "Give go or stay"),
        ({"without": ["10"], "belonging": 0.0}, UsageError, "belonging is 0"),
        ({"without": ["factor:x"]}, UsageError, "the model has no factors"),
    ],
)
def test_what_makes_no_sense_is_refused(asked: dict[str, Any], error: type[Exception], message: str) -> None:
    with pytest.raises(error, match=message):
        by_hand().whatif("2", **asked)


def test_an_own_attribute_is_refused_where_the_user_lacks_it_and_said_to_be_unused_where_no_input() -> None:
    data = toy()
    carried = set(data.user_attributes.row(data.users.ids.to_pylist().index(USER)).tolist())
    genders = {text: place for place, text in enumerate(data.attributes.ids.to_pylist()) if "gender" in text}
    (has,) = [text for text, place in genders.items() if place in carried]
    (lacks,) = set(genders) - {has}
    predictor = gr.Predictor(gr.models.EASE(reg=2.0).fit(data), data)
    with pytest.raises(UsageError, match=f"does not have gender {lacks[-1]}"):
        predictor.whatif(USER, without=[f"attribute:{lacks}"])
    answer = predictor.whatif(USER, without=[f"attribute:{has}"])
    assert (answer.removed[0].inputs, answer.removed[0].items) == (0, ())
    assert answer.inputs_before == answer.inputs_after
