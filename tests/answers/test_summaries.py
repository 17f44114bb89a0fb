"""People like the user and this kind of thing, told from a store and from tables alike."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

import graphrec as gr
from graphrec.answers import fetch_list, fetch_why, whys_from_tables
from graphrec.answers.answer import Takers
from graphrec.answers.html import page
from graphrec.answers.summary_words import summary_sentences
from graphrec.dataset.dataset import Dataset
from graphrec.recommendation.batches import run_batches
from graphrec.recommendation.request import Request
from graphrec.recommendation.write_run import write_recommendations
from graphrec.tables import DatasetInfo
from graphrec.tables.explanations import joined
from tests.clustered import Clustered, films_graph
from tests.store.conftest import opened

if TYPE_CHECKING:
    from collections.abc import Callable

    from graphrec.answers import Why
    from graphrec.store.store import Store

__all__ = ["opened"]
REQUEST = Request(k=2, reasons=3)
DATA = Dataset.from_tables(films_graph(), DatasetInfo("films", "Films", "tests", verb="watched"))
MODEL = Clustered().fit(DATA)


def dot() -> Why:
    """Return why Blade is recommended to dot, in memory."""
    why = gr.recommend(MODEL, DATA, k=2, reasons=3).why("dot", "blade")
    assert not isinstance(why, gr.WhyList)
    return why


def test_the_sentences() -> None:
    """Ann, bob and cid are of space and watched Blade, which nobody else did; drama's people speak for nothing.

    Of the evidence 1.71 / 1.82 came through space: by Alien and Dune .81 each, the third reason is Emma's .09.
    """
    assert summary_sentences(dot()) == [
        "People like Dot (“age young · space”): 3 of 3 others (100 %) watched it, of all 3 of 7 (43 %)",
        "This kind of thing (“space”), 94 % of the evidence: they watched “Alien”, “Dune” and “Emma”",
    ]


def test_they_stand_first_in_text_page_and_json() -> None:
    why = dot()
    lines = str(why).splitlines()
    assert [line.startswith("  • People like Dot") for line in lines] == [
        False,
        True,
        *[False] * (len(lines) - 2),
    ]
    assert lines[2].startswith("  • This kind of thing (“space”)")
    assert lines[3].startswith("  • “Alien”, which they watched")
    assert "<p class='summary'>People like Dot (“age young · space”): 3 of 3 others" in page([why])
    told = why.to_dict()
    assert told["user_clusters"][0]["takers"] == {"people": 3, "took": 3, "everybody": 7, "everybody_took": 3}
    assert told["item_groups"][0]["weight"] == pytest.approx(1.71)
    assert {reason["method"] for reason in told["reasons"]} == {"additive"}


def test_little_is_not_told() -> None:
    """Of a tenth of the evidence or of a membership, of two people, and of what all took as often nothing is said."""
    why = dot()
    few = [replace(one, takers=Takers(2, 1, 7, 3)) for one in why.user_clusters]
    loose = [replace(one, belongs=0.09, takers=Takers(3, 3, 7, 3)) for one in why.user_clusters]
    as_often = [replace(one, takers=Takers(7, 3, 14, 6)) for one in why.user_clusters]
    for clusters in (few, loose, as_often):
        assert all("People" not in words for words in summary_sentences(replace(why, user_clusters=tuple(clusters))))
    assert [one.share for one in why.item_groups] == pytest.approx([1.71 / 1.82, 0.11 / 1.82])


def test_items_beyond_three_are_not_counted() -> None:
    """Stored reasons are a part of those that make up the group's part of the evidence."""
    why = dot()
    (first, *_) = why.item_groups
    longer = replace(why, item_groups=(replace(first, items=first.items * 2),), user_clusters=())
    assert summary_sentences(longer)[0].endswith("they watched “Alien”, “Dune”, “Emma” and others")


@pytest.mark.parametrize("engine", ["ladybug", "neo4j"])
def test_a_store_and_tables_say_the_same(opened: Callable[[str], Store], engine: str) -> None:
    store = opened(engine)
    store.load(films_graph(), DatasetInfo("films", "Films", "tests", verb="watched"))
    dataset = Dataset.from_store(store)
    model = Clustered().fit(dataset)
    written = write_recommendations(store, model, dataset, REQUEST)
    tables = joined(run_batches(model, dataset, REQUEST))
    run = store.run(written.run.id)
    for user in ("dot", "eve", "hal"):
        fetched = fetch_list(store, user)
        assert whys_from_tables(tables, dataset, run, user) == fetched
        assert all(why.user_clusters and why.item_groups for why in fetched)
    assert fetch_why(store, "dot", "blade").user_clusters[0].takers == Takers(3, 3, 7, 3)
