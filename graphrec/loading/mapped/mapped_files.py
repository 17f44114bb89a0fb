"""The files of a mapping, read by the roles that it gives their columns."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Literal

import pyarrow as pa

from graphrec.errors import InputError
from graphrec.loading.any_file import read_any, refuse_contradicting_unit
from graphrec.loading.columns import Column
from graphrec.loading.header_remarks import remark_on_header, remark_on_lonely_line
from graphrec.loading.knowledge.leaving_out import with_relations
from graphrec.loading.mapped.described import KINDS, Described
from graphrec.loading.mapped.file_layouts import layout_of, refuse_other_format
from graphrec.loading.mapped.interaction_roles import by_role, columns_of_roles, merged_interactions
from graphrec.loading.mapped.lookups import Lookup
from graphrec.loading.mapped.read_twice import refuse_read_twice
from graphrec.loading.mapped.sections import titled
from graphrec.loading.mention_columns import count_column, sentiment_column, with_defaults
from graphrec.loading.missing import null_for_empty
from graphrec.reviews.mentions import MENTIONS

if TYPE_CHECKING:
    from collections.abc import Collection
    from pathlib import Path

    from graphrec.loading.contract import LoaderReport
    from graphrec.loading.mapped.sections import (
        EntitiesSection,
        File,
        InteractionsSection,
        LookupSection,
        MentionsSection,
        NodesSection,
        TriplesSection,
        ValuesColumn,
    )
    from graphrec.loading.mapped.sections import Mapping as MappingFile


@dataclass(frozen=True)
class MappedFiles:
    """The files of a mapping."""

    mapping: MappingFile
    path: Path
    report: LoaderReport

    def __post_init__(self) -> None:
        """Refuse what a section says of another format than its file's, or of one file twice, before any is read."""
        for title, section in self.mapping.files():
            refuse_other_format(title, _file(title, section.file, self.path), section)
        taken = titled("interactions", self.mapping.interactions)
        refuse_read_twice([(title, section, _file(title, section.file, self.path)) for title, section in taken])

    @cached_property
    def lookups(self) -> dict[str, Lookup]:
        """The lookup tables, by name."""
        return {name: self._lookup(name, section) for name, section in self.mapping.lookups.items()}

    def _lookup(self, name: str, section: LookupSection) -> Lookup:
        missing = self.mapping.missing(section)
        names = dict.fromkeys((section.key, section.value))
        columns = [Column(column, required=True, missing=missing) for column in names]
        table = self._read(f"[lookups.{name}]", section, columns)
        keys, values = (table.column(column).combine_chunks() for column in (section.key, section.value))
        return Lookup.of(name, keys, values, self.report)

    def interactions(self) -> pa.Table:
        """Return the edges of all sections of interactions, each pair once."""
        sections = self.mapping.interactions
        tables = [self._interactions(*titled_one) for titled_one in titled("interactions", sections)]
        return merged_interactions(sections, tables, self.report)

    def _interactions(self, title: str, section: InteractionsSection) -> pa.Table:
        """Return one section's rows, its columns called by their roles and its properties by their names."""
        missing, ends = self.mapping.missing(section), (section.user, section.item)
        file = _file(title, section.file, self.path)
        if section.timestamp:
            refuse_contradicting_unit(file, section.timestamp, section.time_unit, section.time_format)
        table = self._read(title, section, columns_of_roles(section, ends, missing))
        layout = layout_of(file, section)
        if layout is not None and not remark_on_header(file, layout):
            remark = remark_on_lonely_line(file, layout, table.column(section.user), table.column(section.item))
            self.report.remarks += [remark] if remark else []
        return by_role(section, ends, table)

    def nodes(self, name: Literal["items", "users"]) -> list[Described]:
        """Return the rows of each section of items or users."""
        sections: list[NodesSection] = getattr(self.mapping, name)
        return [self._nodes(title, section) for title, section in titled(name, sections)]

    def _nodes(self, title: str, section: NodesSection) -> Described:
        """Return the rows of one section; a column that is more than one thing is read as text."""
        missing = self.mapping.missing(section)
        columns = {section.id: Column(section.id, "id", required=True, missing=missing)}
        if section.name:
            columns.setdefault(section.name, Column(section.name, missing=missing))
        for column, (said, *_) in section.value_columns().items():  # their values are left out one by one
            columns.setdefault(column, _of_values(column, said))
        for said in section.attributes.values():
            if said.kind_column:
                columns.setdefault(said.kind_column, Column(said.kind_column))
        for column, declared in section.properties.items():
            columns.setdefault(column, Column(column, KINDS[declared.type], missing=missing))
        several = {*section.attributes, *section.entities} - {section.id, section.name or section.id}
        table = self._read(title, section, list(columns.values()), several)
        described = Described(section, table, _file(title, section.file, self.path), missing, self.lookups)
        described.remark_on_nothing(self.report)
        return described

    def triples(self) -> pa.Table:
        """Return head, relation and tail of all sections of triples."""
        return pa.concat_tables([self._triples(*titled_one) for titled_one in titled("triples", self.mapping.triples)])

    def _triples(self, title: str, section: TriplesSection) -> pa.Table:
        missing = self.mapping.missing(section)
        names = (section.head, section.relation, section.tail)
        table = self._read(title, section, [Column(name, required=True, missing=missing) for name in names])
        triples = table.select(list(names)).rename_columns(["head", "relation", "tail"])
        place = _file(title, section.file, self.path).name
        return with_relations(triples, self.report, only=section.only, leave_out=section.leave_out, place=place)

    def links(self) -> pa.Table:
        """Return ``item`` and ``entity`` of all sections of links."""
        tables = []
        for title, section in titled("links", self.mapping.links):
            missing, names = self.mapping.missing(section), [section.item, section.entity]
            columns = [Column(name, "id", required=True, missing=missing) for name in names]
            table = self._read(title, section, columns).select(names).rename_columns(["item", "entity"])
            tables.append(table.cast(pa.schema([("item", pa.string()), ("entity", pa.string())])))
        return pa.concat_tables(tables)

    def entities(self) -> list[pa.Table]:
        """Return ``id``, ``name`` and ``kind`` of each section of entities; null where it does not say one of them."""
        return [self._entities(title, section) for title, section in titled("entities", self.mapping.entities)]

    def _entities(self, title: str, section: EntitiesSection) -> pa.Table:
        missing = self.mapping.missing(section)
        columns = {section.id: Column(section.id, "id", required=True, missing=missing)}
        for name in (section.name, section.kind_column):
            if name:
                columns.setdefault(name, Column(name, missing=missing))
        table = self._read(title, section, list(columns.values()))
        constant = pa.repeat(pa.scalar(section.kind or None, pa.string()), table.num_rows)
        nothing = pa.nulls(table.num_rows, pa.string())
        names = table.column(section.name).cast(pa.string()) if section.name else nothing
        kinds = table.column(section.kind_column).cast(pa.string()) if section.kind_column else constant
        return pa.table(
            {"id": table.column(section.id).cast(pa.string()), "name": names, "kind": null_for_empty(kinds)}
        )

    def mentions(self, section: MentionsSection) -> pa.Table:
        """Return ``user``, ``item``, ``feature``, ``sentiment`` and ``count`` of mentions."""
        missing = self.mapping.missing(section)
        columns = [Column(name, "id", required=True, missing=missing) for name in (section.user, section.item)]
        columns.append(Column(section.feature, required=True, missing=missing))
        if section.sentiment:
            columns.append(sentiment_column(section.sentiment, missing=missing))
        if section.count:
            columns.append(count_column(section.count, missing=missing))
        table = self._read("[mentions]", section, columns)
        names = {name: getattr(section, name) for name in MENTIONS.names}
        return with_defaults(pa.table({name: table.column(column) for name, column in names.items() if column}))

    def mentions_file(self, section: MentionsSection) -> str:
        """Return the name of the file of mentions."""
        return _file("[mentions]", section.file, self.path).name

    def _read(self, title: str, section: File, columns: list[Column], several: Collection[str] = ()) -> pa.Table:
        file = _file(title, section.file, self.path)
        layout = layout_of(file, section)
        if layout is not None:
            remark = remark_on_header(file, layout)
            self.report.remarks += [remark] if remark else []
        needed = next((column.name for column in columns if column.required and column.name in section.optional), None)
        if needed is not None:
            raise InputError(
                f"{title} says that {needed[:60]!r} is optional, and no row can be without it",
                where=str(file),
                remedy="Leave it out of optional",
            )
        return read_any(file, columns, self.report, several=several, optional=section.optional, layout=layout)


def _of_values(name: str, said: ValuesColumn) -> Column:
    """Return a column of attributes or entities: texts, or lists where the section says so."""
    if not said.list:
        return Column(name)
    return Column(name, "list", list_key=said.list if isinstance(said.list, str) else "")


def _file(title: str, name: str, path: Path) -> Path:
    """Return the file of a section: beside the mapping or the data file, or the data file itself.

    A folder is named only for the Parquet files in it.
    """
    if not name and not path.is_dir():
        return path
    file = (path if path.is_dir() else path.parent) / name
    try:
        if name and (not file.is_dir() or next(file.rglob("*.parquet"), None)):
            return file
    except OSError as error:
        raise InputError(f"{title} file: {error.strerror}", where=name[:60], remedy="Name another file") from error
    fault = f"{title} names a folder as its file, and no Parquet file is in it" if name else f"{title} names no file"
    raise InputError(fault, where=str(file), remedy='Name one: file = "…", or give the one data file as PATH')
