"""The rules of what may be loaded into a store: which data set beside others, and which tables."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pyarrow as pa

from graphrec.errors import InputError, SchemaError
from graphrec.loading.record import refuse_unusable_record
from graphrec.tables.conform import shortened
from graphrec.tables.families import belonging, family, longer_prefixes, next_generation, owner

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

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


def admitted(
    info: DatasetInfo, present: Sequence[DatasetInfo], where: str, *, replacing: bool = False
) -> tuple[DatasetInfo, DatasetInfo]:
    """Return the record of a load with what earlier ones said, and that of its base data set.

    Args:
        info: as the loader made it.
        present: records of what the store at ``where`` holds.
        where: its name in messages.
        replacing: whether what earlier loads declared is declared no more.

    Raises:
        InputError: a base data set whose prefix is taken or was another, an overlay whose base is not here, or a data
            set that was left half-removed.
    """
    refuse_misplaced(info, present, where)
    earlier = next((one for one in present if one.id == info.id), None)
    if earlier is not None and (earlier.base != info.base or (not info.base and earlier.prefix != info.prefix)):
        raise InputError(
            f"the data set {info.id!r} is here with another {'base' if earlier.base != info.base else 'id prefix'}",
            where=where,
            remedy="Give it another id, or the one that it had",
        )
    base = info if not info.base else next(one for one in present if one.id == info.base)
    half = [one for one in family(present, base.id) if one.status == "removing"]
    if half:
        raise InputError(
            f"the data set {half[0].id!r} was left half-removed",
            where=where,
            remedy=f"Remove it to its end first: graphrec remove {base.id}",
        )
    whole = _with_earlier(replace(info, prefix=base.prefix), earlier)
    if replacing:
        whole = replace(whole, declared=info.declared)
    return replace(whole, generation=next_generation(present, base.id)), base if info.base else whole


def _with_earlier(info: DatasetInfo, earlier: DatasetInfo | None) -> DatasetInfo:
    """Return the record of a load with what an earlier one said of the data set and this one leaves out.

    Declared properties add up; a name that is only the id, and no verb, leave the earlier ones. That a property
    declared again has its earlier type is the schema's question (``GraphSchema.with_declared``).
    """
    if earlier is None:
        return info
    declared = dict(earlier.declared)
    for owned_by, properties in info.declared.items():
        known = declared.get(owned_by, ())
        names = {p.name for p in known}
        declared[owned_by] = (*known, *(p for p in properties if p.name not in names))
    name = earlier.name if info.name == info.id else info.name
    return replace(info, name=name, verb=info.verb or earlier.verb, declared=declared)


def refuse_other_ids(tables: GraphTables, base: DatasetInfo, present: Sequence[DatasetInfo], where: str) -> None:
    """Check that the ids of all nodes belong to the data set that is loaded.

    Args:
        tables: nodes and edges; that the ends of edges are among the data set's nodes is checked elsewhere.
        base: the record of the base data set.
        present: records of what the store holds.
        where: its name in messages.

    Raises:
        InputError: an id belongs to another data set, or lacks the prefix.
    """
    datasets = [*(one for one in present if one.id != base.id), base]
    if not base.prefix and not longer_prefixes(datasets, base):
        return
    for label, nodes in tables.nodes.items():
        ids = nodes.column("id")
        strange = ids.filter(pa.array(~belonging(ids, datasets, base)))
        if len(strange):
            name = strange[0].as_py()
            other = owner(datasets, name)
            why = (
                f"does not begin with {base.prefix!r}, as ids of {base.id!r} do"
                if other is None or not name.startswith(base.prefix)
                else f"is an id of the data set {other.id!r}, whose ids begin with {other.prefix!r}"
            )
            raise InputError(
                f"the {label} id {shortened(name)} {why}",
                where=where,
                remedy="Load it with an id prefix of its own that no other id begins with: --option id_prefix=TEXT",
            )


def refuse_taken_prefix(
    base: DatasetInfo, present: Sequence[DatasetInfo], first_id: Callable[[str, Sequence[str]], str | None], where: str
) -> None:
    """Check that no node that is here has an id that would belong to a new data set.

    Args:
        base: its record.
        present: records of what the store holds.
        first_id: returns a node's id that begins with a prefix, and with none of others; None where there is none.
        where: the store's name in messages.

    Raises:
        InputError: there is one.
    """
    if not base.prefix or any(one.id == base.id for one in present):
        return
    found = first_id(base.prefix, longer_prefixes([*present, base], base))
    if found is not None:
        other = owner(present, found)
        whose = f"the data set {other.id!r} has" if other is not None else "the store has"
        raise InputError(
            f"{whose} ids that begin with {base.prefix!r}, such as {shortened(found)}, as ids of {base.id!r} do",
            where=where,
            remedy="Choose another id prefix: --option id_prefix=TEXT",
        )


def refuse_misplaced(info: DatasetInfo, present: Iterable[DatasetInfo], where: str) -> None:
    """Check that ``info`` may be loaded into the store at ``where``, which holds ``present``.

    Raises:
        InputError: a base data set with the prefix of another, an overlay whose base is not here, or a name that
            cannot be stored.
    """
    present = list(present)
    refuse_unusable_record(info, present)
    others = [other for other in present if not other.base and other.id != info.id]
    if info.base:
        if all(other.id != info.base for other in others):
            raise InputError(
                f"the overlay {info.id!r} belongs to the data set {info.base!r}, which is not here",
                where=where,
                remedy=f"Load {info.base!r} first",
            )
        return
    rivals = [other.id for other in others if other.prefix == info.prefix]
    if rivals:
        raise InputError(
            f"the store already holds the data set {rivals[0]!r}, whose ids may be the same as those of {info.id!r}",
            where=where,
            remedy="Load it with an id prefix of its own (--option id_prefix=TEXT), or into another store",
        )
