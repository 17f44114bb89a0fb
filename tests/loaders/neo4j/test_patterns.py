"""Paths of a mapping: what they may be, and what becomes of them in a statement."""

from __future__ import annotations

import pytest

from graphrec.loaders.neo4j.patterns import Hop, Node, parse

ORDERS = "(:Customer)-[:PLACED]->(o:Order)<-[c:`PART OF`|OF]-()-[:NEAR]-( p:`A``B` )"


def test_a_path_and_its_statement() -> None:
    pattern = parse(ORDERS)
    assert pattern.nodes == (Node("", "Customer"), Node("o", "Order"), Node("", ""), Node("p", "A`B"))
    assert pattern.hops == (
        Hop("", ("PLACED",), "->"), Hop("c", ("PART OF", "OF"), "<-"), Hop("", ("NEAR",), "-"),
    )  # fmt: skip
    assert (pattern.source, pattern.target, pattern.last) == ("Customer", "A`B", "n3")
    assert pattern.cypher() == (
        "(n0:`Customer`)-[r0:`PLACED`]->(n1:`Order`)<-[r1:`PART OF`|`OF`]-(n2)-[r2:`NEAR`]-(n3:`A``B`)"
    )
    assert pattern.cypher(1) == "(n0:`Customer`)-[r0:`PLACED`]->(n1:`Order`)"
    assert str(pattern) == "(:Customer)-[:PLACED]->(:Order)<-[:`PART OF`|OF]-()-[:NEAR]-(:`A``B`)"
    assert parse(str(pattern)).cypher() == pattern.cypher()


def test_whose_property_is_meant() -> None:
    pattern = parse(ORDERS)
    assert [pattern.reference(text) for text in ("o.at", "c.a.b", "p.x`y")] == ["n1.`at`", "r1.`a.b`", "n3.`x``y`"]
    assert pattern.reference("name", of_end=True) == "n3.`name`"
    assert [pattern.own_name(text) for text in ("o.at", "q.at", "at")] == ["at", "q.at", "at"]
    with pytest.raises(ValueError, match="'at' does not say whose property it is"):
        pattern.reference("at")
    one = parse("(:A)-[:B]->(:C)")
    assert (one.reference("stars"), one.reference("q.at")) == ("r0.`stars`", "r0.`q.at`")
    with pytest.raises(ValueError, match="holds a backslash"):
        one.reference("a\\u0060")


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "a node is expected at ''"),
        ("(:A)", "it has no relationship"),
        ("(:A)-->(:B)", "a relationship is expected at '-->"),
        ("(:A)-[:X]->", "a node is expected at ''"),
        ("()-[:X]->(:B)", "both its ends need a label"),
        ("(:A)-[:X]->(b)", "both its ends need a label"),
        ("(a:A)-[a:X]->(:B)", "two of its parts are called 'a'"),
        ("(:A {id: 1})-[:X]->(:B)", r"a node is expected at '\(:A"),
        ("(:A:B)-[:X]->(:B)", "a node is expected"),
        ("(:A)-[:X]->(:B) RETURN 1", "a relationship is expected at 'RETURN 1'"),
        ("(:`A\nB`)-[:X]->(:B)", "holds a control character"),
        ("(:` `)-[:X]->(:B)", "is empty"),
    ],
)
def test_other_forms_are_refused(text: str, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        parse(text)
