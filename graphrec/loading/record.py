"""The check of a data set's record: its names, and the properties that it declares."""

from __future__ import annotations

from typing import TYPE_CHECKING

from graphrec.errors import InputError
from graphrec.schema.naming import refuse_unusable_names, text_fault
from graphrec.schema.property_graph import SCHEMA

if TYPE_CHECKING:
    from collections.abc import Iterable

    from graphrec.tables.records import DatasetInfo


def refuse_unusable_record(info: DatasetInfo, present: Iterable[DatasetInfo] = ()) -> None:
    """Check that a data set's names and declared properties can be stored in every engine.

    Args:
        info: the record.
        present: the records of the data sets beside it, whose declared properties are there already.

    Raises:
        InputError: its id or name is empty, too long or not printable, or it is an overlay of itself.
        SchemaError: a declared property has a name that cannot be stored.
    """
    for role, text in (("id", info.id), ("name", info.name), ("base's id", info.base), ("id prefix", info.prefix)):
        fault = text_fault(text)
        if fault and (text or role in ("id", "name")):
            raise InputError(
                f"the data set's {role} {text[:60]!r} {fault}", remedy="Give it a short name of printable characters"
            )
    _refuse_prefix_of_attributes(info.prefix)
    if info.base == info.id:
        raise InputError(
            f"the data set {info.id!r} is an overlay of itself", remedy="Give the overlay an id of its own"
        )
    schema = SCHEMA
    for other in present:
        schema = schema.with_declared(other.declared)
    refuse_unusable_names(schema, info.declared, where=f"data set {info.id}")


def _refuse_prefix_of_attributes(prefix: str) -> None:
    """Refuse an id prefix that ids of attributes begin with, such as ``item.``: it would claim those of others."""
    for start in ("item.", "user."):
        if prefix and (prefix.startswith(start) or start.startswith(prefix)):
            raise InputError(
                f"the id prefix {prefix!r} is the beginning of ids of attributes, such as '{start}kind=value'",
                remedy="Choose another, such as 'second:'",
            )
