"""The store contract: a query reads the store and nothing else, on both engines."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pytest

from graphrec.errors import UsageError
from graphrec.store.only_reading import require_reading
from tests.store.content import load_small

if TYPE_CHECKING:
    from pathlib import Path

    from graphrec.store.store import Store

_COPY = "COPY (MATCH (n:User) RETURN n.id) TO 'OUT.csv'"

REFUSED = {
    _COPY: "COPY",
    "copy (MATCH (n:User) RETURN n.id) TO 'OUT.parquet'": "COPY",
    f"/* a look */ {_COPY}": "COPY",
    f"// a look\r{_COPY}": "COPY",
    f"MATCH (n:User) RETURN n.id; {_COPY}": "COPY",
    f"PROFILE {_COPY}": "COPY",
    f"EXPLAIN\n{_COPY}": "COPY",
    "EXPORT DATABASE 'OUT'": "EXPORT DATABASE",
    "IMPORT DATABASE 'OUT'": "IMPORT DATABASE",
    "INSTALL httpfs": "INSTALL",
    "LOAD EXTENSION httpfs": "LOAD EXTENSION",
    "LOAD FROM 'OUT.csv' RETURN *": "LOAD FROM",
    "Load\n/**/From 'OUT.csv' RETURN *": "LOAD FROM",
    "MATCH (n:User) LOAD FROM 'OUT.csv' RETURN n.id": "LOAD FROM",
    "LOAD WITH HEADERS (a STRING) FROM 'OUT.csv' RETURN *": "LOAD WITH",
    "MATCH (n:User) LOAD WITH HEADERS (a STRING) FROM 'OUT.csv' RETURN *": "LOAD WITH",
    "LOAD CSV FROM 'file:///OUT.csv' AS row RETURN row": "LOAD CSV",
    "WITH 1 AS one LOAD CSV WITH HEADERS FROM 'file:///OUT.csv' AS row RETURN row": "LOAD CSV",
    "MATCH (n:User) CALL { LOAD CSV FROM 'file:///OUT.csv' AS row RETURN row } RETURN row": "LOAD CSV",
    r"L\u004FAD CSV FROM 'file:///OUT.csv' AS row RETURN row": "LOAD CSV",
    r"RETURN '\u0027 AS a LOAD CSV FROM \u0027file:///OUT.csv\u0027 AS row RETURN row, '' AS b //'": "LOAD CSV",
    "ATTACH 'OUT' AS other (dbtype lbug)": "ATTACH",
    "DETACH other": "DETACH",
    "USE other": "USE",
    "CALL threads=1": "threads",
    "CALL `threads` = 1": "CALL",
    "call  home_directory = 'OUT'": "home_directory",
    "CALL READ_PARQUET('OUT.parquet') RETURN *": "read_parquet",
    "CALL apoc.export.csv.query('MATCH (n) RETURN n', 'OUT.csv', {}) YIELD file RETURN file": "apoc.export.csv.query",
    "CALL apoc . load . json('file:///OUT') YIELD value RETURN value": "apoc.load.json",
    "MATCH (n:User) CALL dbms.setConfigValue('a', 'b') RETURN n": "dbms.setconfigvalue",
    "CALL `apoc`.`load`.`json`('file:///OUT') YIELD value RETURN value": "CALL",
    "SHOW TRANSACTIONS YIELD transactionId AS t TERMINATE TRANSACTIONS t YIELD message RETURN message": "TERMINATE",
    "CREATE (:User {id: 'new'})": "CREATE",
    "DROP TABLE User": "DROP",
    "BEGIN TRANSACTION": "BEGIN",
    "CHECKPOINT": "CHECKPOINT",
    "COMMENT ON TABLE User IS 'x'": "COMMENT",
    "EXPLAIN": "EXPLAIN",
    "RETURN 1; RETURN 2": "2 statements",
    "": "empty",
    " // nothing\n;": "empty",
    "RETURN '\ud800' AS x": "character 9",
}


@pytest.mark.parametrize("text", REFUSED)
def test_what_does_not_only_read_the_store_is_refused_in_one_sentence(text: str, tmp_path: Path) -> None:
    with pytest.raises(UsageError, match=f"(?i){REFUSED[text]}") as refused:
        require_reading(text.replace("OUT", str(tmp_path / "out")))
    assert "\n" not in str(refused.value)


READS = [
    "MATCH (n:User) RETURN n.id AS id",
    "  // COPY (x) TO y\n/* LOAD CSV FROM 'x' */ MATCH (n:User) RETURN n.id AS id;",
    "RETURN 'COPY x TO y; LOAD CSV FROM z' AS `LOAD FROM`",
    'RETURN "it\'s; LOAD FROM" AS x',
    r"RETURN 'a\'; LOAD FROM' AS x",
    "MATCH (n:User) RETURN n.id AS `call threads=1; DROP`",
    "WITH 1 AS load, 2 AS call, 3 AS copy RETURN load, call, copy",
    "WITH 1 AS call WITH call WHERE call > 0 RETURN call",
    "UNWIND [1, 2] AS x RETURN x",
    "OPTIONAL MATCH (n:User {id: 'nobody'}) RETURN n.id AS id",
    "EXPLAIN MATCH (n:User) RETURN n.id",
]


@pytest.mark.parametrize("text", READS)
def test_what_reads_passes_whatever_its_texts_and_names_say(text: str) -> None:
    require_reading(text)


@pytest.mark.parametrize(
    "text",
    [
        "CALL table_info('User') RETURN *",
        "CALL show_tables() RETURN *",
        "CALL db.labels()",
        "CALL db.labels YIELD label RETURN label",
        "MATCH (n:User) CALL { WITH n MATCH (n)-[r]->() RETURN count(r) AS c } RETURN n.id, c",
        "MATCH (n:User) CALL (n) { MATCH (n)-[r]->() RETURN count(r) AS c } RETURN n.id, c",
        "CYPHER 5 runtime=slotted PROFILE MATCH (n:User) RETURN n.id",
        "SHOW INDEXES",
    ],
)
def test_what_only_one_engine_knows_passes_too(text: str) -> None:
    require_reading(text)


def test_nothing_is_written_and_no_file_is_read(store: Store, tmp_path: Path) -> None:
    load_small(store)
    secret = tmp_path / "secret.csv"
    secret.write_text("one,two\n")
    before = sorted(tmp_path.rglob("*"))
    for text in REFUSED:
        with pytest.raises(UsageError):
            store.query(text.replace("OUT.csv", str(secret)).replace("OUT", str(tmp_path / "out")))
    for text in (
        "MATCH (n:User) SET n.name = 'x' RETURN n.id",
        "MATCH (n:User {id: 'ada'}) DETACH DELETE n",
        "MATCH (n:User) CREATE (:User {id: n.id + 'x'})",
        "UNWIND ['x'] AS id MERGE (:User {id: id})",
    ):
        with pytest.raises(UsageError, match=r"only reads|understood"):
            store.query(text)
    assert [path for path in sorted(tmp_path.rglob("*")) if path not in before and path.suffix in (".csv", "")] == []
    assert store.query("MATCH (n:User) WHERE n.id IN ['ada', 'new', 'x'] RETURN n.id AS id")["id"].tolist() == ["ada"]
    for text in READS:
        store.query(text)


def test_an_empty_store_is_not_written_to_either(store: Store) -> None:
    for text in ("UNWIND ['x'] AS id CREATE (:User {id: id})", "CREATE (:User {id: 'x'})"):
        with pytest.raises(UsageError, match="writes"):
            store.query(text)
    assert len(store.query("MATCH (n:User) RETURN n.id AS id")) == 0


def test_no_text_is_refused_as_such(store: Store) -> None:
    for text in (None, 3, b"RETURN 1"):
        with pytest.raises(UsageError, match="a query is a text"):
            store.query(text)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    "value",
    [[[1], ["a"]], [{"a": 1}, {"a": "b"}], [{"a": [1]}, {"a": ["b"]}], {"a": [[1], [True]]}, [[[1]], [1]], [[[]], [1]]],
    ids=str,
)
def test_lists_that_hold_several_types_are_refused_by_name(store: Store, value: Any) -> None:
    with pytest.raises(UsageError, match=r"\$x.* side by side"):
        store.query("RETURN $x AS x", {"x": value})


@pytest.mark.parametrize("value", [[[1], [2.5]], [[1], []], [[], [1]], [{"a": [1]}, {"a": [2]}]], ids=str)
def test_lists_of_one_type_are_taken(store: Store, value: Any) -> None:
    assert store.query("RETURN $x AS x", {"x": value})["x"].tolist() == [value]


@pytest.mark.parametrize("value", [[], np.array([]), [[]], {"a": [[]]}], ids=str)
def test_an_empty_list_is_returned_or_refused_by_name(store: Store, value: Any) -> None:
    if store.engine == "ladybug":
        with pytest.raises(UsageError, match=r"empty list \$x"):
            store.query("RETURN $x AS x", {"x": value})
    else:
        plain = value.tolist() if isinstance(value, np.ndarray) else value
        assert store.query("RETURN $x AS x", {"x": value})["x"].tolist() == [plain]
