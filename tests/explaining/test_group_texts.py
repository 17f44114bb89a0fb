"""Selections as people write them."""

from __future__ import annotations

import pyarrow as pa
import pytest

from graphrec.dataset.ids import IdMap
from graphrec.errors import UnknownIdError, UsageError
from graphrec.explaining.group_texts import group_ids, parse_group, parse_item

NODES = {
    "Item": IdMap.of("Item", ["1", "entity:9", "attribute:genre=Horror", "item:1"], name=["Alien", "b", "c", "d"]),
    "Attribute": IdMap.of(
        "Attribute",
        ["item.genre=Horror", "user.gender=F", "item.user.x=1", "item.genre=Film-Noir"],
        name=["Horror", "F", "1", "Film-Noir"],
        owner=["item", "user", "item", "item"],
        kind=["genre", "gender", "user.x", "genre"],
    ),
    "Entity": IdMap.of("Entity", ["9", "dbr:Ridley_Scott"], name=["nine", "Ridley Scott"]),
}
WITH_FACTORS = {
    **NODES,
    "Factor": IdMap.of("Factor", ["fit/item-1"], name=["jazz"], kind=["factor"], index=pa.array([0])),
}


@pytest.mark.parametrize(
    ("text", "kind", "node"),
    [
        ("1", "item", 0),
        ("item:1", "item", 3),  # an item has this very id, and an existing item wins
        ("item:entity:9", "item", 1),
        ("entity:9", "item", 1),
        ("entity:dbr:Ridley_Scott", "entity", 1),
        ("attribute:genre=Horror", "item", 2),
        ("attribute:item.genre=Horror", "item_attribute", 0),
        ("attribute:genre=Film-Noir", "item_attribute", 3),
        ("attribute:user.gender=F", "user_attribute", 1),
        ("attribute:user.x=1", "item_attribute", 2),
        ("factor:fit/item-1", "factor", 0),
    ],
)
def test_what_a_selection_names(text: str, kind: str, node: int) -> None:
    group = parse_group(text, WITH_FACTORS)
    assert (group.text, group.kind, group.node) == (text, kind, node)
    assert group.label == {"item": "Item", "entity": "Entity", "factor": "Factor"}.get(kind, "Attribute")


@pytest.mark.parametrize(("label", "kind"), [("Attribute", None), ("Entity", "entity"), ("Factor", "factor")])
def test_the_id_of_a_group_selects_it(label: str, kind: str | None) -> None:
    ids = group_ids(label.lower(), WITH_FACTORS[label].ids).to_pylist()
    without_items = {**WITH_FACTORS, "Item": IdMap.of("Item", ["1"], name=["Alien"])}
    parsed = [parse_group(text, without_items) for text in ids]
    assert [(group.text, group.node) for group in parsed] == [(text, place) for place, text in enumerate(ids)]
    owners = WITH_FACTORS["Attribute"].columns["owner"].to_pylist()
    kinds = [kind] * len(ids) if kind else [f"{owner}_attribute" for owner in owners]
    assert [group.kind for group in parsed] == kinds


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("Alien", r"no Item with id 'Alien'. Near to it: 1 \(Alien\)"),
        ("2", "no Item with id '2'. 4 are known, such as '1'"),
        ("item:77", "no Item with id '77'"),
        ("attribute:genre=Horor", r"no Attribute with id 'genre=Horor'. Near to it: attribute:item.genre=Horror \(Hor"),
        ("attribute:gender=F", "Near to it: attribute:user.gender=F"),
        ("genre=Film-Noir", "no Item with id 'genre=Film-Noir'. Write attribute:item.genre=Film-Noir"),
        ("user.gender=F", "Write attribute:user.gender=F"),
        ("entity:Ridley Scott", r"Near to it: entity:dbr:Ridley_Scott \(Ridley Scott\)"),
        ("entity:", "no Item with id 'entity:'"),
        ("factor:jazz", r"Near to it: factor:fit/item-1 \(jazz\)"),
        ("director:Lang", "no Item with id 'director:Lang'"),
    ],
)
def test_an_unknown_id_is_told_with_what_is_near(text: str, message: str) -> None:
    with pytest.raises(UnknownIdError, match=message):
        parse_group(text, WITH_FACTORS)


def test_a_model_without_factors_and_an_empty_selection_are_refused() -> None:
    with pytest.raises(UsageError, match="the model has no factors"):
        parse_group("factor:fit/item-1", NODES)
    for parse in (lambda: parse_group("", NODES), lambda: parse_item("", NODES["Item"])):
        with pytest.raises(UsageError, match="a selection is empty"):
            parse()


def test_an_added_item_is_named_by_an_item_alone() -> None:
    assert [parse_item(text, NODES["Item"]) for text in ("1", "item:1", "item:entity:9")] == [0, 3, 1]
    with pytest.raises(UnknownIdError, match=r"no Item with id 'attribute:user\.gender=F'"):
        parse_item("attribute:user.gender=F", NODES["Item"])


def test_data_without_entities_says_so() -> None:
    with pytest.raises(UnknownIdError, match="knows no Entity at all"):
        parse_group("entity:x", {**NODES, "Entity": IdMap.of("Entity", [])})
