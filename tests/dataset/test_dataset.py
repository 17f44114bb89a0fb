"""A data set made by hand, and parts of it exchanged."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pytest

from graphrec.dataset.dataset import Dataset
from graphrec.dataset.ids import IdMap
from graphrec.dataset.incidence import Incidence
from graphrec.dataset.interactions import Interactions
from graphrec.dataset.kinds import ITEM_ATTRIBUTES, LINKS, NODES, USER_FEATURES, NodeKind
from graphrec.errors import InputError
from graphrec.models.ease import EASE
from graphrec.models.saving import load_model, save_model

if TYPE_CHECKING:
    from pathlib import Path

USERS, ITEMS = IdMap.of("User", ["u", "v"]), IdMap.of("Item", ["a", "b", "c"])
TAKEN = Interactions(
    np.array([0, 0, 1], dtype=np.int32),
    np.array([0, 2, 1], dtype=np.int32),
    np.array([5, 1, 4], dtype=np.float32),
    np.ones(3, dtype=np.float32),
    np.arange(3, dtype=np.float64),
)
SMALL = Dataset({"User": USERS, "Item": ITEMS}, TAKEN)


def test_what_is_left_out_is_empty() -> None:
    assert list(SMALL.nodes) == ["User", "Item", "Attribute", "Entity", "Feature"]
    assert SMALL.nodes["Attribute"] is SMALL.attributes
    assert SMALL.attributes.columns["kind"].to_pylist() == []
    assert list(SMALL.links) == list(LINKS.values())
    assert SMALL.item_attributes.csr().shape == (3, 0)
    assert SMALL.user_features.csr().shape == (2, 0)
    assert (SMALL.knowledge.n_items, len(SMALL.mentions)) == (3, 0)


def test_other_kinds_are_refused() -> None:
    with pytest.raises(InputError, match=r"ids of Item cannot be the nodes 'User'.*Name each kind"):
        Dataset({"User": ITEMS, "Item": ITEMS}, TAKEN)
    with pytest.raises(InputError, match="cannot be the nodes 'Shop'"):
        SMALL.changed(nodes={"Shop": IdMap.of("Shop", ["s"])})
    with pytest.raises(InputError, match=r"holds no links \(User\)-\[:MENTIONED\]->\(Feature\)"):
        SMALL.changed(links={USER_FEATURES: Incidence.empty(2, 0)})


def test_links_that_do_not_fit_the_ids_are_refused() -> None:
    carried = Incidence.from_pairs(np.array([0]), np.array([1]), (3, 2))
    genres = IdMap.of("Attribute", ["drama", "horror"], owner=["item"] * 2, kind=["genre"] * 2)
    data = SMALL.changed(nodes={"Attribute": genres}, links={ITEM_ATTRIBUTES: carried})
    assert data.item_attributes is carried
    assert data.user_attributes.csr().shape == (2, 2)
    assert SMALL.item_attributes.n_columns == 0, "the old one stays as it was"
    with pytest.raises(InputError, match="number 3 sources and 2 targets, the data set has 3 and 0"):
        SMALL.changed(links={ITEM_ATTRIBUTES: carried})


def test_another_numbering_keeps_values_and_the_order_of_interactions() -> None:
    weighted = Incidence.from_pairs(np.array([0, 2]), np.array([1, 0]), (3, 2), np.array([0.5, 2.0]))
    data = SMALL.changed(
        nodes={"Attribute": IdMap.of("Attribute", ["drama", "horror"])}, links={ITEM_ATTRIBUTES: weighted}
    )
    there = data.aligned({"Item": IdMap.of("Item", ["c", "a"]), "User": IdMap.of("User", ["v", "u", "w"])})
    assert there.item_attributes.csr().toarray().tolist() == [[2.0, 0.0], [0.0, 0.5]]
    assert there.interactions.user.tolist() == [1, 1]
    assert there.interactions.item.tolist() == [0, 1]
    assert there.interactions.rating.tolist() == [1.0, 5.0]
    assert there.user_attributes.csr().shape == (3, 2)


def test_a_new_kind_of_node_is_one_entry(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setitem(NODES, "Factor", NodeKind("Factor", "factors", ("name", "kind"), ("name",)))
    factors = IdMap.of("Factor", ["f1", "f0"], name=["one", "nought"], kind=["factor"] * 2)
    data = Dataset({"User": USERS, "Item": ITEMS, "Factor": factors}, TAKEN)
    assert data.aligned({"Factor": IdMap.of("Factor", ["f0"])}).nodes["Factor"].ids.to_pylist() == ["f0"]
    save_model(EASE(reg=1.0).fit(data), tmp_path / "fit")
    kept = load_model(tmp_path / "fit").record.nodes["Factor"]
    assert kept.ids.to_pylist() == ["f1", "f0"]
    assert {name: column.to_pylist() for name, column in kept.columns.items()} == {"name": ["one", "nought"]}
