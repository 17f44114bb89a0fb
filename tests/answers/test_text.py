"""Reasons in words: association, shares, measured effects, and no other person's name."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

from graphrec.answers import Node, Why, text
from graphrec.answers.merged_reasons import merge_reasons
from tests.answers.answers import ALIEN, EVERY_GROUND, SCOTT, THROUGH_FACTORS, reason, through, why


def test_every_ground_has_its_words() -> None:
    falls, rises = "measured: without it the score falls by", "measured: without it the score rises by"
    assert text.sentences(EVERY_GROUND) == [
        f"“Alien”, which they watched – weighs 32 % of the evidence; {falls} 1.6",
        f"genre Sci-Fi, as in “Alien”, which they watched – weighs 20 % of the evidence; {falls} 1",
        f"Ridley Scott (director), as in “Alien”, which they watched – weighs 12 % of the evidence; {falls} 0.6",
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
        f"“Casablanca”, which they watched – weighs 4 % of the evidence against; {rises} 0.2",
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
    said: dict[str, Any] = {
        "set": 1,
        "contrast": "emma",
        "delta": -1.0,
        "joint_effect": 0.25,
        "flips": True,
        "anchor": ALIEN,
    }
    one, two = reason(ALIEN, 0.7, **said), reason(Node("Item", "casa", "Casablanca"), 0.3, 2, **said)
    assert text.sentences(why(one, two))[0] == (
        "“Alien”, which they watched – carries 70 % of the set; measured: without it the score falls by 3.5"
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


def test_evidence_through_several_factors_is_told_once_and_names_them() -> None:
    falls = "measured: without it the score falls by 0.5"
    assert text.sentences(THROUGH_FACTORS) == [
        (
            "Ridley Scott, as in “Alien”, which they watched – weighs 25 % of the evidence, "
            f"15 % through “space” and 10 % through “dark”; {falls}"
        ),
        f"“Alien”, which they watched – weighs 20 % of the evidence, through “space”; {falls}",
        (
            "the group “space”, which they belong to – weighs 5 % of the evidence; "
            "not measured: it cannot be taken away alone"
        ),
        f"“Alien”, which they watched – weighs 4 % of the evidence against, through “dark”; {falls}",
    ]
    assert text.coverage(THROUGH_FACTORS) == "These 4 reasons hold 54 % of all evidence that the model weighed."


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
    (five,) = merge_reasons(why(*(through(SCOTT, factor, 0.02) for factor in factors[:5])))
    (six,) = merge_reasons(why(*(through(SCOTT, factor, 0.02) for factor in factors)))
    first = "2 % through “f0”, 2 % through “f1”, 2 % through “f2”, 2 % through “f3”"
    assert text.through(five) == f"{first} and 2 % through “f4”"
    assert text.through(six) == f"{first} and 4 % through 2 other factors"


def test_reasons_that_differ_by_more_than_the_factor_stay_apart() -> None:
    dark = THROUGH_FACTORS.reasons[2]
    other = Node("Item", "blade", "Blade Runner")
    for unlike in ({"effect": 0.1}, {"effect": None}, {"anchor": other}, {"method": "lime"}):
        assert [one.share for one in merge_reasons(why(dark, replace(dark, share=0.05, **unlike)))] == [0.1, 0.05]
    assert len(merge_reasons(why(reason(ALIEN, 0.3), reason(ALIEN, 0.2, 2)))) == 2


def test_what_a_list_leaves_out_is_counted() -> None:
    assert text.sentences(EVERY_GROUND, 3)[3:] == ["and 7 more, 1 of them against, with 19 % of the evidence"]
    assert text.sentences(EVERY_GROUND, 9) == text.sentences(EVERY_GROUND)
    assert text.sentences(EVERY_GROUND, 8)[8:] == ["and 2 more, with 5 % of the evidence"]


def test_a_small_set_is_told_whole_and_of_a_large_one_the_rest_is_counted() -> None:
    def members(n: int) -> Why:
        taken = [Node("Item", str(number), f"Film {number}") for number in range(n)]
        return why(*(reason(one, 1 / n, 1 + place, anchor=one, set=1) for place, one in enumerate(taken)))

    assert text.sentences(members(5), 3) == text.sentences(members(5))
    told = text.sentences(members(6), 3)
    assert [told[0].partition(",")[0], told[3]] == ["“Film 0”", "and 3 more, with 50 % of the set"]
    assert text.coverage(members(6)).startswith("Without these 6 reasons together")
