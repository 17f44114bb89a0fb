"""The rules of a replacement: what may be replaced, what goes, and what stays because a stored run names it.

After a replacement a data set holds what a load of the same tables into an empty store would make it hold. Nodes that
the tables lack and that a stored run of the data set names, as user, item or evidence, stay without their edges, so
that the run stays whole; the next replacement after the run is deleted removes them.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import pyarrow as pa
import pyarrow.compute as pc

from graphrec.errors import UsageError
from graphrec.store.difference import Difference, key_columns
from graphrec.store.merging import check_ends
from graphrec.tables.conform import shortened
from graphrec.tables.graph_tables import FROM, TO, GraphTables
from graphrec.wording import enumerated, share

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from graphrec.schema.elements import EdgeKind, GraphSchema, Property
    from graphrec.store.emptied import Emptied
    from graphrec.tables.records import DatasetInfo

MOST = 0.5
"""Share of a label's nodes, of a kind's edges, or of a column's values, beyond which they go only if asked."""

EXAMPLES = 3
"""Ids that an account names of each part."""


@dataclass(frozen=True)
class Replaced:
    """What a replacement took away.

    Attributes:
        removed: numbers of nodes and edges by label and kind.
        examples: up to three of them each: ids, and the two ends of edges.
        held: numbers of nodes, by label, that only stored runs name: they stay without edges.
        emptied: values that rows which stay lose, by label and kind, and by column; a name that falls back to the id
            is one.
        properties: declared properties that are declared no more, as ``Item.price``.
        overlays: ids of the overlays that went.
    """

    removed: Mapping[str, int] = field(default_factory=dict)
    examples: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    held: Mapping[str, int] = field(default_factory=dict)
    emptied: Mapping[str, Mapping[str, Emptied]] = field(default_factory=dict)
    properties: tuple[str, ...] = ()
    overlays: tuple[str, ...] = ()


class Comparison:
    """The stored data of a data set beside the tables that are to take its place.

    Args:
        target: with the schema's columns, and unique keys.
        stored: rows of the data set by label and kind.
        schema: of both.
        dropped: properties, by label or type, that are declared no more, or otherwise: they are told as such.

    Attributes:
        target: the same.
        differences: of each part that is stored or comes.
        surplus: the stored rows of each part whose keys the target lacks.
    """

    def __init__(
        self,
        target: GraphTables,
        stored: Iterable[tuple[str | EdgeKind, pa.Table]],
        schema: GraphSchema,
        dropped: Mapping[str, Sequence[str]],
    ) -> None:
        self.target = target
        self.differences = {
            part: Difference(table, key_columns(part, schema), dropped.get(_owner(part), ()))
            for part, table in target.parts()
        }
        surplus: dict[str | EdgeKind, list[pa.Table]] = {}
        for part, rows in stored:
            if part not in self.differences:
                self.differences[part] = Difference(None, key_columns(part, schema))
            strange = self.differences[part].without_target(rows)
            if strange.num_rows:
                surplus.setdefault(part, []).append(strange)
        self.surplus = {part: pa.concat_tables(several).unify_dictionaries() for part, several in surplus.items()}

    def surplus_ids(self) -> dict[str, pa.Array]:
        """Return the ids of the surplus nodes by label."""
        return {part: texts(rows.column("id")) for part, rows in self.surplus.items() if isinstance(part, str)}

    def replaced(self, held: Mapping[str, pa.Array], properties: Sequence[str], overlays: Sequence[str]) -> Replaced:
        """Return the account, once it is known which surplus nodes stored runs name, by label."""
        going = dict(self.surplus)
        for label, ids in held.items():
            rows = going[label]
            going[label] = rows.filter(pc.invert(pc.is_in(texts(rows.column("id")), value_set=ids)))
        going = {part: rows for part, rows in going.items() if rows.num_rows}
        return Replaced(
            {str(part): rows.num_rows for part, rows in going.items()},
            {str(part): _examples(part, rows) for part, rows in going.items()},
            {label: len(ids) for label, ids in held.items() if len(ids)},
            {str(part): emptied for part, one in self.differences.items() if (emptied := one.emptied.result())},
            tuple(properties),
            tuple(overlays),
        )

    def added(self) -> dict[str, int]:
        """Return how many rows of each part are not stored under their keys."""
        new = {}
        for part, difference in self.differences.items():
            table = self.target.nodes.get(part) if isinstance(part, str) else self.target.edges.get(part)
            new[str(part)] = (table.num_rows if table is not None else 0) - (difference.stored - difference.surplus)
        return {part: rows for part, rows in new.items() if rows}

    def refuse_most(self, replaced: Replaced, where: str) -> None:
        """Refuse to remove or empty most: a file that ends early or is another one looks like that.

        Raises:
            UsageError: more than half of the nodes of a label, of the edges of a kind, or of the values that a column
                has in rows that stay would go.
        """
        acts = {"remove": self._mostly_removed(replaced), "empty": self._mostly_emptied(replaced)}
        most = [f"{act} {'; '.join(sorted(parts))}" for act, parts in acts.items() if parts]
        if most:
            raise UsageError(
                f"the replacement would {enumerated(most)}",
                where=where,
                remedy="See whether the data is whole. If this is meant: --replace-most, in Python replace_most=True",
            )

    def _mostly_removed(self, replaced: Replaced) -> list[str]:
        parts = []
        for part, difference in self.differences.items():
            removed = replaced.removed.get(str(part), 0)
            if removed > MOST * difference.stored:
                examples = ", ".join(map(shortened, replaced.examples[str(part)]))
                parts.append(f"{share(removed, difference.stored)} {_noun(part)} {part}, such as {examples}")
        return parts

    def _mostly_emptied(self, replaced: Replaced) -> list[str]:
        return [
            f"the {column} of {share(values.gone, values.of)} {_noun(part)} {part} that have one"
            for part in self.differences
            for column, values in replaced.emptied.get(str(part), {}).items()
            if values.gone > MOST * values.of
        ]


