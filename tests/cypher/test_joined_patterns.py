"""What one MATCH asks for hangs together: the embedded engine pairs everything with everything of what does not."""

from __future__ import annotations

import re

import pytest

from graphrec import queries

_END = r"\b(?:WHERE|WITH|RETURN|MATCH|OPTIONAL|UNWIND|ORDER)\b|\}\s|$"
CLAUSE = re.compile(rf"\bMATCH\s(?P<patterns>.*?)(?={_END})", re.DOTALL)
NODE = re.compile(r"\((?P<name>\w+)?(?::(?P<label>[\w|]+))?")
FEW = {"Dataset", "Run"}
"""Labels of which a store has few nodes."""
NAMES = [name for folder in ("analyst", "audit", "lookup", "why") for name in queries.names(folder)]


def unjoined(text: str) -> list[str]:
    """Return the patterns that share no node with an earlier one of their MATCH, but for labels of few nodes."""
    lines = [line for line in text.splitlines() if not line.startswith("//")]
    found = []
    for clause in CLAUSE.finditer("\n".join(lines)):
        known: set[str] = set()
        for pattern in re.split(r"(?<=\)),\s", clause["patterns"].strip()):
            nodes = [(node["name"], node["label"]) for node in NODE.finditer(pattern)]
            names = {name for name, _ in nodes if name}
            if known and not names & known and not {label for _, label in nodes} <= FEW:
                found.append(pattern)
            known |= names
    return found


def test_a_pattern_that_nothing_joins_is_found() -> None:
    assert unjoined("MATCH (u:User {id: $u}), (a:Factor {id: $a})\nRETURN u, a") == ["(a:Factor {id: $a})"]
    assert unjoined("MATCH (u:User)-[:RECEIVED]->(r), (r)-[:SUGGESTS]->(i:Item)\nRETURN i") == []
    assert unjoined("MATCH (d:Dataset), (run:Run {id: $run})\nRETURN d") == []


@pytest.mark.parametrize("name", NAMES)
def test_what_a_query_matches_hangs_together(name: str) -> None:
    for engine in ("ladybug", "neo4j"):
        assert unjoined(queries.load(name, engine).text) == []
