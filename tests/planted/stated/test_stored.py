"""Scores of values from stored rows, against loops."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pyarrow as pa
import pytest

from graphrec.planted.stated.config import StatedConfig
from graphrec.planted.stated.planting import plant_tastes
from graphrec.planted.stated.stated_truth import StatedTruth
from graphrec.planted.stated.stored import stored_value_scores

if TYPE_CHECKING:
    from graphrec.dataset.dataset import Dataset


def rows_of_everything(dataset: Dataset, truth: StatedTruth, rng: np.random.Generator | None) -> list[dict[str, Any]]:
    """Return a row for each taken item, each attribute and entity reached, each own attribute, and a factor."""
    taken, rows = dataset.positives, []
    reached = taken.reach(dataset.item_attributes), taken.reach(dataset.item_entities), dataset.user_attributes
    for ids, links in zip(
        (dataset.items, dataset.attributes, dataset.entities, dataset.attributes), (taken, *reached), strict=True
    ):
        for user, node in zip(links.row_of_entry, links.indices, strict=True):
            name = dataset.users.ids[int(user)].as_py(), ids.label, ids.ids[int(node)].as_py()
            rows.append(dict(zip(("user", "label", "evidence"), name, strict=True)))
    rows.append({"user": dataset.users.ids[0].as_py(), "label": "Factor", "evidence": "f"})
    return [{**row, "weight": 1.0 if rng is None else float(rng.normal())} for row in rows]


@pytest.fixture(scope="module")
def planted() -> tuple[Dataset, StatedTruth]:
    found = plant_tastes(StatedConfig.read({"users": 20, "items": 40, "interactions": 6, "values": 7, "seed": 3}))
    dataset = found.dataset()
    return dataset, StatedTruth.of(found.truth, dataset)


def test_equal_weights_count_what_carries_a_value_and_so_does_their_control(
    planted: tuple[Dataset, StatedTruth],
) -> None:
    """A value that is reached is an attribute and an entity too."""
    dataset, truth = planted
    table = pa.Table.from_pylist(rows_of_everything(dataset, truth, None))
    own, control = stored_value_scores(table, dataset, truth, np.random.default_rng(0))
    count = dataset.positives.csr(np.float64).toarray() @ truth.carries.csr(np.float64).toarray()
    assert own == pytest.approx(count + 2 * (count > 0))
    assert control == pytest.approx(own)


def test_weights_go_to_the_values_that_their_nodes_carry(planted: tuple[Dataset, StatedTruth]) -> None:
    dataset, truth = planted
    rows = rows_of_everything(dataset, truth, np.random.default_rng(1))
    own, control = stored_value_scores(pa.Table.from_pylist(rows), dataset, truth, np.random.default_rng(0))
    users, items, values = (ids.to_pylist() for ids in (dataset.users.ids, dataset.items.ids, truth.values))
    carries, expected = truth.carries.csr(np.float64).toarray(), np.zeros((20, 7))
    for row in rows:
        user, node = users.index(row["user"]), row["evidence"]
        if row["label"] == "Item":
            expected[user] += row["weight"] * carries[items.index(node)]
        elif row["label"] == "Entity":
            expected[user, values.index(f"item.genre={node[-1]}")] += row["weight"]
        elif node in values:
            expected[user, values.index(node)] += row["weight"]
    assert own == pytest.approx(expected)
    assert control.sum(axis=1) != pytest.approx(own.sum(axis=1))
    assert not np.isclose(control, own).all(axis=1).any()
