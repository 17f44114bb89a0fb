"""Recommendations with reasons as objects: they print as text, are sequences, and give a graph."""

from __future__ import annotations

from dataclasses import replace

import networkx as nx
import pytest

from graphrec.answers import Node, WhyList
from graphrec.answers.networkx_graph import why_graph
from graphrec.answers.terminal import reasons_text
from tests.answers.answers import ALIEN, EVERY_GROUND, THROUGH_FACTORS, reason, why


def test_a_recommendation_prints_as_the_command_prints_it() -> None:
    assert str(why(reason(ALIEN, 0.3))) == (
        "“Dune”, number 1 for Ada  score 2\n"
        "  • “Alien”, which they watched – weighs 3, 30 % of the evidence; measured: without it the score falls by "
        "1.5\n"
        "  This reason holds 30 % of all evidence that the model weighed."
    )
    assert str(EVERY_GROUND) == reasons_text(EVERY_GROUND).plain.rstrip("\n")


def test_a_list_prints_three_reasons_each_as_the_command_does() -> None:
    whys = WhyList((EVERY_GROUND, THROUGH_FACTORS, why(item="Emma")))
    assert str(whys) == "\n".join(reasons_text(one, 3).plain.rstrip("\n") for one in whys)
    assert "and 7 more, 1 of them against, with 19 % of the evidence" in str(whys)
    assert str(whys).splitlines()[-1] == "  No reason is stored for this recommendation."


def test_a_list_is_a_sequence() -> None:
    whys = WhyList((EVERY_GROUND, THROUGH_FACTORS))
    assert (len(whys), whys[1], whys[-1]) == (2, THROUGH_FACTORS, THROUGH_FACTORS)
    assert whys[1:] == WhyList((THROUGH_FACTORS,))
    assert list(reversed(whys)) == [THROUGH_FACTORS, EVERY_GROUND]
    assert whys.to_dicts() == [EVERY_GROUND.to_dict(), THROUGH_FACTORS.to_dict()]
    with pytest.raises(IndexError):
        whys[2]


def test_a_graph_is_that_of_the_paths() -> None:
    assert nx.utils.graphs_equal(EVERY_GROUND.graph(), why_graph(EVERY_GROUND))


def test_json_has_the_verb_and_the_stored_name_of_the_remainder() -> None:
    record = EVERY_GROUND.to_dict()
    assert (record["verb"], record["rest"]) == ("watched", 0.2)


def test_any_text_is_a_verb_and_stays_readable() -> None:
    evil = "\x1b[2J\u202e<b>ate</b>\n" + "x" * 1_000_000
    shown = str(replace(why(reason(ALIEN, 0.3), reason(Node("Entity", "s", "Scott"), 0.1, 2, anchor=ALIEN)), verb=evil))
    assert not {"\x1b", "\u202e"} & set(shown)
    assert len(shown.splitlines()) == 4
    assert len(shown) < 800
    assert "weighs 3, 30 % of the evidence" in shown
