"""The rows of one file of items or users, by the roles that its section gives the columns."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import pyarrow as pa
import pyarrow.compute as pc

from graphrec.errors import InputError
from graphrec.loading.columns import ARROW_KINDS, Column, Kind
from graphrec.loading.mapped.shared_column import typed_property
from graphrec.loading.missing import null_for_empty

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from graphrec.loading.contract import LoaderReport
    from graphrec.loading.mapped.sections import NodesSection, PropertyKind

KINDS: Mapping[PropertyKind, Kind] = {"string": "text", "integer": "integer", "float": "number", "boolean": "boolean"}
"""The kind of column that a property of each type is read as."""


@dataclass(frozen=True)
class Described:
    """The items or users of a file, their section, and the values that mean that nothing is known."""

    section: NodesSection
    table: pa.Table
    file: Path
    missing: tuple[str, ...]

    @property
    def ids(self) -> pa.ChunkedArray:
        """The ids, one per row."""
        return self.table.column(self.section.id)

    def description(self, report: LoaderReport) -> pa.Table:
        """Return ``id``, ``name`` (null where the section names no column of names) and the declared properties."""
        name = self.section.name
        names = self.table.column(name).cast(pa.string()) if name else pa.nulls(self.table.num_rows, pa.string())
        return pa.table({"id": self.ids.cast(pa.string()), "name": names, **self.properties(report)})

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
                values = typed_property(values, Column(column, kind, missing=self.missing), report)
            found[declared.name or column] = null_for_empty(values)
        return found
