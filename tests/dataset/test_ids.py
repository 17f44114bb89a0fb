"""The border between ids outside and numbers inside."""

from __future__ import annotations

import numpy as np
import pyarrow as pa
import pytest

from graphrec.dataset.ids import IdMap
from graphrec.errors import UnknownIdError

IDS = IdMap.of("Item", ["b", "a", "ü'); --"], name=["Brazil", "Alien", "Über"])


def test_positions() -> None:
    assert IDS.positions(["a", "z", "ü'); --", "b", "a"]).tolist() == [1, -1, 2, 0, 1]
    assert IDS.positions(pa.array(["z", "a"]).dictionary_encode()).tolist() == [-1, 1]
    assert IDS.positions([]).tolist() == []
    assert IDS.require(["b", "a"]).tolist() == [0, 1]


def test_the_first_unknown_id_is_named() -> None:
    with pytest.raises(UnknownIdError, match=r"no Item with id 'y'.*3 are known, such as 'b', 'a'"):
        IDS.require(["a", "y", "z"])


def test_a_long_unknown_id_is_shortened() -> None:
    with pytest.raises(UnknownIdError) as caught:
        IDS.require(["x" * 10_000])
    assert len(str(caught.value)) < 500


def test_dictionaries() -> None:
    column = IDS.dictionary(np.array([2, -1, 0]), "name")
    assert column.to_pylist() == ["Über", None, "Brazil"]
    assert IDS.dictionary(np.array([1])).to_pylist() == ["a"]


def test_a_table_is_sorted_by_id() -> None:
    table = pa.table({"id": ["c", "a", "b"], "name": ["C", "A", "B"], "kind": ["x", "y", None]})
    ids = IdMap.from_table("Attribute", table)
    assert ids.ids.to_pylist() == ["a", "b", "c"]
    assert ids.columns["kind"].to_pylist() == ["y", None, "x"]
    assert ids.to_table().column_names == ["id", "name", "kind"]
    assert len(IdMap.of("User", [])) == 0
