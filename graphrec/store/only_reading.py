"""The border of ``Store.query`` for both engines: texts that read pass, all others are refused before they are run.

The engines' own protection covers the graph alone: a reading session of the embedded engine still writes files, reads
any file and changes settings, and one of Neo4j reads any URL. So a statement has to begin as one that reads, its
clauses must not reach out of the store, and it calls nothing but what describes the graph or searches its indexes. Text
in quotation marks, in backticks and in comments is none of a statement's words.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from graphrec.errors import UsageError
from graphrec.queries import QUOTED, bare

if TYPE_CHECKING:
    from collections.abc import Sequence

_BEGINNINGS = frozenset(
    ["CALL", "FILTER", "FINISH", "LET", "MATCH", "OPTIONAL", "RETURN", "SHOW", "UNWIND", "WHEN", "WITH"]
)
_PREFIXES = frozenset({"EXPLAIN", "PROFILE"})
_WRITES = frozenset(["ALTER", "CREATE", "DELETE", "DETACH", "DROP", "FOREACH", "INSERT", "MERGE", "REMOVE", "SET"])
_OUTSIDE = {
    *(("LOAD", what) for what in ("CSV", "FROM", "WITH", "EXTENSION")),
    *(("TERMINATE", what) for what in ("TRANSACTION", "TRANSACTIONS")),
}
"""Pairs of words that begin a clause that does something else than reading the store."""

_NO_PROCEDURE = frozenset(
    """
    AND AS ASC ASCENDING CALL CONTAINS DESC DESCENDING ELSE END ENDS FINISH IN IS LIMIT MATCH NOT OFFSET OPTIONAL OR
    ORDER RETURN SKIP STARTS THEN UNION UNWIND WHEN WHERE WITH XOR YIELD
    """.split()  # noqa: SIM905
)
"""What follows the word ``call`` where that is a name of somebody's own."""

_CALLED = frozenset(
    """
    bm_info catalog_version current_setting db_version disk_info disk_size_info file_info fsm_info show_functions
    show_graphs show_indexes show_macros show_sequences show_tables show_warnings stats_info storage_info
    storage_version table_info
    db.index.fulltext.listavailableanalyzers db.index.fulltext.querynodes db.index.fulltext.queryrelationships
    db.index.vector.querynodes db.index.vector.queryrelationships db.info db.labels db.ping db.propertykeys
    db.relationshiptypes db.schema.nodetypeproperties db.schema.reltypeproperties db.schema.visualization
    dbms.components dbms.info
    """.split()  # noqa: SIM905
)
"""Functions of the embedded engine and procedures of Neo4j that may be called, in lower case."""

_ESCAPED = re.compile(r"\\u+([0-9a-fA-F]{4})")
_TOKEN = re.compile(r"\w+|[^\w\s\u180e\u200b-\u200f\u2060\ufeff]")
_REMEDY = (
    "A query begins with MATCH, UNWIND, WITH, RETURN or CALL, and reads the store alone; change the store through "
    "load, write_run, use_run, delete_runs or forget"
)


def require_reading(cypher: str) -> None:
    """Raise UsageError unless a Cypher text is one statement that reads the store and nothing else.

    Args:
        cypher: the text, for either engine.

    Raises:
        UsageError: it is no text, is empty, is several statements, or holds a clause that writes, reads or writes
            files, changes settings or calls what is not known to read; names the clause.
    """
    if not isinstance(cypher, str):
        raise UsageError(f"a query is a text, not {type(cypher).__name__}", remedy="Write some Cypher")
    try:
        cypher.encode()
    except UnicodeEncodeError as error:
        raise UsageError(
            f"the query is no text: half of a character is missing at character {error.start + 1}",
            remedy="Mend the text",
        ) from None
    if "\0" in cypher:
        raise UsageError("the query holds a null character", remedy="Take it out")
    if not _statements(cypher):
        raise UsageError("the query is empty", remedy="Write some Cypher")
    # Neo4j reads \u0027 as a quotation mark before anything else; the embedded engine does not.
    decoded = _ESCAPED.sub(lambda found: chr(int(found[1], 16)), cypher)
    for text in dict.fromkeys((decoded, cypher)):
        statements = _statements(text)
        for statement in statements:
            _require_reading(statement)
        if len(statements) > 1:
            raise UsageError(f"{len(statements)} statements were given where one is run", remedy="Run them one by one")


def _statements(text: str) -> list[list[str]]:
    """Return the words and the marks that matter of every statement that is not empty, words in upper case."""
    statements: list[list[str]] = [[]]
    for word in _TOKEN.findall(bare(text)):
        if word == ";":
            statements.append([])
        else:
            statements[-1].append(word.upper())
    return [statement for statement in statements if statement]


def _require_reading(tokens: Sequence[str]) -> None:
    start = _start(tokens)
    first = tokens[start] if start < len(tokens) else tokens[-1]
    if first in _WRITES:
        raise UsageError(f"a query only reads; this one writes: {first}", remedy=_REMEDY)
    if first not in _BEGINNINGS:
        shown = " ".join(tokens[start : start + 2]) or first
        raise UsageError(f"a query only reads the store; {shown:.60} is refused", remedy=_REMEDY)
    for place, pair in enumerate(zip(tokens, [*tokens[1:], ""], strict=True)):
        if pair in _OUTSIDE and (pair != ("LOAD", "WITH") or tokens[place + 2 : place + 4] == ["HEADERS", "("]):
            raise UsageError(f"a query only reads the store; {' '.join(pair)} is refused", remedy=_REMEDY)
        if pair[0] == "CALL":
            _require_known_call(tokens, place)


def _start(tokens: Sequence[str]) -> int:
    """Return the place of a statement's first word, after ``CYPHER 5 runtime=slotted EXPLAIN``."""
    place = 0
    if tokens[0] == "CYPHER":
        place = 1
        while place < len(tokens) and (tokens[place].isdecimal() or tokens[place + 1 : place + 2] == ["="]):
            place += 1 if tokens[place].isdecimal() else 3
    while place < len(tokens) and tokens[place] in _PREFIXES:
        place += 1
    return place


def _require_known_call(tokens: Sequence[str], place: int) -> None:
    """Refuse a ``CALL`` at a place unless it is a subquery, or of what is known to read."""
    if place and tokens[place - 1] == ".":
        return  # a property of this name
    name: list[str] = []
    for token in tokens[place + 1 :]:
        is_part = token in (".", QUOTED) or token[0].isalnum() or token[0] == "_"
        if not is_part or (name and "." not in (token, name[-1])):
            break
        name.append(token)
    if not name or name[0] in _NO_PROCEDURE or name[0] == ".":
        return  # a subquery, or a name of somebody's own
    following = "".join(tokens[place + 1 + len(name) : place + 2 + len(name)])
    if following == "=":
        raise UsageError(
            f"a query only reads the store; the setting CALL {''.join(name).lower()} = is refused", remedy=_REMEDY
        )
    called = "".join(name).lower()
    if called not in _CALLED:
        raise UsageError(f"a query only reads the store; CALL {called:.60} is refused", remedy=_REMEDY)
