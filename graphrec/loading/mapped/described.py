"""The rows of one file of items or users, by the roles that its section gives the columns."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import pyarrow as pa
import pyarrow.compute as pc

from graphrec.errors import InputError
from graphrec.loading.attributes import single_values
from graphrec.loading.columns import ARROW_KINDS, Column, Kind
from graphrec.loading.local_numbers import plain_numbers, with_plain_missing
from graphrec.loading.mapped.kinds_in_rows import Place, by_kind
from graphrec.loading.mapped.shared_column import typed_property
from graphrec.loading.missing import null_for_empty

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

    from graphrec.loading.contract import LoaderReport
    from graphrec.loading.mapped.lookups import Lookup
    from graphrec.loading.mapped.sections import AttributeColumn, EntityColumn, NodesSection, PropertyKind, ValuesColumn

KINDS: Mapping[PropertyKind, Kind] = {"string": "text", "integer": "integer", "float": "number", "boolean": "boolean"}
"""The kind of column that a property of each type is read as."""


@dataclass(frozen=True)
class Described:
    """The items or users of a file.

    Attributes:
        section: the roles of the columns.
        table: the columns by their names.
        file: where they come from.
        missing: the values that mean that nothing is known.
        lookups: the lookup tables of the mapping, by name.
    """

    section: NodesSection
    table: pa.Table
    file: Path
    missing: tuple[str, ...]
    lookups: Mapping[str, Lookup]

    @property
    def ids(self) -> pa.ChunkedArray:
        """The ids, one per row."""
        return self.table.column(self.section.id)

    def description(self, report: LoaderReport) -> pa.Table:
        """Return ``id``, ``name`` (null where the section names no column of names) and the declared properties."""
        said = self.section
        names = self.table.column(said.name).cast(pa.string()) if said.name else pa.nulls(len(self.ids), pa.string())
        if said.name_lookup:
            names = self.lookups[said.name_lookup].translated(names, said.name, report)
        return pa.table({"id": self.ids.cast(pa.string()), "name": names, **self.properties(report)})

    def attributes(self, report: LoaderReport) -> Iterator[tuple[str, AttributeColumn, pa.Array, pa.Array]]:
        """Yield each kind of attribute with what the section says of its column, ids and values, one per single value.

        Raises:
            InputError: a column of kinds holds more kinds than anybody means.
        """
        for column, said in self.section.attributes.items():
            rows, values = self._values(column, said, report)
            ids = self.ids.cast(pa.string()).take(rows)
            if said.bins_numbers and (self.section.decimal != "." or self.section.thousands):
                values = plain_numbers(values, self.section.decimal, self.section.thousands)
            if not said.kind_column:
                yield said.kind or column, said, ids, values
                continue
            kinds = self.table.column(said.kind_column).cast(pa.string()).combine_chunks().take(rows)
            for kind, having, found in by_kind(kinds, ids, values, Place(str(self.file), said.kind_column), report):
                yield kind, said, having, found

    def entities(self, report: LoaderReport) -> Iterator[tuple[str, EntityColumn, pa.Array, pa.Array]]:
        """Yield each relation with what the section says of its column, and ids of items and of entities."""
        for column, said in self.section.entities.items():
            rows, values = self._values(column, said, report)
            yield said.relation or column, said, self.ids.cast(pa.string()).take(rows), values

    def _values(self, column: str, said: ValuesColumn, report: LoaderReport) -> tuple[pa.Array, pa.Array]:
        """Return the rows and texts of the single values of a column, without those that are missing."""
        rows, texts = single_values(self.texts(column), said.separator, self.missing)
        if said.lookup:
            texts = self.lookups[said.lookup].translated(texts, column, report)
        return rows, texts

    def remark_on_nothing(self, report: LoaderReport) -> None:
        """Add a remark for each column of the section that has no value in any row, and say whether any was there."""
        said = self.section
        unread = [reason for file in report.files if file.path == str(self.file) for reason in file.unread]
        for column in dict.fromkeys((*said.attributes, *said.entities, *said.properties)):
            values = self.table.column(column)
            flat = pc.list_flatten(values) if pa.types.is_list(values.type) else values
            if not pc.any(null_for_empty(flat).is_valid()).as_py():
                is_told = any(reason.startswith(f"{column} ") for reason in unread)
                lack = "has no value that could be read" if is_told else "has no text or number in any row"
                report.remarks.append(f"{self.file.name}: the column {column!r} {lack}")

    def texts(self, column: str) -> pa.ChunkedArray:
        """Return a column of texts or of lists of texts."""
        values = self.table.column(column)
        kind = values.type.value_type if pa.types.is_list(values.type) else values.type
        if pa.types.is_nested(kind) and not pa.types.is_dictionary(kind):
            raise InputError(f"the column {column!r} holds {values.type}, not texts", where=str(self.file))
        return values

    def properties(self, report: LoaderReport) -> dict[str, pa.ChunkedArray | pa.Array]:
        """Return the declared properties by their names."""
        found = {}
        for column, declared in self.section.properties.items():
            values, kind = self.table.column(column), KINDS[declared.type]
            if pa.types.is_nested(values.type) and not pa.types.is_dictionary(values.type):
                raise InputError(
                    f"the column {column!r} holds lists, and a property holds one value",
                    where=str(self.file),
                    remedy="Make it an attribute alone",
                )
            if values.type != ARROW_KINDS[kind]:
                expected = Column(column, kind, missing=self.missing)
                if expected.is_numeric and (self.section.decimal != "." or self.section.thousands):
                    signs = (self.section.decimal, self.section.thousands)
                    values, (expected,) = plain_numbers(values, *signs), with_plain_missing([expected], *signs)
                values = typed_property(values, expected, report)
            found[declared.name or column] = null_for_empty(values)
        return found
