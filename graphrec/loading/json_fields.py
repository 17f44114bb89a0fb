"""The fields that lines of JSON have, and the refusal of one that was named and is on none of them."""

from __future__ import annotations

from difflib import get_close_matches
from typing import TYPE_CHECKING

import pyarrow as pa
import pyarrow.compute as pc

from graphrec.errors import InputError
from graphrec.loading.files import open_bytes
from graphrec.loading.json_values import object_of
from graphrec.loading.missing import null_for_empty
from graphrec.loading.sound_text import printable

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence
    from pathlib import Path

_NEAR = 3
_SHOWN = 20


def refuse_absent_fields(path: Path, table: pa.Table, optional: Collection[str] | None = None) -> list[str]:
    """Raise InputError if a column has no value because no line has a field of its name.

    A field that is there and null or empty on every line is no mistake. The file is read again only where a column has
    no value, and only as far as the fields are not found.

    Args:
        path: a file of JSON lines that could be read.
        table: what was read of it, each column called as its field.
        optional: fields that every line may be without; None where nothing can say so.

    Returns:
        The optional fields that no line has.
    """
    absent = [name for name in table.column_names if not _has_values(table.column(name))]
    found: set[str] = set()
    if not absent:
        return []
    with open_bytes(path) as file:
        for line in file:
            row = object_of(line.decode().removeprefix("\ufeff")) or {}
            found.update(row)
            absent = [name for name in absent if name not in row]
            if not absent:
                return []
    wrong = [name for name in absent if name not in (optional or ())]
    if wrong:
        raise absent_field_error(path, wrong[0], sorted(found), may_be_optional=optional is not None)
    return absent


def absent_field_error(path: Path, name: str, found: Collection[str], *, may_be_optional: bool = False) -> InputError:
    """Return the error for a field that no line has, with the nearest of those that are there.

    Args:
        path: the file.
        name: the field.
        found: the fields that some line has.
        may_be_optional: whether a mapping can say that lines may be without it.
    """
    remedy = _remedy(name, list(found))
    if may_be_optional and name.partition(".")[0] not in found:
        remedy += f'. If a day\'s file may be without it, say optional = ["{name}"]'
    return InputError(f"no line has the field {name!r}", where=str(path), remedy=remedy)


def _remedy(name: str, found: Sequence[str]) -> str:
    outer, dot, _ = name.partition(".")
    if dot and outer in found:
        return f"Fields within {printable(outer)!r} are not read; write the value into a field of its own"
    near = get_close_matches(name, found, n=_NEAR)
    hint = f"Did you mean {' or '.join(map(printable, near))}? " if near else ""
    return f"{hint}Fields found: {', '.join(map(printable, found[:_SHOWN]))}. Rename the one that is meant"


def _has_values(values: pa.ChunkedArray) -> bool:
    if pa.types.is_list(values.type):
        values = pc.list_flatten(values)
    return bool(pc.any(null_for_empty(values).is_valid()).as_py())
