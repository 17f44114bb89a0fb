"""The writing and reading statements of labels and edge kinds, derived from the schema.

The fastest shape that was found for edges: the distinct ends of a batch are matched once each and collected into two
lists; an edge is then two positions in them and its place in the property columns. Nothing is looked up twice, and what
travels is integers in columns instead of ids in rows (``benchmarks/neo4j_load.py`` measures it beside a bare loop).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from graphrec.schema.neo4j import quote
from graphrec.tables.graph_tables import FROM, TO

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from graphrec.schema.elements import EdgeKind, RelationshipType


EDGE = "edge."
"""Begin of the names of the parameters that hold the properties of edges."""


def write_nodes(label: str, columns: Sequence[str], *, merge: bool) -> str:
    """Return a statement that takes one list for each of ``columns``, the id among them, and writes a node a row.

    Merging, a node that is there gets these properties, nulls included.
    """
    if merge:
        sets = "".join(f" SET n.{quote(name)} = ${quote(name)}[k]" for name in columns if name != "id")
        return f"{_each('id')} MERGE (n:{quote(label)} {{id: $id[k]}}){sets} RETURN count(*) AS written"
    return f"{_each('id')} CREATE (n:{quote(label)} {_map(columns)}) RETURN count(*) AS written"


def write_edges(kind: EdgeKind, relationship: RelationshipType, columns: Sequence[str], *, merge: bool) -> str:
    """Return a statement that writes one edge a row; merging, an edge that is there gets these properties.

    Its parameters: ``sources`` and ``targets``, distinct ids; ``from`` and ``to``, positions in them; and one list for
    each of ``columns``, called ``edge.COLUMN``, since a column may be called ``sources``. It returns how many of each
    it found, and how many edges it wrote.
    """
    if merge:
        others = [name for name in columns if name not in relationship.key]
        sets = "".join(f" SET e.{quote(name)} = ${quote(EDGE + name)}[k]" for name in others)
        write = f"MERGE (a)-[e:{quote(kind.type)} {_map(relationship.key, EDGE)}]->(b){sets}"
    else:
        write = f"CREATE (a)-[:{quote(kind.type)} {_map(columns, EDGE)}]->(b)"
    return f"{_ends_of_rows(kind)} {write} {_COUNTS}"


def delete_edges(kind: EdgeKind, relationship: RelationshipType) -> str:
    """Return a statement that removes one edge a row; parameters and counts as for ``write_edges``, of its key."""
    key = "".join(f" AND e.{quote(name)} = ${quote(EDGE + name)}[k]" for name in relationship.key)
    found = f"MATCH (a)-[e:{quote(kind.type)}]->(b) WHERE true{key}"
    return f"{_ends_of_rows(kind)} {found} DELETE e {_COUNTS}"


def delete_nodes(label: str) -> str:
    """Return a statement that removes the nodes of a label whose ids ``$id`` lists, with what hangs on them."""
    return f"{_each('id')} MATCH (n:{quote(label)} {{id: $id[k]}}) DETACH DELETE n RETURN count(*) AS written"


def remove_property(owned_by: str, name: str, *, node: bool) -> str:
    """Return a statement that removes a property of a data set's nodes or edges, in transactions of bounded size.

    Its parameters: ``prefix`` of the ids of the data set, and ``others``, longer prefixes, of other data sets.

    Args:
        owned_by: label, or type of relationships.
        name: of the property.
        node: whether nodes have it.
    """
    found = f"(n:{quote(owned_by)})" if node else f"(n)-[x:{quote(owned_by)}]->()"
    thing = "n" if node else "x"
    own = "n.id STARTS WITH $prefix AND none(other IN $others WHERE n.id STARTS WITH other)"
    removal = f"CALL {{ WITH {thing} REMOVE {thing}.{quote(name)} }} IN TRANSACTIONS OF 10000 ROWS"
    return f"MATCH {found} WHERE {thing}.{quote(name)} IS NOT NULL AND {own} {removal}"


def nodes_of_runs(label: str) -> str:
    """Return a statement that reads which of the nodes that ``$ids`` lists recommendations or factors hang on."""
    named = "EXISTS { (n)--(:Recommendation) } OR EXISTS { (n)-[:BELONGS_TO]->(:Factor) }"
    return f"UNWIND $ids AS id MATCH (n:{quote(label)} {{id: id}}) WHERE {named} RETURN n.id AS id"


def _ends_of_rows(kind: EdgeKind) -> str:
    ends = f"{collect(kind.source, 'sources')} {collect(kind.target, 'targets')}"
    row = f"sources[${quote(FROM)}[k]] AS a, targets[${quote(TO)}[k]] AS b, k"
    return f"{ends} {_each(FROM)} WITH sources, targets, {row}"


_COUNTS = "RETURN size(sources) AS sources, size(targets) AS targets, count(*) AS written"


def collect(label: str, parameter: str) -> str:
    """Return a clause that matches the nodes whose ids ``parameter`` lists, and collects them in that order."""
    ids = f"${quote(parameter)}"
    return (
        f"CALL {{ UNWIND range(0, size({ids}) - 1) AS k MATCH (n:{quote(label)} {{id: {ids}[k]}}) "
        f"WITH n ORDER BY k RETURN collect(n) AS {quote(parameter)} }}"
    )


def write_recommendations(
    evidence: Sequence[str], columns: Sequence[str], reason_columns: Mapping[str, Sequence[str]]
) -> str:
    """Return a statement that writes recommendations with all that hangs on them, in one go.

    Its parameters: ``users`` and ``items``, distinct ids; ``user_at`` and ``item_at``, positions in them; one list for
    each of ``columns``; and for each label of ``evidence`` a map ``reasons_LABEL`` of columns, with ``ids``, the
    distinct evidence, ``at``, positions in it, ``to``, positions of the recommendations, and the properties.

    Args:
        evidence: labels of the nodes that reasons come from.
        columns: properties of the recommendations.
        reason_columns: by label, properties of the reasons.
    """
    ends = f"{collect('User', 'users')} {collect('Item', 'items')}"
    recommend = (
        "MATCH (run:Run {id: $run_id}) CALL { WITH users, items, run "
        "UNWIND range(0, size($user_at) - 1) AS k "
        "WITH users[$user_at[k]] AS u, items[$item_at[k]] AS i, run, k "
        f"CREATE (u)-[:RECEIVED]->(r:Recommendation {_map(columns)})-[:SUGGESTS]->(i), (r)-[:FROM_RUN]->(run) "
        "WITH r ORDER BY k RETURN collect(r) AS recommendations }"
    )
    parts = [_write_reasons(label, reason_columns[label]) for label in evidence]
    counts = ", ".join(
        [
            "size(users) AS users, size(items) AS items, size(recommendations) AS recommendations",
            *(f"found_{label} AS found_{label}, wrote_{label} AS wrote_{label}" for label in evidence),
        ]
    )
    return f"{ends} {recommend} {' '.join(parts)} RETURN {counts}"


def _write_reasons(label: str, columns: Sequence[str]) -> str:
    reasons = f"$reasons_{label}"
    properties = ", ".join(f"{quote(name)}: {reasons}.{quote(name)}[k]" for name in columns)
    return (
        f"CALL {{ UNWIND range(0, size({reasons}.ids) - 1) AS k MATCH (n:{quote(label)} {{id: {reasons}.ids[k]}}) "
        f"WITH n ORDER BY k RETURN collect(n) AS nodes_{label} }} "
        f"CALL {{ WITH recommendations, nodes_{label} UNWIND range(0, size({reasons}.at) - 1) AS k "
        f"WITH nodes_{label}[{reasons}.at[k]] AS n, recommendations[{reasons}.to[k]] AS r, k "
        f"CREATE (n)-[:EXPLAINS {{{properties}}}]->(r) RETURN count(*) AS wrote_{label} }} "
        f"WITH *, size(nodes_{label}) AS found_{label}"
    )


def read_nodes(label: str, columns: Sequence[str], *, one: bool = False) -> str:
    """Return a statement that reads the columns of all nodes of a label, or of the one whose id is ``$id``."""
    returned = ", ".join(f"n.{quote(name)} AS {quote(name)}" for name in columns)
    return f"MATCH (n:{quote(label)}{' {id: $id}' if one else ''}) RETURN {returned}"


def read_edges(kind: EdgeKind, columns: Sequence[str], *, one: bool = False) -> str:
    """Return a statement that reads the edges of a kind, or those of the one source whose id is ``$id``.

    It gives one row for each source: its id, then lists of equal length. A row for each edge would cost the driver a
    record for each edge. The relationships are collected, and their properties taken from the list, because collecting
    a property would skip its nulls.
    """
    lists = "".join(f", [e IN edges | e.{quote(name)}]" for name in columns)
    return (
        f"MATCH (a:{quote(kind.source)}{' {id: $id}' if one else ''})-[e:{quote(kind.type)}]->(b:{quote(kind.target)}) "
        f"WITH a, collect(e) AS edges, collect(b) AS targets RETURN a.id, [b IN targets | b.id]{lists}"
    )


def read_nodes_named(label: str, columns: Sequence[str]) -> str:
    """Return a statement that reads the nodes whose ids ``$ids`` lists and that are there: one row of lists."""
    lists = ", ".join(f"[n IN nodes | n.{quote(name)}] AS {quote(name)}" for name in columns)
    return f"UNWIND $ids AS id MATCH (n:{quote(label)} {{id: id}}) WITH collect(n) AS nodes RETURN {lists}"


def read_edges_between(kind: EdgeKind, columns: Sequence[str]) -> str:
    """Return a statement that reads all edges of a kind between pairs of nodes: one row of lists.

    Its parameters: ``sources``, ``targets``, ``from`` and ``to`` as for ``write_edges``, each pair once. The first list
    says of each edge which pair it is of.
    """
    lists = "".join(f", [e IN edges | e.{quote(name)}] AS {quote(EDGE + name)}" for name in columns)
    found = f"MATCH (a)-[e:{quote(kind.type)}]->(b) WITH collect(k) AS at, collect(e) AS edges"
    return f"{_ends_of_rows(kind)} {found} RETURN at{lists}"


def _each(parameter: str) -> str:
    return f"UNWIND range(0, size(${quote(parameter)}) - 1) AS k"


def _map(columns: Sequence[str], prefix: str = "") -> str:
    return "{" + ", ".join(f"{quote(name)}: ${quote(prefix + name)}[k]" for name in columns) + "}"
