"""Composite ids: what they look like, and that different parts never make the same id."""

from __future__ import annotations

from itertools import product

import pyarrow as pa

from graphrec.tables import attribute_id, recommendation_ids
from graphrec.tables.ids import attribute_name, positions_in

NASTY = ["a", "a|b", "a\\", "a\\|b", "|", "\\", "", "=", "a=b"]


def test_they_read_as_people_expect() -> None:
    assert attribute_id("item", "genre", "Drama") == "item.genre=Drama"
    assert attribute_id("user", "a=b", "c=d") == r"user.a\=b=c=d"
    assert recommendation_ids("run", pa.array(["u"]), pa.array(["i"])).to_pylist() == ["run|u|i"]
    assert recommendation_ids("r|1", pa.array(["u\\"]), pa.array(["|"])).to_pylist() == [r"r\|1|u\\|\|"]


def test_an_attribute_is_read_from_its_id() -> None:
    for kind, value in product([kind for kind in NASTY if kind], [*NASTY, "c.d", "two\nlines"]):
        assert attribute_name(attribute_id("item", kind, value), "name") == f"{kind} {value}"
    assert attribute_name("item.release_year=1990", "1990") == "release year 1990"
    assert [attribute_name(odd, "Odd one") for odd in ("odd", "item.=x", "odd=a.b=c")] == ["Odd one"] * 3


def test_encoded_and_plain_ids_give_the_same() -> None:
    plain = pa.array(["u|1", "u2"])
    one = recommendation_ids("r", plain, plain)
    assert recommendation_ids("r", plain.dictionary_encode(), plain.dictionary_encode()) == one


def test_no_two_recommendations_share_an_id() -> None:
    parts = list(product(NASTY, repeat=3))
    ids = {recommendation_ids(run, pa.array([u]), pa.array([i]))[0].as_py() for run, u, i in parts}
    assert len(ids) == len(parts)


def test_no_two_attributes_of_an_owner_share_an_id() -> None:
    parts = list(product(NASTY, repeat=2))
    assert len({attribute_id("item", kind, value) for kind, value in parts}) == len(parts)


def test_positions_of_a_column_whose_dictionary_is_the_ids() -> None:
    ids = pa.array(["a", "b", "c"])
    column = pa.DictionaryArray.from_arrays(pa.array([2, 0, 2], pa.int32()), ids)
    assert positions_in(column, ids).tolist() == [2, 0, 2]
    assert positions_in(column, pa.array(["c", "a", "b"])).tolist() == [0, 1, 0]
