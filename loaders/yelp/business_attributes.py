"""What businesses offer: Yelp's nested ``attributes`` as attributes of items.

A truth value becomes the kind ``amenity`` where it holds, such as “outdoor seating”; what is not offered is no reason.
An object of truth values, such as ``Ambience``, becomes one attribute of its own kind for each that holds; any other
value is an attribute of its own kind, such as “noise level: quiet”. Most values are written as Python writes them.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import TYPE_CHECKING, Any

import pyarrow as pa
import pyarrow.compute as pc

from graphrec.loading.json_values import object_of, text_of
from graphrec.loading.review_blocks import blocks_of
from graphrec.loading.sound_text import sound_strings

if TYPE_CHECKING:
    from pathlib import Path

    from graphrec.loading.attributes import AttributeTables
    from graphrec.loading.contract import LoaderReport

AMENITY = "amenity"
_AT_ONCE = 20_000
_BETWEEN_WORDS = re.compile(r"(?<=[a-z])(?=[A-Z0-9])|(?<=[A-Z])(?=[A-Z][a-z])|(?<=[0-9])(?=[A-Z])")
_PREFIX = re.compile(r"^(Restaurants|Business)(?=[A-Z])")
_QUOTED = re.compile(r"u?'(.*)'|u?\"(.*)\"", re.DOTALL)
_NOTHING = ("", "none", "no", "false")


def add_attributes(path: Path, ids: pa.Array, attributes: AttributeTables, report: LoaderReport) -> None:
    """Add what the businesses of some ids offer.

    Args:
        path: business.json.
        ids: strings.
        attributes: receives them.
        report: receives a remark on what has another form.

    Raises:
        InputError: the file is cut short or damaged.
    """
    of_kind: dict[str, tuple[list[pa.Array], list[pa.Array]]] = {}
    strange = 0
    for block in blocks_of(path, ("business_id", "attributes"), _AT_ONCE):
        owners, offered = block.columns
        strange += sum(not isinstance(value, dict) and value is not None for value in offered)
        rows: dict[str, tuple[list[str], list[str]]] = {}
        for owner, value in zip(owners, offered, strict=True):
            for name, given in value.items() if isinstance(value, dict) else ():
                for kind, text in _told(name, given if isinstance(given, dict) else text_of(given)):
                    of_rows = rows.setdefault(kind, ([], []))
                    of_rows[0].append(text_of(owner))
                    of_rows[1].append(text)
        for kind, (names, texts) in rows.items():
            known = sound_strings(names)[0]
            here = pc.is_in(known, value_set=ids)
            of_block = of_kind.setdefault(kind, ([], []))
            of_block[0].append(known.filter(here))
            of_block[1].append(sound_strings(texts)[0].filter(here))
    for kind, (owner_parts, text_parts) in of_kind.items():
        attributes.add("item", kind, pa.chunked_array(owner_parts), pa.chunked_array(text_parts))
    if strange:
        report.remarks.append(f"{path.name}: the attributes of {strange:,} businesses are no object and left out")


def _told(name: str, value: str | dict[str, Any]) -> tuple[tuple[str, str], ...]:
    """Return kinds and values of one entry."""
    if isinstance(value, str):
        return _of_text(name, value)
    return tuple((words(name), words(key)) for key, holds in value.items() if text_of(holds).lower() == "true")


@lru_cache(maxsize=10_000)
def _of_text(name: str, written: str) -> tuple[tuple[str, str], ...]:
    text = written.strip()
    if text.startswith("{"):
        return _told(name, object_of(text) or {})
    quoted = _QUOTED.fullmatch(text)
    text = (quoted[1] or quoted[2] or "") if quoted else text
    if text.lower() == "true":
        return ((AMENITY, words(name)),)
    return () if text.lower() in _NOTHING else ((words(name), text.replace("_", " ")),)


def words(name: str) -> str:
    """Return ``price range`` for ``RestaurantsPriceRange2``: words in small letters, capitals where all are."""
    parts = _BETWEEN_WORDS.split(_PREFIX.sub("", name.replace("WiFi", "Wifi")))
    kept = parts[:-1] if len(parts) > 1 and parts[-1].isdigit() else parts
    return " ".join(part if len(part) > 1 and part.isupper() else part.lower() for part in kept)
