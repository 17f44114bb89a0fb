"""Selections as people write them: ``ITEM``, ``item:ID``, ``attribute:genre=Horror``, ``entity:ID``, ``factor:ID``.

An item's id may hold such a prefix: an id that is an item's always means the item, and ``item:`` says so explicitly.
``attribute:genre=Horror`` is short for ``attribute:item.genre=Horror``; ``attribute:user.gender=F`` is the user's own.
"""

from __future__ import annotations

from difflib import get_close_matches
from typing import TYPE_CHECKING

import pyarrow as pa
import pyarrow.compute as pc

from graphrec.errors import UnknownIdError, UsageError
from graphrec.explaining.input_groups import InputGroup
from graphrec.tables.conform import shortened

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from graphrec.dataset.ids import IdMap

FORMS = "ITEM, item:ID, attribute:genre=Horror, attribute:user.gender=F, entity:ID or factor:ID"
"""How selections look, for messages and help."""
COMPARED = 50_000
"""Ids that a wrong one is compared with for near spellings, at most."""


def group_ids(word: str, ids: pa.Array) -> pa.Array:
    """Return the text that names each group, such as ``attribute:item.genre=Horror``; ``parse_group`` reads it.

    Args:
        word: before the colon.
        ids: of the nodes behind it.
    """
    return pc.binary_join_element_wise(word, ids.cast(pa.string()), ":")


def parse_group(text: str, nodes: Mapping[str, IdMap]) -> InputGroup:
    """Return the group of inputs that a selection names.

    Args:
        text: as written.
        nodes: label → ids and names in the model's numbering; ``Factor`` where the model has factors.

    Raises:
        UnknownIdError: there is no such item, attribute, entity or factor; near spellings are named.
        UsageError: the text is empty, or names a factor of a model without factors.
    """
    item = _place(nodes["Item"], text)
    if item is not None:
        return InputGroup(text, "item", item)
    word, colon, rest = text.partition(":")
    if colon and rest:
        if word == "attribute":
            return _attribute(text, rest, nodes["Attribute"])
        if word == "factor" and not ("Factor" in nodes and len(nodes["Factor"])):
            raise UsageError("the model has no factors", where=text, remedy="Name items, an attribute or an entity")
        if word in ("entity", "factor"):
            ids = nodes[word.capitalize()]
            node = _place(ids, rest)
            if node is None:
                raise _unknown(ids, rest)
            return InputGroup(text, "entity" if word == "entity" else "factor", node)
    attribute = text if _place(nodes["Attribute"], text) is not None else f"item.{text}"
    if _place(nodes["Attribute"], attribute) is not None:
        raise UnknownIdError(f"there is no Item with id {shortened(text)}", remedy=f"Write attribute:{attribute}")
    return InputGroup(text, "item", parse_item(text, nodes["Item"]))


def parse_item(text: str, items: IdMap) -> int:
    """Return the position of the item that ``ITEM`` or ``item:ID`` names.

    Raises:
        UnknownIdError: there is no such item.
        UsageError: the text is empty.
    """
    if not text:
        raise UsageError("a selection is empty", remedy=f"Name {FORMS}")
    place = _place(items, text)
    explicit = text.removeprefix("item:")
    place = _place(items, explicit) if place is None else place
    if place is None:
        raise _unknown(items, explicit)
    return place


def _attribute(text: str, rest: str, attributes: IdMap) -> InputGroup:
    place = _place(attributes, rest)
    if place is None:
        place = _place(attributes, f"item.{rest}")
    if place is None:
        raise _unknown(attributes, rest)
    own = attributes.columns["owner"][place].as_py() == "user"
    return InputGroup(text, "user_attribute" if own else "item_attribute", place)


def _place(ids: IdMap, text: str) -> int | None:
    (place,) = ids.positions([text])
    return None if place < 0 else int(place)


def _unknown(ids: IdMap, text: str) -> UnknownIdError:
    """Return the error that names ids whose id or name is spelled like the text."""
    near = _near(ids, text)
    hint = f"Near to it: {', '.join(near)}" if near else _examples(ids)
    return UnknownIdError(f"there is no {ids.label} with id {shortened(text)}", remedy=hint)


def _examples(ids: IdMap) -> str:
    if not len(ids):
        return f"The model knows no {ids.label} at all"
    return f"{len(ids):,} are known, such as {', '.join(map(repr, _selections(ids, range(min(3, len(ids))))))}"


def _selections(ids: IdMap, places: Sequence[int]) -> list[str]:
    """Return what selects the nodes at some places; an item's id alone selects it."""
    chosen = ids.ids.take(pa.array(places, pa.int64()))
    selections: list[str] = (chosen if ids.label == "Item" else group_ids(ids.label.lower(), chosen)).to_pylist()
    return selections


def _near(ids: IdMap, text: str) -> list[str]:
    """Return what to write instead, with names: ids of that name, then of a near name, then near ids; 3 at most."""
    if not text:
        return []
    names = pc.fill_null(ids.columns["name"].cast(pa.string()), "")
    known = ids.ids.to_pylist()[:COMPARED]
    called = names.to_pylist()[:COMPARED]
    holding = pc.indices_nonzero(pc.match_substring(names[:COMPARED], text, ignore_case=True)).to_pylist()
    holding.sort(key=lambda place: len(called[place]))
    short = {value.partition(".")[2]: place for place, value in enumerate(known)} if ids.label == "Attribute" else {}
    spelled = {value: place for place, value in enumerate(known)}
    named = {value: place for place, value in enumerate(called)}
    places = [*holding[:3]]
    for table in (short, spelled, named):
        places += [table[value] for value in get_close_matches(text, table, n=3, cutoff=0.7)]
    chosen = list(dict.fromkeys(places))[:3]
    return [
        text + (f" ({called[place]})" if called[place] != known[place] else "")
        for place, text in zip(chosen, _selections(ids, chosen), strict=True)
    ]
