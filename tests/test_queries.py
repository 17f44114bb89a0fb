"""Every shipped Cypher file, and how they are read."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from graphrec import queries
from graphrec.errors import InputError, UsageError
from graphrec.resources import RESOURCES
from graphrec.schema import SCHEMA

QUESTIONS = ("why", "audit", "analyst")
"""Folders of queries that people run; what is beside them belongs to the stores."""

ASKED = [name for folder in QUESTIONS for name in queries.names(folder)]
ALL = [(name, engine) for name in ASKED for engine in queries.ENGINES]


def test_a_query_says_what_it_is() -> None:
    query = queries.load("why/item", "neo4j")
    assert query.title == "Why was this item recommended? (all reasons)"
    assert query.doc.startswith("One row per stored reason")
    assert query.parameters == ("user", "item", "run")
    assert query.text.startswith("MATCH (run:Run)")
    assert query.source.endswith(query.text + "\n")


def test_folders_hold_what_they_should() -> None:
    assert {name.split("/")[0] for name in queries.names()} >= set(QUESTIONS)
    assert "audit/history" in queries.names("audit")
    assert all(name.startswith("why/") for name in queries.names("why"))


def test_every_file_has_a_header() -> None:
    for folder in (RESOURCES / "cypher").iterdir():
        for file in folder.iterdir() if folder.is_dir() and folder.name != "schema" else ():
            if file.name.endswith(".cypher"):
                assert queries.parse(file.name, file.read_text(encoding="utf-8"), file.name).title


@pytest.mark.parametrize(("name", "engine"), ALL)
def test_every_query_parses_and_is_limited(name: str, engine: str) -> None:
    query = queries.load(name, engine)
    assert query.doc
    assert re.search(r"^LIMIT \d+$", query.text, flags=re.MULTILINE)
    assert not re.search(r"\b(CREATE|MERGE|DELETE|SET|REMOVE|COPY)\b", query.text)


LOOKUPS = [(name, engine) for name in queries.names("lookup") for engine in queries.ENGINES]


@pytest.mark.parametrize(("name", "engine"), [*ALL, *LOOKUPS])
def test_no_query_adds_up_effects_and_means_of_them_are_over_nodes(name: str, engine: str) -> None:
    """Effects of an average cancel, so that no sum of them is shipped; a mean is taken once each node has one row."""
    text = queries.load(name, engine).text
    assert not re.search(r"\bsum\((e\.)?(effect|held|held_effect|e\.joint_effect|joint_effect)\)", text)
    assert "avg(e.effect" not in text
    assert "avg(e.held_effect" not in text
    if "avg(effect)" in text:
        assert "max(e.effect) AS effect" in text
        assert "AS mean_relative_effect" in text


UNDIRECTED = [relationship.name for relationship in SCHEMA.relationships if relationship.undirected]
ROOT = Path(__file__).resolve().parent.parent
TEXTS = sorted(
    path
    for folder in ("cypher", "docs", "graphrec", "loaders", "benchmarks")
    for path in (ROOT / folder).rglob("*")
    if path.suffix in (".cypher", ".md", ".py")
)


def arrowed(text: str) -> list[str]:
    """Return the patterns in which an undirected relationship has an arrow."""
    found = re.findall(r"<-\[[^\]]*\]-|-\[[^\]]*\]->", text)
    return [pattern for pattern in found if set(re.findall(r"[A-Z_]{3,}", pattern)) & set(UNDIRECTED)]


def test_undirected_relationships_are_matched_without_an_arrow() -> None:
    assert UNDIRECTED == ["CO_PURCHASED", "FRIEND_OF"]
    assert arrowed("(a)<-[:FRIEND_OF]-(b)-[c:RELATED_TO|CO_PURCHASED*1..2]->(d)") != []
    assert arrowed("(a)-[:CO_PURCHASED]-(b)<-[:RECEIVED]-(c)") == []
    assert any(path.name == "path_co_purchases.cypher" for path in TEXTS)
    assert [(str(path), found) for path in TEXTS if (found := arrowed(path.read_text(encoding="utf-8")))] == []


@pytest.mark.parametrize(("name", "engine"), ALL)
def test_queries_name_only_what_the_schema_has(name: str, engine: str) -> None:
    text = queries.load(name, engine).text
    named = set(re.findall(r"\(\w*:([\w|]+)", text))
    labels = {label for group in named for label in group.split("|")}
    assert labels <= set(SCHEMA.label_names())
    types = {kind for group in re.findall(r"\[\w*:([A-Z_|]+)", text) for kind in group.split("|")}
    assert types <= {relationship.name for relationship in SCHEMA.relationships}


def test_two_forms_of_a_query_differ_only_where_the_engines_do() -> None:
    """Row forms differ in how a label is read, on Neo4j past those of somebody else's, and how a factor is found.

    The entity query differs in its shortest path, too, and the audit of nodes in what it groups by: the embedded engine
    compares inner ids faster than whole nodes.
    Neo4j finds a factor by its indexed id; the embedded engine joins, which asks nothing of ids that are no factors.
    """
    found = {file.name for folder in QUESTIONS for file in (RESOURCES / "cypher" / folder).iterdir()}
    twins = {name.removesuffix(".neo4j.cypher") for name in found if name.endswith(".neo4j.cypher")}
    assert twins == {name.removesuffix(".ladybug.cypher") for name in found if name.endswith(".ladybug.cypher")}
    for name in ASKED:
        one, other = (queries.load(name, engine) for engine in queries.ENGINES)
        assert one.title == other.title
        assert one.parameters == other.parameters
        same = re.sub(r"\[l IN labels\((\w)\) WHERE l IN \[[^]]*\]\]\[0\]", r"label(\1)", one.text)
        same = re.sub(r"labels\((\w)\)\[0\]", r"label(\1)", same).replace("type(e)", "label(e)")
        same = same.replace("e.via STARTS WITH 'factor:' AND f.id = substring(e.via, 7)", "e.via = 'factor:' + f.id")
        if name not in ("why/entities", "audit/node"):
            assert same == other.text


def test_unknown_names_are_told_what_there_is() -> None:
    with pytest.raises(UsageError, match=r"no query 'why/nothing' for neo4j.*why/item"):
        queries.load("why/nothing", "neo4j")
    with pytest.raises(UsageError, match=r"no engine 'oracle'.*neo4j, ladybug"):
        queries.load("why/item", "oracle")


@pytest.mark.parametrize(
    ("source", "complaint"),
    [
        ("MATCH (n) RETURN n", "no title"),
        ("//\nMATCH (n) RETURN n", "no title"),
        ("// Title\n// doc\n", "no Cypher"),
        ("// Title\nMATCH (n {id: $id}) RETURN n", r"\$id is used but not described"),
        ("// Title\n// $id: an id\nMATCH (n) RETURN n", r"\$id is described but not used"),
        ("// Title\n// $id: an id\nMATCH (n) WHERE n.name = '$id' RETURN n", r"\$id is described but not used"),
    ],
)
def test_a_bad_header_is_named(source: str, complaint: str) -> None:
    with pytest.raises(InputError, match=complaint + r".*\(why/x\.cypher\)"):
        queries.parse("why/x", source, "why/x.cypher")
