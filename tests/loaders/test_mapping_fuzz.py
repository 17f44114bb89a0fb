"""Any mapping over any files: a load that pandas agrees with, or one sentence."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, NamedTuple

import pandas as pd
import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from graphrec.errors import GraphrecError
from graphrec.loading.interactions import INTERACTED
from graphrec.loading.registry import read
from graphrec.schema import EdgeKind
from tests.loaders import mapping_oracle as oracle
from tests.loaders.checks import assert_sound, edge_set

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from graphrec.tables.graph_tables import GraphTables

CARRIES = {label: EdgeKind("HAS_ATTRIBUTE", label, "Attribute") for label in ("Item", "User")}
ABOUT = EdgeKind("HAS_ENTITY", "Item", "Entity")
ROWS = [
    {"u": "a", "i": "1", "n": "1", "f": "1.5", "tags": "x|y", "more": ["p", "q"], "by": "e1", "": "k", "name": "One"},
    {"u": "b", "i": "1", "n": "2", "f": "2.5", "tags": "?", "more": ["p"], "by": "1", "": "k", "name": "Uno"},
    {"u": "", "i": "2", "n": "3", "f": "0.5", "tags": " x ", "more": [], "by": "e2", "": "?", "name": ""},
    {"u": "c", "i": "", "n": "4", "f": "4.5", "tags": "", "more": ["?"], "by": "", "": "l", "name": "x"},
    {"u": "c", "i": "3", "n": "5", "f": "4.0", "tags": "y||z", "more": ["q|r"], "by": "2", "": "", "name": "?"},
    {"u": "?", "i": "e1", "n": "6", "f": "4.5", "tags": "NA", "more": ["p"], "by": "e1", "": "m", "name": "Tre"},
    {"u": "a", "i": "1", "n": "7", "f": "3.5", "tags": "x", "more": ["x"], "by": "e3", "": "k", "name": "One"},
]
MORE = {
    "from": list("stuvwst"), "Type": list("AABBCCD"), "type": list("ABCDEFG"), "_id": list("1234567"),
    "ID": list("7654321"), "b": ["true", "false", "1", "0", "true", "true", "false"], "gap": [""] * 7,
    "day": [f"2024-01-0{n}" for n in range(1, 8)],
}  # fmt: skip


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("fuzz")
    frame = pd.DataFrame(ROWS).assign(**MORE)
    frame.assign(more=[";".join(row["more"]) for row in ROWS]).to_csv(path / "t.csv", index=False)
    frame.to_parquet(path / "t.parquet", index=False)
    frame.to_json(path / "t.jsonl", orient="records", lines=True)
    (path / "folder").mkdir()
    (path / "empty.csv").write_bytes(b"")
    (path / "header.csv").write_text("u,i\n")
    (path / "bytes.csv").write_bytes(bytes(range(256)) * 4)
    (path / "one.xlsx").write_bytes(b"PK")
    return path


GOOD_FILES = ("t.csv", "t.parquet", "t.jsonl")
SEPARATORS = st.sampled_from(("", "|", ";", " "))
MISSING = st.sampled_from(([], ["?"], ["?", "NA", "x"]))
TYPES = {"n": "integer", "f": "float", "b": "boolean"}
GOOD_NAMES = ("", "", "origin", "x y", "set")
ODD_NAMES = ("from", "id", "Origin", "n", "_id", " ", "a\nb")
ANYTHING = st.sampled_from((5, True, "x", [], [1], {}, {"a": 1}, [[]], {"u": {"a": {}}}))


class Pool(NamedTuple):
    """Names to draw mappings from."""

    files: tuple[str, ...]
    texts: tuple[str, ...]
    names: tuple[str, ...]
    ids: tuple[str, ...] = ("d",)


def properties(columns: tuple[str, ...], names: tuple[str, ...]) -> st.SearchStrategy[dict[str, Any]]:
    def said(column: str) -> st.SearchStrategy[Any]:
        kind = TYPES.get(column, "string")
        renamed = st.fixed_dictionaries({"type": st.just(kind), "name": st.sampled_from(names)})
        return st.one_of(st.just(kind), renamed)

    chosen = st.lists(st.sampled_from(columns), max_size=3, unique=True)
    return chosen.flatmap(lambda columns: st.fixed_dictionaries({column: said(column) for column in columns}))


def nodes(ids: tuple[str, ...], pool: Pool, *, items: bool) -> st.SearchStrategy[dict[str, Any]]:
    texts = st.sampled_from((*pool.texts, "more"))
    named = st.fixed_dictionaries({"separator": SEPARATORS, "kind": st.sampled_from(pool.names)})
    related = st.fixed_dictionaries({"relation": st.sampled_from(pool.names), "separator": SEPARATORS})
    return st.fixed_dictionaries(
        {
            "file": st.sampled_from(pool.files),
            "id": st.sampled_from(ids),
            "attributes": st.one_of(
                st.lists(texts, max_size=3), st.dictionaries(texts, st.one_of(SEPARATORS, named), max_size=3)
            ),
        },
        optional={
            "name": st.sampled_from(("name", "by", "tags")),
            "properties": properties(("n", "f", "b", *pool.texts), pool.names),
            "missing": MISSING,
            **({"entities": st.dictionaries(st.sampled_from(("by", "tags", "more", "i")), related)} if items else {}),
        },
    )


GOOD = Pool(GOOD_FILES, ("u", "i", "tags", "by", "n", "from", "Type", "gap", "day"), GOOD_NAMES)
ODD = Pool(
    GOOD_FILES * 3 + ("absent.csv", "folder", "empty.csv", "header.csv", "bytes.csv", "../fuzz", "one.xlsx", ""),
    ("u", "i", "tags", "by", "", "name", "n", "from", "Type", "type", "_id", "ID", "gap", "nowhere"),
    GOOD_NAMES + ODD_NAMES,
    ("d",) * 9 + ("",),
)


def mappings(pool: Pool) -> st.SearchStrategy[dict[str, Any]]:
    return st.fixed_dictionaries(
        {
            "dataset": st.fixed_dictionaries({"id": st.sampled_from(pool.ids)}, optional={"missing": MISSING}),
            "interactions": st.fixed_dictionaries(
                {
                    "file": st.sampled_from(pool.files),
                    "user": st.sampled_from(("u", "u", "by")),
                    "item": st.just("i"),
                    "properties": properties(("b", *set(pool.texts) - {"u", "i", "by", "from", "n"}), pool.names),
                },
                optional={"rating": st.just("f"), "timestamp": st.just("n"), "missing": MISSING},
            ),
            "items": nodes(("i", "i", "by"), pool, items=True),
        },
        optional={
            "users": nodes(("u", "u", "by"), pool, items=False),
            "triples": st.fixed_dictionaries(
                {
                    "file": st.sampled_from(pool.files),
                    "head": st.sampled_from(("i", "u")),
                    "relation": st.sampled_from(("type", "tags")),
                    "tail": st.sampled_from(("by", "name")),
                },
                optional={"missing": MISSING},
            ),
        },
    )


SPOILING = st.tuples(
    st.sampled_from(("dataset", "interactions", "items", "users", "triples", "lookups")),
    st.sampled_from(
        (
            "file",
            "id",
            "user",
            "properties",
            "attributes",
            "entities",
            "missing",
            "base",
            "zzz",
            "name",
            "header",
            "columns",
            "delimiter",
            "quote",
            "escape",
            "decimal",
            "time_format",
            "name_lookup",
            "genres",
        )
    ),
    ANYTHING,
)


def toml(value: Any) -> str:
    """Return a value in TOML; strings of JSON are strings of TOML too."""
    if isinstance(value, dict):
        return "{ " + ", ".join(f"{json.dumps(key)} = {toml(part)}" for key, part in value.items()) + " }"
    return "[" + ", ".join(map(toml, value)) + "]" if isinstance(value, list) else json.dumps(value)


def loaded_or_refused(folder: Path, mapping: dict[str, Any], co_purchases: int = 0) -> GraphTables | None:
    """Return the tables of a load; None where it was refused in one sentence."""
    path = folder / "mapping.toml"
    path.write_text("".join(f"{json.dumps(name)} = {toml(section)}\n" for name, section in mapping.items()))
    sentence = ""
    try:
        return assert_sound(read("table", folder, {"co_purchases": co_purchases}))
    except GraphrecError as error:
        sentence = str(error)
    assert "\n" not in sentence
    assert "Arrow" not in sentence
    return None


@settings(max_examples=80, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck))
@given(mapping=mappings(GOOD), co_purchases=st.sampled_from((0, 0, 1)))
def test_mappings_that_make_sense(folder: Path, mapping: dict[str, Any], co_purchases: int) -> None:
    tables = loaded_or_refused(folder, mapping, co_purchases)
    if tables is None:
        assume(False)
    else:
        agree(mapping, folder, tables)


@settings(max_examples=120, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck))
@given(mapping=mappings(ODD), spoiling=st.one_of(st.none(), SPOILING))
def test_any_mapping(folder: Path, mapping: dict[str, Any], spoiling: tuple[str, str, Any] | None) -> None:
    if spoiling is not None:
        section, entry, value = spoiling
        mapping.setdefault(section, {})[entry] = value
    tables = loaded_or_refused(folder, mapping)
    if tables is not None and "base" not in mapping["dataset"]:
        agree(mapping, folder, tables)


def agree(mapping: dict[str, Any], folder: Path, tables: GraphTables) -> None:
    """Compare with what pandas sees; what cannot be read is no matter here: such values are texts alone."""
    taken = oracle.pairs(mapping, folder)
    assert edge_set(tables.edges[INTERACTED]) == taken
    known = {"users": {user for user, _ in taken}, "items": {item for _, item in taken}}
    for name, label in (("users", "User"), ("items", "Item")):
        ids = set(known[name])
        if name in mapping:
            rows = oracle.described(mapping, mapping[name], folder)
            ids |= {row[mapping[name]["id"]] for row in rows}
            found = edge_set(tables.edges[CARRIES[label]]) if CARRIES[label] in tables.edges else set()
            assert found == oracle.attributes(mapping, name, folder)
            properties_agree(mapping, name, tables.nodes[label].to_pylist(), rows)
        assert set(tables.nodes[label].column("id").to_pylist()) == ids
        known[name] = ids
    facts_agree(mapping, folder, tables, known["items"])


def properties_agree(
    mapping: dict[str, Any], name: str, nodes: list[dict[str, Any]], rows: list[dict[str, Any]]
) -> None:
    section = mapping[name]
    nothing = oracle.missing_of(mapping, section)
    read_as: dict[str, Callable[[str], Any]] = {
        "string": str,
        "integer": int,
        "float": float,
        "boolean": lambda text: text in ("true", "1", "True"),
    }
    for node in nodes:
        for column, said in section.get("properties", {}).items():
            kind, label = (said, column) if isinstance(said, str) else (said["type"], said["name"] or column)
            texts = [row[column] for row in rows if row[section["id"]] == node["id"]]
            text = next((text for text in texts if text.strip() not in nothing), None)
            expected = None if text is None else read_as[kind](text)
            assert node[label] == expected, (node, column)


def facts_agree(mapping: dict[str, Any], folder: Path, tables: GraphTables, items: set[str]) -> None:
    of_items = oracle.entities(mapping, folder) if "items" in mapping else set()
    facts = oracle.triples(mapping, folder) if "triples" in mapping else set()
    of_items |= {(head, tail, relation) for head, tail, relation in facts if head in items and tail not in items}
    found = edge_set(tables.edges[ABOUT], "relation") if ABOUT in tables.edges else set()
    assert found == of_items
    for head_label, tail_label in (("Item", "Item"), ("Entity", "Item"), ("Entity", "Entity")):
        kind = EdgeKind("RELATED_TO", head_label, tail_label)
        found = edge_set(tables.edges[kind], "relation") if kind in tables.edges else set()
        assert found == {
            (head, tail, relation)
            for head, tail, relation in facts
            if (head in items) == (head_label == "Item") and (tail in items) == (tail_label == "Item")
        }
