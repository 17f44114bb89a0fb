"""The store contract: a later load adds and updates, and takes nothing that it does not speak of, on both engines."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
import pyarrow as pa
import pytest

from graphrec.errors import SchemaError
from graphrec.loading import registry
from graphrec.schema import EdgeKind, Property, PropertyType
from graphrec.tables import DatasetInfo, GraphTables
from tests.store.content import INTERACTED, SMALL, edges, everything, nodes

if TYPE_CHECKING:
    from pathlib import Path

    from graphrec.store.store import Store

HEAD = '[dataset]\nid = "mini"\n[interactions]\nfile = "{file}"\nuser = "u"\nitem = "i"\nrating = "r"\n'
ITEMS = '[items]\nfile = "i.csv"\nid = "id"\nname = "title"\nattributes = ["genre"]\nproperties = { price = "float" }\n'


def load(store: Store, folder: Path, mapping: str, **files: str) -> bool:
    """Load by a mapping; ``files`` are the texts of CSV files by name."""
    for name, text in files.items():
        (folder / f"{name}.csv").write_text(text)
    (folder / "m.toml").write_text(mapping)
    loaded = registry.read("table", folder / "m.toml")
    return store.load(loaded.tables, loaded.info).changed


def by_id(store: Store, label: str) -> dict[str, dict[str, Any]]:
    return {str(row["id"]): {k: v for k, v in row.items() if k != "id"} for row in map(dict, nodes(store, label))}


def pairs(store: Store) -> dict[str, dict[str, Any]]:
    rows = [dict(row) for row in edges(store, INTERACTED)]
    return {f"{r['from']}{r['to']}": {k: v for k, v in r.items() if k not in ("from", "to")} for r in rows}


def taken(**columns: list[Any]) -> GraphTables:
    """Return interactions of u with i, by the columns given."""
    edge = pa.table({"from": ["u"], "to": ["i"], "weight": [1.0], **columns})
    return GraphTables({"User": pa.table({"id": ["u"]}), "Item": pa.table({"id": ["i"]})}, {INTERACTED: edge})


def test_interactions_alone_take_nothing_from_descriptions(store: Store, tmp_path: Path) -> None:
    first = HEAD.format(file="r.csv") + 'properties = { page = "string" }\n' + ITEMS
    rows = "u,i,r,page\na,x,5,home\nb,y,4,home\nc,x,4,home\nc,y,5,home\n"
    described = "id,title,price,genre\nx,Xenon,9.5,Drama\ny,Yak,1.5,Crime\n"
    assert load(store, tmp_path, first, r=rows, i=described)
    held = everything(store)
    daily = HEAD.format(file="r2.csv")
    assert load(store, tmp_path, daily, r2="u,i,r\nb,x,3\na,x,1\nb,z,2\n")
    assert by_id(store, "Item") == {
        "x": {"name": "Xenon", "price": 9.5},
        "y": {"name": "Yak", "price": 1.5},
        "z": {"name": "z"},
    }
    assert pairs(store) == {
        "ax": {"rating": 1.0, "weight": 1.0, "page": "home"},
        "by": {"rating": 4.0, "weight": 1.0, "page": "home"},
        "cx": {"rating": 4.0, "weight": 1.0, "page": "home"},
        "cy": {"rating": 5.0, "weight": 1.0, "page": "home"},
        "bx": {"rating": 3.0, "weight": 1.0},
        "bz": {"rating": 2.0, "weight": 1.0},
    }
    assert {k: v for k, v in held.items() if "Attribute" in k} == {
        k: v for k, v in everything(store).items() if "Attribute" in k
    }
    assert not load(store, tmp_path, daily)
    assert [p.name for p in store.datasets()[0].declared["INTERACTED"]] == ["page"]
    assert store.data_fingerprint() == store.fingerprint()
    assert store.check().sound


def test_a_later_description_goes_before_a_mention_and_an_earlier_description(store: Store, tmp_path: Path) -> None:
    head = HEAD.format(file="r.csv")
    load(store, tmp_path, head, r="u,i,r\na,x,5\na,y,4\n")
    assert by_id(store, "Item") == {"x": {"name": "x"}, "y": {"name": "y"}}
    load(store, tmp_path, head + ITEMS, i="id,title,price,genre\nx,Xenon,9.5,Drama\ny,,1.5,Drama\n")
    assert by_id(store, "Item") == {"x": {"name": "Xenon", "price": 9.5}, "y": {"name": "y", "price": 1.5}}
    # an empty name says nothing of the name; an empty price takes the price away: its column was given
    load(store, tmp_path, head + ITEMS, i="id,title,price,genre\nx,,,Drama\ny,Yak,2.5,Drama\n")
    assert by_id(store, "Item") == {"x": {"name": "Xenon"}, "y": {"name": "Yak", "price": 2.5}}
    stock = head + '[items]\nfile = "i.csv"\nid = "id"\nproperties = { stock = "integer" }\n'
    load(store, tmp_path, stock, i="id,stock\nx,7\n")
    assert by_id(store, "Item") == {"x": {"name": "Xenon", "stock": 7}, "y": {"name": "Yak", "price": 2.5}}


def test_what_triples_mention_keeps_its_name_and_kind(store: Store) -> None:
    entity, fact = EdgeKind("HAS_ENTITY", "Item", "Entity"), {"from": ["i"], "to": ["e"], "relation": ["by"]}
    known = pa.table({"id": ["e"], "name": ["Ellen"], "kind": ["person"]})
    item = pa.table({"id": ["i"], "name": ["Item one"]})
    store.load(GraphTables({"Item": item, "Entity": known}, {entity: pa.table(fact)}), SMALL)
    bare = pa.table({"id": ["e", "f"]})
    more = pa.table({"from": ["i"], "to": ["f"], "relation": ["by"]})
    store.load(GraphTables({"Item": pa.table({"id": ["i"]}), "Entity": bare}, {entity: more}), SMALL)
    assert by_id(store, "Entity") == {"e": {"name": "Ellen", "kind": "person"}, "f": {"name": "f"}}
    assert by_id(store, "Item") == {"i": {"name": "Item one"}}
    store.load(GraphTables({"Entity": pa.table({"id": ["f"], "name": ["Frank"]})}), SMALL)
    assert by_id(store, "Entity")["f"] == {"name": "Frank"}


@pytest.mark.parametrize("label", ["User", "Item", "Entity", "Feature"])
def test_a_function_that_brings_ids_alone_only_mentions(store: Store, label: str) -> None:
    store.load(GraphTables({label: pa.table({"id": ["a"], "name": ["Ann"]})}), SMALL)
    store.load(GraphTables({label: pa.table({"id": ["a", "b"]})}), SMALL)
    store.load(GraphTables({label: pa.table({"id": ["a", "c"], "name": ["", None]})}), SMALL)
    assert {i: row["name"] for i, row in by_id(store, label).items()} == {"a": "Ann", "b": "b", "c": "c"}


def test_an_attribute_keeps_a_better_name(store: Store) -> None:
    key = {"id": ["user.age=25"], "owner": ["user"], "kind": ["age"], "value": ["25"]}
    store.load(GraphTables({"Attribute": pa.table({**key, "name": ["25-34"]})}), SMALL)
    store.load(GraphTables({"Attribute": pa.table(key)}), SMALL)
    assert by_id(store, "Attribute")["user.age=25"]["name"] == "25-34"


def test_declarations_add_up_and_a_change_of_type_is_refused(store: Store) -> None:
    def declaring(**types: PropertyType) -> DatasetInfo:
        declared = {"INTERACTED": tuple(Property(name, kind) for name, kind in types.items())}
        return DatasetInfo("small", "Small", "tests", verb="read", declared=declared)

    store.load(taken(page=["home"]), declaring(page=PropertyType.STRING))
    store.load(
        taken(shop=[3]), DatasetInfo("small", "small", "tests", declared=declaring(shop=PropertyType.INTEGER).declared)
    )
    assert pairs(store) == {"ui": {"weight": 1.0, "page": "home", "shop": 3}}
    (info,) = store.datasets()
    assert {p.name: p.type.value for p in info.declared["INTERACTED"]} == {"page": "string", "shop": "integer"}
    assert (info.name, info.verb) == ("Small", "read")
    held = everything(store)
    with pytest.raises(
        SchemaError, match=r"'page' of INTERACTED is declared as integer, and is string here.*another name"
    ):
        store.load(taken(page=[1]), declaring(page=PropertyType.INTEGER))
    assert everything(store) == held
    assert store.datasets() == [info]


@pytest.mark.parametrize(
    ("stored", "given", "rating"),
    [(100, 99, 1.0), (100, 100, 2.0), (100, 101, 2.0), (None, 5, 2.0), (100, None, 2.0), (None, None, 2.0)],
)
def test_the_later_of_two_times_counts_and_else_the_later_load(
    store: Store, stored: int | None, given: int | None, rating: float
) -> None:
    times = [pa.array([time], pa.int64()) for time in (stored, given)]
    store.load(taken(rating=[1.0], timestamp=times[0]), SMALL)
    again = taken(rating=[2.0], timestamp=times[1], weight=[7.0])
    store.load(again, SMALL)
    expected = {"rating": rating, "weight": 7.0, "timestamp": stored if rating == 1.0 else given}
    assert pairs(store) == {"ui": {name: value for name, value in expected.items() if value is not None}}
    assert not store.load(again, SMALL).changed


def test_weights_do_not_add_up_and_a_count_lowers_none(store: Store, tmp_path: Path) -> None:
    head = HEAD.format(file="r.csv").replace('rating = "r"\n', "")
    load(store, tmp_path, head, r="u,i\n" + "a,x\n" * 3 + "b,x\n")
    assert {key: row["weight"] for key, row in pairs(store).items()} == {"ax": 3.0, "bx": 1.0}
    load(store, tmp_path, head, r="u,i\na,x\nb,x\nb,x\n")
    assert {key: row["weight"] for key, row in pairs(store).items()} == {"ax": 3.0, "bx": 2.0}
    weighed = head + 'weight = "w"\n'
    load(store, tmp_path, weighed, r="u,i,w\na,x,0.5\n")
    assert pairs(store)["ax"]["weight"] == 0.5


def test_any_two_loads_agree_with_a_plain_dictionary(store: Store) -> None:
    random = np.random.default_rng(7)
    expected: dict[tuple[str, str], dict[str, Any]] = {}
    names: dict[str, str] = {}
    for _ in range(3):
        count = 40
        frame = pd.DataFrame({"from": random.integers(0, 6, count), "to": random.integers(0, 6, count)}).astype(str)
        frame = frame.drop_duplicates().assign(rating=lambda f: random.integers(1, 6, len(f)).astype(float))
        frame["timestamp"] = pd.array(random.integers(0, 9, len(frame)), "Int64").copy()
        frame.loc[random.random(len(frame)) < 0.3, "timestamp"] = pd.NA
        ids = sorted({*frame["from"], *frame["to"]})
        told = {i: f"name {random.integers(99)}" if random.random() < 0.5 else None for i in ids}
        people = pa.table({"id": ids, "name": pa.array(list(told.values()), pa.string())})
        edge = pa.Table.from_pandas(frame.assign(weight=1.0), preserve_index=False)
        store.load(GraphTables({"User": people, "Item": people}, {INTERACTED: edge}), SMALL)
        names.update({i: name or names.get(i, i) for i, name in told.items()})
        for row in edge.to_pylist():
            old = expected.get((row["from"], row["to"]))
            times = (old or {}).get("timestamp"), row["timestamp"]
            if old is None or None in times or times[1] >= times[0]:
                expected[row["from"], row["to"]] = row
    found = {(row["from"], row["to"]): row for row in map(dict, edges(store, INTERACTED))}
    assert found == {k: {n: v for n, v in row.items() if v is not None} for k, row in expected.items()}
    assert {i: row["name"] for i, row in by_id(store, "User").items()} == names
    assert store.fingerprint() == store.data_fingerprint()
