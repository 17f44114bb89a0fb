"""Names of declared properties: stored and readable in Cypher, or refused before anything is written."""

from __future__ import annotations

import unicodedata
from typing import TYPE_CHECKING

import pyarrow as pa
import pytest

from graphrec.errors import InputError, SchemaError
from graphrec.schema import EdgeKind, Property, PropertyType
from graphrec.tables import DatasetInfo, GraphTables

if TYPE_CHECKING:
    from graphrec.store.store import Store

INTERACTED = EdgeKind("INTERACTED", "User", "Item")
STORED = (
    "label", "label(n)", "id(n)", "type(r)", "set", "match", "return", "index", "count", "source", "sources", "target",
    "targets", "edges", "e", "a.id", "k", "relation", "user", "item", "owner", "kind", "value", "offset", "length",
    "key", "primary", "default", "_x", "_from", "a b", "a.b", "a`b", "``", "a'b", 'a"b', "1a", "-1", "$p", "{}", "%s",
    "#", "// c", "/*", "x" * 200, "prix (€)", "caf\u00e9", "日本", "😀", "ß", "id ", " from",
)  # fmt: skip
OF_NODES = (*STORED, "from", "to", "rating", "weight", "timestamp")
OF_EDGES = (*STORED, "id", "name")
REFUSED_OF_NODES = (
    "", " ", "\t", "_id", "_ID", "_label", "_src", "_dst", "_nodes", "_rels", "rowid", "RowId", "*", "ID", "Id",
    "Name", "NAME", "(stated)", "a\nb", "a\0b", "a\\u0060b", "x" * 201, "\ud800",
)  # fmt: skip
REFUSED_OF_EDGES = ("from", "to", "From", "TO", "Rating", "WEIGHT", "Timestamp", "_id", "", "a\rb")


def tables(nodes: tuple[str, ...], edges: tuple[str, ...]) -> GraphTables:
    """Return one user, one item and one interaction; every property holds its own name."""
    of_item = {name: [f"node {name}"] for name in nodes}
    of_edge = {name: [f"edge {name}"] for name in edges}
    return GraphTables(
        {"User": pa.table({"id": ["u"], "name": ["U"]}), "Item": pa.table({"id": ["i"], "name": ["I"], **of_item})},
        {INTERACTED: pa.table({"from": ["u"], "to": ["i"], "weight": [1.0], **of_edge})},
    )


def info(nodes: tuple[str, ...] = (), edges: tuple[str, ...] = ()) -> DatasetInfo:
    texts = {
        owner: tuple(Property(name, PropertyType.STRING) for name in names)
        for owner, names in (("Item", nodes), ("INTERACTED", edges))
    }
    return DatasetInfo("d", "D", "test", declared={owner: names for owner, names in texts.items() if names})


def quoted(name: str) -> str:
    return "`" + name.replace("`", "``") + "`"


def test_every_other_name_is_stored_and_read_in_cypher(store: Store) -> None:
    for _ in range(2):  # the second load merges, by other statements
        store.load(tables(OF_NODES, OF_EDGES), info(OF_NODES, OF_EDGES))
    for names, pattern, what in ((OF_NODES, "(x:Item)", "node"), (OF_EDGES, "(:User)-[x:INTERACTED]->()", "edge")):
        for name in names:
            values = store.query(f"MATCH {pattern} RETURN x.{quoted(name)} AS v LIMIT 3")["v"].tolist()
            assert values == [f"{what} {name}"], name
    read = pa.Table.from_batches(store.read_edges(INTERACTED))
    assert {name: read[name].to_pylist() for name in OF_EDGES} == {name: [f"edge {name}"] for name in OF_EDGES}
    assert store.check().sound


def test_the_rest_is_refused_in_one_sentence(store: Store) -> None:
    for name, nodes, edges in (
        *((name, (name,), ()) for name in REFUSED_OF_NODES),
        *((name, (), (name,)) for name in REFUSED_OF_EDGES),
    ):
        with pytest.raises(SchemaError) as refused:
            store.load(tables((), ()), info(nodes, edges))
        owner = "Item" if nodes else "INTERACTED"
        assert refused.value.what.startswith(f"{owner} cannot have a property called {name[:60]!r}: the name ")
        assert refused.value.remedy
    assert store.datasets() == []


@pytest.mark.parametrize(
    "pair", [("type", "Type"), ("caf\u00e9", unicodedata.normalize("NFD", "CAF\u00c9")), ("straße", "STRASSE")]
)
def test_two_names_that_an_engine_does_not_tell_apart(store: Store, pair: tuple[str, str]) -> None:
    with pytest.raises(SchemaError, match="only in how it is written"):
        store.load(tables(pair, ()), info(pair))
    store.load(tables(pair[:1], ()), info(pair[:1]))
    with pytest.raises(SchemaError, match="only in how it is written"):  # declarations of a data set add up
        store.load(tables(pair[1:], ()), info(pair[1:]))
    overlay = DatasetInfo("o", "O", "test", base="d", declared=info(pair[1:]).declared)
    with pytest.raises(SchemaError, match="only in how it is written"):
        store.load(GraphTables({"Item": pa.table({"id": ["i"], "name": ["I"], pair[1]: ["x"]})}), overlay)


def test_names_of_data_sets(store: Store) -> None:
    for wrong in (
        DatasetInfo("", "D", "test"),
        DatasetInfo("d\n", "D", "test"),
        DatasetInfo("d", " ", "test"),
        DatasetInfo("d" * 300, "D", "test"),
        DatasetInfo("d", "D", "test", prefix="\x1b["),
        DatasetInfo("d", "D", "test", base="d"),
        DatasetInfo("d\ud800", "D", "test"),
    ):
        with pytest.raises(InputError, match="data set"):
            store.load(tables((), ()), wrong)
    assert store.datasets() == []
