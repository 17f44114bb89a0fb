"""Items and users of data frames: their nodes and attributes."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import pyarrow as pa
import pyarrow.compute as pc

from graphrec.errors import InputError, UsageError
from graphrec.loading.frame_attributes import attributes_in_rows
from graphrec.loading.frame_columns import Frame
from graphrec.loading.frame_rows import RowFilter
from graphrec.loading.missing import null_for_empty, without_missing
from graphrec.loading.nodes import node_table
from graphrec.loading.signals.ruled_attributes import add_by_rule
from graphrec.schema.elements import RelationshipType
from graphrec.schema.naming import property_fault, text_fault
from graphrec.schema.property_graph import SCHEMA

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from graphrec.loading.attributes import AttributeTables, Owner
    from graphrec.loading.contract import LoaderReport
    from graphrec.loading.frame_attributes import FrameAttribute
    from graphrec.loading.frame_columns import FrameLike
    from graphrec.schema.elements import NodeLabel, Property

_ID, _NAME = "\0id", "\0name"
"""Names of columns that no property can have."""


@dataclass(frozen=True)
class FrameNodes:
    """The roles of the columns of the items or users, which stand in one frame or in several.

    Attributes:
        owner: item or user.
        data: the frame, or several, of which each has some of the columns.
        id: column of ids, in each.
        name: column of what a person reads.
        attributes: what is said of the columns of attributes.
        properties: columns that describe one node.
        missing: texts that mean that nothing is known.
    """

    owner: Owner
    data: FrameLike | Sequence[FrameLike] | None
    id: str
    name: str | None
    attributes: Mapping[str, FrameAttribute]
    properties: Sequence[str]
    missing: tuple[str, ...]

    def read(
        self, label: str, mentioned: pa.ChunkedArray, attributes: AttributeTables, report: LoaderReport
    ) -> tuple[pa.Table, tuple[Property, ...]]:
        """Return the nodes and their declared properties; add their attributes."""
        frames = self._frames()
        if not frames:
            return node_table(pa.array([], pa.string()), None, mentioned, report, label=label), ()
        refuse_reserved(names_of(self.properties), SCHEMA.label(label), frames[0])
        _refuse_unnamed([said.column.kind or column for column, said in self.attributes.items()], frames[0])
        self._require_columns(frames)
        described: list[pa.Table] = []
        declared: dict[str, Property] = {}
        for frame in frames:
            table, properties = self._described(frame, mentioned, attributes, report)
            described.append(table)
            for own in properties:
                if declared.setdefault(own.name, own) != own:
                    raise InputError(
                        f"the property {own.name!r} is {own.type.value} here and {declared[own.name].type.value} in "
                        f"another frame of the {self.owner}s",
                        where=frame.name,
                        remedy="Convert one of the columns first, or rename it",
                    )
        nodes = pa.concat_tables(described, promote_options="default")
        more = {column: nodes.column(column) for column in declared}
        names = nodes.column(_NAME) if _NAME in nodes.column_names else None
        table = node_table(nodes.column(_ID), names, mentioned, report, label=label, properties=more)
        return table, tuple(declared.values())

    def _frames(self) -> list[Frame]:
        if self.data is None:
            return []
        if not isinstance(self.data, (list, tuple)):
            return [Frame(self.data, f"{self.owner}s")]  # type: ignore[arg-type]
        return [Frame(data, f"{self.owner}s[{place}]") for place, data in enumerate(self.data)]

    def _require_columns(self, frames: Sequence[Frame]) -> None:
        """Raise InputError if a column is in none of the frames; that of ids must be in each."""
        for frame in frames:
            frame.require([self.id])
        kinds = [said.column.kind_column for said in self.attributes.values()]
        named = (*filter(None, (self.name, *kinds)), *self.attributes, *names_of(self.properties))
        for column in named:
            if not any(column in frame.columns for frame in frames):
                frames[0].require([column])

    def _described(
        self, frame: Frame, mentioned: pa.ChunkedArray, attributes: AttributeTables, report: LoaderReport
    ) -> tuple[pa.Table, tuple[Property, ...]]:
        """Return ids, names and properties of one frame, and what it declares; add its attributes."""
        here = {column: said for column, said in self.attributes.items() if column in frame.columns}
        name = self.name if self.name is not None and self.name in frame.columns else None
        rows = RowFilter(frame, self.missing)
        rows.ids(self.id)
        declared = rows.properties([column for column in names_of(self.properties) if column in frame.columns])
        kinds = [said.column.kind_column for said in here.values() if said.column.kind_column]
        kept = rows.valid_rows(report, also=[*here, *kinds, *([name] if name is not None else [])])
        ids = kept.table.column(self.id)
        _refuse_strangers(ids, mentioned, frame, self.owner)
        for kind, rule, owners, values in attributes_in_rows(kept, ids, here, self.missing, report):
            add_by_rule(attributes, self.owner, kind, owners, values, rule, report, every=ids, missing=self.missing)
        columns = {_ID: ids.cast(pa.string())}
        if name is not None:
            columns[_NAME] = without_missing(kept.texts(name), self.missing).cast(pa.string())
        properties = {own.name: null_for_empty(kept.table.column(own.name)) for own in declared}
        return pa.table({**columns, **properties}), declared


def _refuse_strangers(ids: pa.ChunkedArray, mentioned: pa.ChunkedArray, frame: Frame, owner: str) -> None:
    """Refuse descriptions of which none is of anything that the interactions name."""
    if not pc.any(pc.is_in(ids.cast(pa.string()), value_set=pc.unique(mentioned.cast(pa.string())))).as_py():
        raise InputError(
            f"none of these {owner}s is in the interactions, which name {owner}s such as "
            f"{mentioned[0].as_py()!r:.40}; here they are such as {ids[0].as_py()!r:.40}",
            where=frame.name,
            remedy="Ids are compared as texts: give both frames the same",
        )


def names_of(columns: Sequence[str]) -> list[str]:
    """Return the names of columns; a single text is one name."""
    return [columns] if isinstance(columns, str) else list(columns)


def refuse_reserved(columns: Sequence[str], owner: NodeLabel | RelationshipType, frame: Frame) -> None:
    """Raise UsageError if a column of properties has a name that none of the owner's can have."""
    taken = [p.name for p in owner.properties]
    for column in columns:
        fault = property_fault(column, taken, edge=isinstance(owner, RelationshipType))
        if fault:
            raise UsageError(
                f"{frame.name} cannot have a property called {column[:60]!r}: the name {fault}",
                remedy="Rename the column, or name it by its own argument",
            )
        taken.append(column)


def _refuse_unnamed(attributes: Iterable[str], frame: Frame) -> None:
    for column in attributes:
        fault = text_fault(column)
        if fault:
            raise UsageError(
                f"{frame.name} cannot have an attribute called {column[:60]!r}: the name {fault}",
                remedy="Rename the column",
            )