def refuse_unreplaceable(info: DatasetInfo, own: Sequence[DatasetInfo], *, overlays: bool, where: str) -> list[str]:
    """Return the ids of the overlays that go with the replacement of a data set.

    Whose a row is, its data set's or an overlay's, a store does not know.

    Args:
        info: the record of the replacement.
        own: records of the data set and its overlays that are here.
        overlays: whether overlays may go.
        where: the store's name in messages.

    Raises:
        UsageError: it is an overlay, or has overlays that may not go.
    """
    if info.base:
        raise UsageError(
            f"{info.id!r} is an overlay, whose rows are among those of the data set {info.base!r}",
            where=where,
            remedy=f"Replace {info.base!r} with its overlays (--replace --overlays), then load this",
        )
    standing = [one.id for one in own if one.base]
    if standing and not overlays:
        raise UsageError(
            f"the data set {info.id!r} has the overlays {', '.join(standing)}, whose rows are among its own",
            where=where,
            remedy="Let them go with it, and load them again afterwards: --replace --overlays, in Python overlays=True",
        )
    return standing


def refuse_unbrought_ends(target: GraphTables) -> None:
    """Check that the ends of all edges come along.

    Raises:
        InputError: one does not; its id is named.
    """
    for kind, table in target.edges.items():
        ends = [
            texts(target.nodes[label].column("id")) if label in target.nodes else pa.array([], pa.string())
            for label in (kind.source, kind.target)
        ]
        check_ends(table, kind, ends[0], ends[1])


def undeclared(before: Iterable[DatasetInfo], info: DatasetInfo) -> dict[str, list[str]]:
    """Return the properties, by label or type, that records declare and the new record declares not, or otherwise."""
    after = {(owned_by, p.name, p.type) for owned_by, properties in info.declared.items() for p in properties}
    gone: dict[str, list[str]] = {}
    for one in before:
        for owned_by, properties in one.declared.items():
            names = gone.setdefault(owned_by, [])
            names += [p.name for p in properties if (owned_by, p.name, p.type) not in after and p.name not in names]
    return {owned_by: names for owned_by, names in gone.items() if names}


def listed(properties: Mapping[str, Sequence[str]]) -> list[str]:
    """Return properties by label or type as ``Item.price``."""
    return sorted(f"{owned_by}.{name}" for owned_by, names in properties.items() for name in names)


def without(
    declared: Mapping[str, Sequence[Property]], names: Mapping[str, Sequence[str]]
) -> dict[str, tuple[Property, ...]]:
    """Return declared properties, by label or type, but those of these names."""
    return {
        owned_by: tuple(p for p in properties if p.name not in names.get(owned_by, ()))
        for owned_by, properties in declared.items()
    }


def texts(ids: pa.ChunkedArray) -> pa.Array:
    """Return ids as one array of texts."""
    return pa.concat_arrays([pa.array([], pa.string()), *ids.cast(pa.string()).chunks])


def _noun(part: str | EdgeKind) -> str:
    return "nodes" if isinstance(part, str) else "edges"


def _owner(part: str | EdgeKind) -> str:
    return part if isinstance(part, str) else part.type


def _examples(part: str | EdgeKind, rows: pa.Table) -> tuple[str, ...]:
    keys = ["id"] if isinstance(part, str) else [FROM, TO]
    plain = pa.table({name: texts(rows.column(name)) for name in keys})
    first = plain.sort_by([(name, "ascending") for name in keys]).slice(0, EXAMPLES)
    return tuple(" → ".join(row.values()) for row in first.to_pylist())
