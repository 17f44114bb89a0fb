"""Reasons in words: association, shares, measured effects, and no other person's name."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

from graphrec.answers import Node, Why, sentences, text
from graphrec.answers.node_reasons import node_reasons
from graphrec.answers.sentences import Line
from tests.answers.answers import ALIEN, EVERY_GROUND, GROUPS, SCOTT, THROUGH_FACTORS, reason, through, why


def told(why: Why, most: int | None = None) -> list[str]:
    """Return the sentences alone."""
    return [line.sentence for line in sentences.sentences(why, most)]


def test_every_ground_has_its_words() -> None:
    falls, rises = "measured: without it the score falls by", "without it the score rises by"
    less = "measured: it supports, but less than the rest of what they watched:"
    assert told(EVERY_GROUND) == [
        f"“Alien”, which they watched – weighs 3.2, 32 % of the evidence; {falls} 1.6",
        f"genre Sci-Fi, as in “Alien”, which they watched – weighs 2, 20 % of the evidence; {falls} 1",
        f"Ridley Scott (director), as in “Alien”, which they watched – weighs 1.2, 12 % of the evidence; {falls} 0.6",
        f"age 25-34 of the user – weighs 0.4, 4 % of the evidence; {less} {rises} 0.05",
        (
            "the word “story”, which they write about – weighs 0.4, 4 % of the evidence; "
            "measured: it supports, but less than the rest of what they watched: without it the score stays the same"
        ),
        f"the word “pacing”, said of the item – weighs 0.2, 2 % of the evidence; {falls} 0.1",
        (
            "the group “space”, which they belong to – weighs 0.04, <1 % of the evidence; "
            "not measured: it cannot be taken away alone"
        ),
        f"“Casablanca”, which they watched – weighs −0.4, 4 % of the evidence against; measured: {rises} 0.2",
        "2 people with a similar history – together 5 % of the evidence",
    ]


def test_words_claim_no_cause() -> None:
    words = " ".join([*told(EVERY_GROUND), sentences.coverage(EVERY_GROUND)]).lower()
    assert not {"because", "cause", "causes", "due to", "leads to"} & set(words.split())


def test_other_people_are_a_count_in_words_and_in_json() -> None:
    result = EVERY_GROUND.to_dict()
    assert result["people"] == 2
    assert "Secret" not in json.dumps(result) + " ".join(told(EVERY_GROUND))
    assert {r["evidence"]["id"] for r in result["reasons"]}.isdisjoint({"ben", "cat"})


def test_coverage_counts_opposing_shares_too() -> None:
    one = why(reason(ALIEN, 0.3))
    both = why(reason(ALIEN, 0.3), reason(Node("Item", "casa", "Casablanca"), -0.1, -1))
    assert sentences.coverage(one) == "This reason holds 30 % of all evidence that the model weighed."
    assert sentences.coverage(both) == "These 2 reasons hold 40 % of all evidence that the model weighed."
    assert sentences.coverage(why()) == "No reason is stored for this recommendation."


def test_a_set_is_told_as_one() -> None:
    said: dict[str, Any] = {
        "set": 1,
        "contrast": "emma",
        "delta": -1.0,
        "joint_effect": 0.25,
        "flips": True,
        "anchor": ALIEN,
    }
    one, two = reason(ALIEN, 0.7, **said), reason(Node("Item", "casa", "Casablanca"), 0.3, 2, **said)
    assert told(why(one, two))[0] == (
        "“Alien”, which they watched – carries 70 % of the set; measured: without it the score falls by 3.5"
    )
    assert sentences.coverage(why(one, two)) == (
        "Without these 2 reasons together it would not be among the best: the score falls by 0.25, and the item emma "
        "comes to stand above it."
    )
    following = replace(why(one).run, params={"explainer": {"flip": "next", "top": 10}})
    assert sentences.coverage(replace(why(one), run=following)) == (
        "Without this one reason the item emma would come before it: the score falls by 0.25."
    )
    still = reason(ALIEN, 1.0, set=2, joint_effect=0.0, flips=False)
    assert sentences.coverage(why(still)) == (
        "Without this one reason it would still be among the best: the score stays the same."
    )


def test_features_that_they_care_less_or_more_for_are_told_in_their_words() -> None:
    said: dict[str, Any] = {
        "set": 1,
        "contrast": "p2",
        "contrast_name": "other piano",
        "joint_effect": 1.5,
        "flips": True,
    }
    less = reason(Node("Feature", "keys", "keyboard action"), 0.5, **said, delta=-2.0, amount=4.0, ground="mentioned")
    more = reason(
        Node("Feature", "price", "price"), 0.3, 2, **said, delta=1.25, amount=0.0, ground="rival_side", effect=None
    )
    third = reason(Node("Feature", "pedal", "pedal"), 0.2, 3, **said, delta=-2.848, amount=2.848, ground="mentioned")
    assert sentences.coverage(why(less)) == (
        "Had they cared less for “keyboard action” (4 → 2), “other piano” would come before it."
    )
    assert sentences.coverage(why(less, more, third)) == (
        "Had they cared less for “keyboard action” (4 → 2) and “pedal” (2.85 → 0) and more for “price” (0 → 1.25), "
        "“other piano” would come before it."
    )
    assert sentences.sentences(why(more))[0] == Line(
        "the word “price”, said of “other piano” – carries 30 % of the set; "
        "not measured: it cannot be taken away alone",
        "changed: 0 → 1.25",
    )
    top = {"explainer": {"flip": "top", "top": 10}}
    asked = replace(why(less), run=replace(why(less).run, params=top))
    assert sentences.coverage(asked) == (
        "Had they cared less for “keyboard action” (4 → 2), it would not be among the best 10: “other piano” would "
        "come before it."
    )


def test_that_there_is_no_counterfactual_is_told() -> None:
    assert sentences.coverage(replace(why(), counterfactual="none")) == (
        "No counterfactual: no change of their inputs, of those that the run tried, lets another item come before it."
    )
    assert sentences.coverage(why()) == "No reason is stored for this recommendation."
    top = replace(why().run, params={"explainer": {"flip": "top", "top": 5}})
    assert sentences.coverage(replace(why(), run=top, counterfactual="none")) == (
        "No counterfactual: no change of their inputs, of those that the run tried, puts it out of their best 5."
    )


def test_an_attribute_is_named_by_its_kind_even_if_its_value_has_an_equals_sign() -> None:
    assert text.attribute(Node("Attribute", "item.tag=a=b", "a=b")) == "tag a=b"
    assert text.attribute(Node("Attribute", "odd", "Odd one")) == "Odd one"


def test_a_node_is_one_line_with_the_ways_it_came_through_below() -> None:
    """Scott: 15 % and 10 %; Alien, for and against, 20 % − 4 %: one line, one effect."""
    falls = "measured: without it the score falls by 0.5"
    assert sentences.sentences(THROUGH_FACTORS) == [
        Line(
            f"Ridley Scott, as in “Alien”, which they watched – weighs 2.5, 25 % of the evidence; {falls}",
            "15 % through “space” and 10 % through “dark”",
        ),
        Line(
            f"“Alien”, which they watched – weighs 1.6, 16 % of the evidence; {falls}",
            "20 % through “space” and 4 % against through “dark”",
        ),
        Line(
            "the group “space”, which they belong to – weighs 0.5, 5 % of the evidence; "
            "not measured: it cannot be taken away alone"
        ),
    ]
    assert sentences.coverage(THROUGH_FACTORS) == "These 3 reasons hold 54 % of all evidence that the model weighed."


def test_a_node_that_is_for_and_against_is_what_it_is_on_the_whole() -> None:
    """The issue's example: +.030 + .030 + .026 − .088 = −.002, effect −.0987: it opposes, and nothing contradicts."""
    parts = (0.003, 0.003, 0.0026, -0.0088)
    factors = [Node("Factor", f"f/{n}", f"f{n}") for n in range(4)]
    first, *others = (
        through(SCOTT, factor, part, -1 if part < 0 else 1 + n, effect=None)
        for n, (factor, part) in enumerate(zip(factors, parts, strict=True))
    )
    (one,) = node_reasons(why(replace(first, net=-0.002, effect=-0.0987), *others))
    assert (one.net, one.supports, one.effect) == (-0.002, False, -0.0987)
    assert round(one.share, 12) == -0.0002
    assert text.effect(one, "watched") == "measured: without it the score rises by 0.0987"


