"""The rules of what may be loaded into a store: which data set beside others, and which tables."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from graphrec.errors import InputError, SchemaError
from graphrec.loading.record import refuse_unusable_record

if TYPE_CHECKING:
    from collections.abc import Iterable

    from graphrec.schema.elements import GraphSchema
    from graphrec.tables.graph_tables import GraphTables
    from graphrec.tables.records import DatasetInfo


def refuse_foreign(tables: GraphTables, schema: GraphSchema) -> None:
    """Make sure that all tables are data, of a label or kind that loaders may write.

    Raises:
        SchemaError: a label or kind is unknown, or belongs to runs or to the store's own records.
    """
    names = [name for name in tables.nodes if name == "Dataset" or schema.label(name).part != "data"]
    names += [str(kind) for kind in tables.edges if schema.check_kind(kind).part != "data"]
    if names:
        raise SchemaError(f"{names[0]} is not loaded as data", remedy="graphrec writes it itself; leave it out")


def with_earlier(info: DatasetInfo, earlier: DatasetInfo | None) -> DatasetInfo:
    """Return the record of a load with what an earlier one said of the data set and this one leaves out.

    Declared properties add up; a name that is only the id, and no verb, leave the earlier ones. That a property
    declared again has its earlier type is the schema's question (``GraphSchema.with_declared``).
    """
    if earlier is None:
        return info
    declared = dict(earlier.declared)
    for owner, properties in info.declared.items():
        known = declared.get(owner, ())
        names = {p.name for p in known}
        declared[owner] = (*known, *(p for p in properties if p.name not in names))
    name = earlier.name if info.name == info.id else info.name
    return replace(info, name=name, verb=info.verb or earlier.verb, declared=declared)


def refuse_misplaced(info: DatasetInfo, present: Iterable[DatasetInfo], where: str) -> None:
    """Check that ``info`` may be loaded into the store at ``where``, which holds ``present``.

    Raises:
        InputError: a second base data set whose ids may be those of the first, or an overlay whose base is not here; a
            name that cannot be stored.
    """
    present = list(present)
    refuse_unusable_record(info, present)
    bases = [other for other in present if not other.base and other.id != info.id]
    if info.base:
        if all(other.id != info.base for other in bases):
            raise InputError(
                f"the overlay {info.id!r} belongs to the data set {info.base!r}, which is not here",
                where=where,
                remedy=f"Load {info.base!r} first",
            )
        return
    rivals = [other.id for other in bases if other.prefix == info.prefix or not info.prefix]
    if rivals:
        raise InputError(
            f"the store already holds the data set {rivals[0]!r}, whose ids may be the same as those of {info.id!r}",
            where=where,
            remedy="Load it with an id prefix of its own, or into another store",
        )
