"""The basis of a list changes with all that its computing sees, and with nothing else."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pyarrow as pa

import graphrec as gr
from graphrec.recommendation.basis import bases_of
from graphrec.tables import GraphTables
from tests.killing.verbs import HAS_ATTRIBUTE, INFO, INTERACTED, tables

if TYPE_CHECKING:
    import numpy.typing as npt


def day(interactions: pa.Table | None = None, carried: pa.Table | None = None) -> gr.Dataset:
    """Return the data with other interactions or genres."""
    whole = tables()
    edges = dict(whole.edges)
    edges |= {} if interactions is None else {INTERACTED: interactions}
    edges |= {} if carried is None else {HAS_ATTRIBUTE: carried}
    return gr.Dataset.from_tables(GraphTables(whole.nodes, edges), INFO, "rating>=3")


def changed(dataset: gr.Dataset) -> npt.NDArray[np.intp]:
    """Return the positions of the users whose basis is another one than that of the data as it is."""
    old, new = (np.array(bases_of(each).to_pylist()) for each in (day(), dataset))
    assert {len(text) for text in new} == {16}
    return np.flatnonzero(old != new)


def test_the_same_data_in_another_order_is_the_same() -> None:
    rows = tables().edges[INTERACTED]
    order = np.random.default_rng(1).permutation(len(rows))
    assert len(changed(day(rows.take(pa.array(order))))) == 0


def test_one_item_more_or_less_is_another_for_its_person_alone() -> None:
    rows = tables().edges[INTERACTED]
    assert changed(day(rows.slice(1))).tolist() == [0]


def test_a_rating_counts_where_it_makes_an_interaction_positive() -> None:
    rows = tables().edges[INTERACTED]
    ratings = rows["rating"].to_numpy().copy()
    first = int(np.flatnonzero(ratings >= 4)[0])
    for rating, people in ((3.0, 0), (1.0, 1)):
        ratings[first] = rating
        other = rows.set_column(rows.column_names.index("rating"), "rating", pa.array(ratings))
        assert len(changed(day(other))) == people


def test_a_genre_of_an_item_is_another_for_everybody() -> None:
    assert len(changed(day(carried=tables().edges[HAS_ATTRIBUTE].slice(1)))) == 60


def test_what_a_fit_does_not_know_does_not_count() -> None:
    """A new person and a new item are no part of what a fit computes for others."""
    whole = tables()
    more = GraphTables(
        {
            **whole.nodes,
            "User": pa.concat_tables([whole.nodes["User"], pa.table({"id": ["a"], "name": ["a"]})]),
            "Item": pa.concat_tables([whole.nodes["Item"], pa.table({"id": ["a"], "name": ["a"]})]),
        },
        {
            **whole.edges,
            INTERACTED: pa.concat_tables(
                [
                    whole.edges[INTERACTED],
                    pa.table({"from": ["a", "u000"], "to": ["a", "a"], "rating": [5.0, 5.0], "weight": [1.0, 1.0]}),
                ]
            ),
        },
    )
    model = gr.models.EASE(reg=5.0).fit(day())
    aligned, _ = model.align(gr.Dataset.from_tables(more, INFO, "rating>=3"))
    assert bases_of(aligned).to_pylist()[1:] == bases_of(day()).to_pylist()
