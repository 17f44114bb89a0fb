"""Reasons from tables in memory are those that a store gives for the same run, word for word."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest

from graphrec.answers import fetch_list, fetch_why, whys_from_tables
from graphrec.dataset.dataset import Dataset
from graphrec.errors import UnknownIdError
from graphrec.models.ease import EASE
from graphrec.recommendation.request import Request
from graphrec.recommendation.write_run import write_recommendations
from graphrec.store.opening import open_store
from graphrec.tables.explanations import joined
from tests.cypher import small_graph
from tests.store.content import SMALL, by_user

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from graphrec.store.store import Store


@pytest.fixture
def films(tmp_path: Path) -> Iterator[Store]:
    """An embedded store with the small graph, whose users watch."""
    with open_store(str(tmp_path / "store")) as store:
        store.load(small_graph.graph(), replace(SMALL, verb="watched"))
        yield store


def test_tables_give_what_a_store_gives(films: Store) -> None:
    run, explanations = small_graph.new_run(films.data_fingerprint())
    stored = films.write_run(run, by_user(explanations))
    dataset = Dataset.from_store(films)
    for user in ("ada", "ben", "cat"):
        fetched, made = fetch_list(films, user), whys_from_tables(explanations, dataset, stored, user)
        assert made == fetched
        assert str(made) == str(fetched)
        assert made.to_dicts() == fetched.to_dicts()
    (one,) = whys_from_tables(explanations, dataset, stored, "ada", "dune")
    assert one == fetch_why(films, "ada", "dune")
    assert "which they watched" in str(one)


def test_a_fitted_model_says_the_same_from_memory_and_from_a_store(films: Store) -> None:
    dataset = Dataset.from_store(films)
    model = EASE(reg=1).fit(dataset)
    run = write_recommendations(films, model, dataset, Request(k=3, reasons=5)).run
    tables = joined(films.read_run(run.id))
    fetched = fetch_list(films, "ada")
    assert any(why.reasons for why in fetched)
    assert whys_from_tables(tables, dataset, run, "ada").to_dicts() == fetched.to_dicts()


def test_reasons_come_in_the_order_of_their_ranks_whatever_the_order_of_the_rows(films: Store) -> None:
    run, explanations = small_graph.new_run("then")
    backwards = np.arange(explanations.reasons.num_rows)[::-1]
    mixed = replace(
        explanations,
        reasons=explanations.reasons.take(backwards),
        recommendations=explanations.recommendations.take(np.arange(5)[::-1]),
    )
    dataset = Dataset.from_store(films)
    made = whys_from_tables(mixed, dataset, run, "ada")
    assert [why.item.id for why in made] == ["dune", "emma"]
    assert [reason.rank for reason in made[0].reasons] == [1, 2, 3, 4, 5, 6, 7, -1]
    assert made[0].stale


def test_what_the_tables_do_not_have_is_named(films: Store) -> None:
    run, explanations = small_graph.new_run("now")
    ask: Any = (explanations, Dataset.from_store(films), run)
    with pytest.raises(UnknownIdError, match="recommend nothing to the user 'dan'"):
        whys_from_tables(*ask, "dan")
    with pytest.raises(UnknownIdError, match="recommend no item 'fargo' to the user 'ada'"):
        whys_from_tables(*ask, "ada", "fargo")
