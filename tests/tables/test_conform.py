"""Tables held against the schema."""

from __future__ import annotations

import pyarrow as pa
import pytest

from graphrec.errors import SchemaError
from graphrec.schema import SCHEMA, EdgeKind
from graphrec.tables import GraphTables, conform

INTERACTED = EdgeKind("INTERACTED", "User", "Item")
TAKEN = {"from": ["a"], "to": ["x"], "weight": [1]}


def users(**columns: object) -> GraphTables:
    return GraphTables({"User": pa.table(columns)})


def test_columns_get_the_order_and_types_of_the_schema_and_absent_ones_are_null() -> None:
    tables = conform(GraphTables({}, {INTERACTED: pa.table({"weight": [1], "to": ["x"], "from": ["a"]})}), SCHEMA)
    table = tables.edges[INTERACTED]
    assert table.column_names == ["from", "to", "rating", "weight", "timestamp", "microsecond"]
    assert table.column("weight").type == pa.float64()
    absent = dict.fromkeys(("rating", "timestamp", "microsecond"))
    assert table.to_pylist() == [{"from": "a", "to": "x", "weight": 1.0, **absent}]


def test_encoded_text_stays_encoded() -> None:
    names = pa.array(["Ann", "Ann"]).dictionary_encode()
    assert conform(users(id=["a", "b"], name=names), SCHEMA).nodes["User"].column("name").type == names.type


@pytest.mark.parametrize(
    ("tables", "complaint"),
    [
        (users(id=["a"], name=["A"], age=[3]), r"column 'age' is not a property.*nodes User.*Declare it"),
        (users(name=["A"]), r"required column 'id' is missing"),
        (users(id=["a", None], name=["A", "B"]), r"'id' is null in row 2"),
        (users(id=pa.DictionaryArray.from_arrays([0, 1], ["A", None]), name=["A", "B"]), r"'id' is null in row 2"),
        (users(id=["a", "b", "a"], name=["A", "B", "A"]), r"the User id 'a' stands 2 times"),
        (GraphTables({"Person": pa.table({"id": ["a"]})}), r"no node label 'Person'.*Known labels"),
        (GraphTables({}, {EdgeKind("INTERACTED", "Item", "User"): pa.table(TAKEN)}), "cannot connect Item to User"),
        (GraphTables({}, {INTERACTED: pa.table({**TAKEN, "rating": [float("nan")]})}), r"'rating' is not a number"),
        (GraphTables({}, {INTERACTED: pa.table({**TAKEN, "rating": ["good"]})}), r"'rating' cannot be read as double"),
    ],
)
def test_what_does_not_fit_is_named(tables: GraphTables, complaint: str) -> None:
    with pytest.raises(SchemaError, match=complaint):
        conform(tables, SCHEMA)


@pytest.mark.parametrize(
    "names", [pa.array(["A", None, ""]), pa.DictionaryArray.from_arrays([0, 1, 2], ["A", None, ""]), None]
)
def test_who_has_no_name_is_named_by_the_id(names: pa.Array | None) -> None:
    nodes = {"id": ["a", "b", "c"]} if names is None else {"id": ["a", "b", "c"], "name": names}
    named = conform(users(**nodes), SCHEMA).nodes["User"].column("name").to_pylist()
    assert named == (["a", "b", "c"] if names is None else ["A", "b", "c"])


def test_a_null_among_the_values_of_a_dictionary_does_no_harm_where_no_row_uses_it() -> None:
    names = pa.DictionaryArray.from_arrays([0], ["A", None])
    assert conform(users(id=["a"], name=names), SCHEMA).nodes["User"].column("name").to_pylist() == ["A"]