def test_the_net_weight_counts_what_is_not_stored() -> None:
    """Two ways are stored, 15 % and 10 %; the net weight of 1.5 says that others bring −10 %."""
    space, dark = THROUGH_FACTORS.reasons[1:3]
    (one,) = node_reasons(why(replace(space, net=1.5), replace(dark, effect=None)))
    assert (one.net, round(one.share, 12)) == (1.5, 0.15)
    assert text.through(one) == (
        "15 % through “space”, 10 % through “dark” and 10 % against through factors that are not stored"
    )


def test_support_that_measurement_does_not_bear_out_is_said_so() -> None:
    (one,) = node_reasons(why(reason(ALIEN, 0.1, effect=-0.2, held_effect=0.3)))
    assert text.effect(one, "watched") == (
        "measured: it supports, but less than the rest of what they watched: without it the score rises by 0.2"
    )
    (against,) = node_reasons(why(reason(ALIEN, -0.1, -1, effect=-0.2)))
    assert text.effect(against, "watched") == "measured: without it the score rises by 0.2"


def test_what_opposes_held_as_well_is_not_said_to_support() -> None:
    (one,) = node_reasons(why(reason(ALIEN, 0.1, effect=-0.2, held_effect=-0.1)))
    assert text.effect(one, "watched") == "measured: without it the score rises by 0.2"


