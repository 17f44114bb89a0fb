"""The files of a mapping, read by the roles that it gives their columns."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import pyarrow as pa
import pyarrow.compute as pc

from graphrec.errors import InputError
from graphrec.loading.any_file import read_any, refuse_contradicting_unit
from graphrec.loading.columns import ARROW_KINDS, Column, Kind
from graphrec.loading.interactions import interactions
from graphrec.loading.mapped.shared_column import typed_property
from graphrec.loading.mention_columns import count_column, sentiment_column, with_defaults
from graphrec.loading.missing import null_for_empty
from graphrec.reviews.mentions import MENTIONS

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping
    from pathlib import Path

    from graphrec.loading.contract import LoaderReport
    from graphrec.loading.mapped.sections import (
        File,
        InteractionsSection,
        MentionsSection,
        NodesSection,
        TriplesSection,
    )
    from graphrec.loading.mapped.sections import Mapping as MappingFile

_KINDS: Mapping[str, Kind] = {"string": "text", "integer": "integer", "float": "number", "boolean": "boolean"}


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
            values, kind = self.table.column(column), _KINDS[declared.type]
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


@dataclass(frozen=True)
class MappedFiles:
    """The files of a mapping."""

    mapping: MappingFile
    path: Path
    report: LoaderReport

    def interactions(self, section: InteractionsSection) -> pa.Table:
        """Return the edges of the interactions."""
        missing = self.mapping.missing(section)
        columns = [Column(name, "id", required=True, missing=missing) for name in (section.user, section.item)]
        if section.rating:
            columns.append(Column(section.rating, "number", minimum=section.lowest_rating, missing=missing))
        if section.weight:
            columns.append(Column(section.weight, "number", required=True, minimum=0, missing=missing))
        if section.timestamp:
            columns.append(Column(section.timestamp, "time", unit=section.time_unit or "s", missing=missing))
        columns += [Column(name, _KINDS[p.type], missing=missing) for name, p in section.properties.items()]
        if section.timestamp and section.time_unit:
            file = _file("interactions", section.file, self.path)
            refuse_contradicting_unit(file, section.timestamp, section.time_unit)
        table = self._read("interactions", section, columns)
        return interactions(
            table.column(section.user),
            table.column(section.item),
            self.report,
            rating=table.column(section.rating) if section.rating else None,
            weight=table.column(section.weight) if section.weight else None,
            timestamp=table.column(section.timestamp) if section.timestamp else None,
            properties={p.name or name: null_for_empty(table.column(name)) for name, p in section.properties.items()},
        )

    def nodes(self, name: str, section: NodesSection) -> Described:
        """Return the rows of items or users; a column that is more than one thing is read as text."""
        missing = self.mapping.missing(section)
        columns = {section.id: Column(section.id, "id", required=True, missing=missing)}
        if section.name:
            columns.setdefault(section.name, Column(section.name, missing=missing))
        for column in (*section.attributes, *section.entities):  # their values are left out one by one
            columns.setdefault(column, Column(column))
        for column, declared in section.properties.items():
            columns.setdefault(column, Column(column, _KINDS[declared.type], missing=missing))
        several = {*section.attributes, *section.entities} - {section.id, section.name or section.id}
        table = self._read(name, section, list(columns.values()), several)
        described = Described(section, table, _file(name, section.file, self.path), missing)
        described.remark_on_nothing(self.report)
        return described

    def triples(self, section: TriplesSection) -> pa.Table:
        """Return head, relation and tail."""
        missing = self.mapping.missing(section)
        names = (section.head, section.relation, section.tail)
        table = self._read("triples", section, [Column(name, required=True, missing=missing) for name in names])
        return table.select(list(names)).rename_columns(["head", "relation", "tail"])

    def mentions(self, section: MentionsSection) -> pa.Table:
        """Return ``user``, ``item``, ``feature``, ``sentiment`` and ``count`` of mentions."""
        missing = self.mapping.missing(section)
        columns = [Column(name, "id", required=True, missing=missing) for name in (section.user, section.item)]
        columns.append(Column(section.feature, required=True, missing=missing))
        if section.sentiment:
            columns.append(sentiment_column(section.sentiment, missing=missing))
        if section.count:
            columns.append(count_column(section.count, missing=missing))
        table = self._read("mentions", section, columns)
        names = {name: getattr(section, name) for name in MENTIONS.names}
        return with_defaults(pa.table({name: table.column(column) for name, column in names.items() if column}))

    def mentions_file(self, section: MentionsSection) -> str:
        """Return the name of the file of mentions."""
        return _file("mentions", section.file, self.path).name

    def _read(self, name: str, section: File, columns: list[Column], several: Collection[str] = ()) -> pa.Table:
        file = _file(name, section.file, self.path)
        return read_any(
            file, columns, self.report, several=several, delimiter=section.delimiter, encoding=section.encoding
        )


def _file(section: str, name: str, path: Path) -> Path:
    """Return the file of a section: beside the mapping or the data file, or the data file itself."""
    if not name and not path.is_dir():
        return path
    file = (path if path.is_dir() else path.parent) / name
    try:
        if name and not file.is_dir():
            return file
    except OSError as error:
        raise InputError(f"[{section}] file: {error.strerror}", where=name[:60], remedy="Name another file") from error
    fault = f"[{section}] names a folder as its file" if name else f"[{section}] names no file"
    raise InputError(fault, where=str(file), remedy='Name one: file = "…", or give the one data file as PATH')
