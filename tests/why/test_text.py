"""Reasons in words: association, shares, measured effects, and no other person's name."""

from __future__ import annotations

import json

from graphrec.why import Node, text
from tests.why.answers import ALIEN, EVERY_GROUND, reason, why


def test_every_ground_has_its_words() -> None:
    falls, rises = "measured: without it the score falls by", "measured: without it the score rises by"
    assert text.sentences(EVERY_GROUND) == [
        f"“Alien”, which they took – weighs 32 % of the evidence; {falls} 1.6",
        f"genre Sci-Fi, as in “Alien”, which they took – weighs 20 % of the evidence; {falls} 1",
        f"Ridley Scott (director), as in “Alien”, which they took – weighs 12 % of the evidence; {falls} 0.6",
        f"age 25-34 of the user – weighs 4 % of the evidence; {rises} 0.05",
        (
            "the word “story”, which they write about – weighs 4 % of the evidence; "
            "measured: without it the score stays the same"
        ),
        f"the word “pacing”, said of the item – weighs 2 % of the evidence; {falls} 0.1",
        (
            "the group “space”, which they belong to – weighs <1 % of the evidence; "
            "not measured: it cannot be taken away alone"
        ),
        f"“Casablanca”, which they took – weighs 4 % of the evidence against; {rises} 0.2",
        "2 people with a similar history – together 5 % of the evidence",
    ]


def test_words_claim_no_cause() -> None:
    told = " ".join([*text.sentences(EVERY_GROUND), text.coverage(EVERY_GROUND)]).lower()
    assert not {"because", "cause", "causes", "due to", "leads to"} & set(told.split())


def test_other_people_are_a_count_in_words_and_in_json() -> None:
    result = EVERY_GROUND.to_dict()
    assert result["people"] == 2
    assert "Secret" not in json.dumps(result) + " ".join(text.sentences(EVERY_GROUND))
    assert {r["evidence"]["id"] for r in result["reasons"]}.isdisjoint({"ben", "cat"})


def test_coverage_counts_opposing_shares_too() -> None:
    one = why(reason(ALIEN, 0.3))
    both = why(reason(ALIEN, 0.3), reason(Node("Item", "casa", "Casablanca"), -0.1, -1))
    assert text.coverage(one) == "This reason holds 30 % of all evidence that the model weighed."
    assert text.coverage(both) == "These 2 reasons hold 40 % of all evidence that the model weighed."
    assert text.coverage(why()) == "No reason is stored for this recommendation."


def test_a_set_is_told_as_one() -> None:
    said = {"set": 1, "contrast": "emma", "delta": -1.0, "joint_effect": 0.25, "flips": True, "anchor": ALIEN}
    one, two = reason(ALIEN, 0.7, **said), reason(Node("Item", "casa", "Casablanca"), 0.3, 2, **said)
    assert text.sentences(why(one, two))[0] == (
        "“Alien”, which they took – carries 70 % of the set; measured: without it the score falls by 3.5"
    )
    assert text.coverage(why(one, two)) == (
        "Without these 2 reasons together it would not be among the best: the score falls by 0.25, and the item emma "
        "comes to stand above it."
    )
    still = reason(ALIEN, 1.0, set=2, joint_effect=0.0, flips=False)
    assert text.coverage(why(still)) == (
        "Without this one reason it would still be among the best: the score stays the same."
    )


def test_an_attribute_is_named_by_its_kind_even_if_its_value_has_an_equals_sign() -> None:
    assert text.attribute(Node("Attribute", "item.tag=a=b", "a=b")) == "tag a=b"
    assert text.attribute(Node("Attribute", "odd", "Odd one")) == "Odd one"