def test_what_is_personal_sorts_and_is_said() -> None:
    casa = Node("Item", "casa", "Casablanca")
    both = why(reason(ALIEN, 0.3, personal=-0.02), reason(casa, 0.1, 2, personal=0.08))
    assert [line.partition(";")[0] for line in told(both)] == [
        (
            "“Casablanca”, which they watched – weighs 1, 10 % of the evidence, "
            "8 percentage points more than on average for all who were recommended it"
        ),
        (
            "“Alien”, which they watched – weighs 3, 30 % of the evidence, "
            "2 percentage points less than on average for all who were recommended it"
        ),
    ]
    (same,) = node_reasons(why(reason(ALIEN, 0.3, personal=0.001)))
    assert text.personal(same) == ", as on average for all who were recommended it"
    assert [reason["evidence"]["id"] for reason in both.to_dict()["reasons"]] == ["casa", ALIEN.id]


def test_what_opposes_more_than_for_others_is_said_to_oppose_more() -> None:
    more, less = (reason(ALIEN, -0.07, -1, personal=part) for part in (-0.06, 0.01))
    (one,) = node_reasons(why(more))
    assert text.personal(one) == ", 6 percentage points more against than on average for all who were recommended it"
    (one,) = node_reasons(why(less))
    assert text.personal(one) == ", 1 percentage point less against than on average for all who were recommended it"


def test_groups_are_told_as_groups_and_those_that_say_more_than_their_members_first() -> None:
    """Horror: .4 together against .1 + .1; drama: .5 together against .3 + .4 (Alien is in both)."""
    asked = GROUPS
    drama, horror = (
        (
            "genre Drama: 2 items which they watched (“Film 0”, “Film 2”) – measured: without all of them the score "
            "falls by 0.5; one by one their effects add up to 0.5"
        ),
        (
            "genre Horror: 2 items which they watched (“Film 0”, “Film 1”) – measured: without all of them the score "
            "falls by 0.4; one by one their effects add up to 0.2: together they say more"
        ),
    )
    assert told(asked) == [horror, drama]
    assert told(asked, 1) == [horror, "and 1 more group"]
    casa = reason(Node("Item", "casa", "Casablanca"), 0.1)
    beside = replace(asked, reasons=(*asked.reasons, casa))
    assert told(beside) == [horror, drama, told(why(casa))[0]]
    assert sentences.coverage(beside).endswith(" This reason holds 10 % of all evidence that the model weighed.")
    assert sentences.coverage(asked) == "Effects of groups that share members must not be added up."


def test_json_keeps_every_factor_apart() -> None:
    found = [(r["evidence"]["id"], r["factor"], r["share"]) for r in THROUGH_FACTORS.to_dict()["reasons"]]
    space, dark = ({"label": "Factor", "id": f"f/{n}", "name": name} for n, name in enumerate(("space", "dark")))
    assert found == [
        ("alien", space, 0.2),
        ("scott", space, 0.15),
        ("scott", dark, 0.1),
        ("f/0", space, 0.05),
        ("alien", dark, -0.04),
    ]


def test_the_weakest_of_many_factors_are_counted() -> None:
    factors = [Node("Factor", f"f/{n}", f"f{n}") for n in range(6)]
    (five,) = node_reasons(why(*(through(SCOTT, factor, 0.02) for factor in factors[:5])))
    (six,) = node_reasons(why(*(through(SCOTT, factor, 0.02) for factor in factors)))
    first = "2 % through “f0”, 2 % through “f1”, 2 % through “f2”, 2 % through “f3”"
    assert text.through(five) == f"{first} and 2 % through “f4”"
    assert text.through(six) == f"{first} and 4 % through 2 other factors"


def test_methods_and_sets_are_kept_apart() -> None:
    dark = THROUGH_FACTORS.reasons[2]
    for unlike in ({"method": "lime"}, {"set": 1}):
        assert len(node_reasons(why(dark, replace(dark, **unlike)))) == 2
    assert len(node_reasons(why(reason(ALIEN, 0.3), reason(ALIEN, 0.2, 2, via="profile")))) == 1


def test_what_a_list_leaves_out_is_counted() -> None:
    assert told(EVERY_GROUND, 3)[3:] == ["and 7 more, 1 of them against, with 19 % of the evidence"]
    assert told(EVERY_GROUND, 9) == told(EVERY_GROUND)
    assert told(EVERY_GROUND, 8)[8:] == ["and 2 more, with 5 % of the evidence"]


def test_a_small_set_is_told_whole_and_of_a_large_one_the_rest_is_counted() -> None:
    def members(n: int) -> Why:
        taken = [Node("Item", str(number), f"Film {number}") for number in range(n)]
        return why(*(reason(one, 1 / n, 1 + place, anchor=one, set=1) for place, one in enumerate(taken)))

    assert told(members(5), 3) == told(members(5))
    lines = told(members(6), 3)
    assert [lines[0].partition(",")[0], lines[3]] == ["“Film 0”", "and 3 more, with 50 % of the set"]
    assert sentences.coverage(members(6)).startswith("Without these 6 reasons together")
