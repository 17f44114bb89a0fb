"""The sections of a mapping, read from the owner's graph: one statement for each label and each path."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

import pyarrow as pa
import pyarrow.compute as pc

from graphrec.errors import InputError
from graphrec.loading.columns import Column
from graphrec.loading.mapped.described import KINDS, Described
from graphrec.loading.mapped.interaction_roles import by_role, columns_of_roles, merged_interactions
from graphrec.loading.mapped.sections import AttributeColumn
from graphrec.loading.mapped.sections import NodesSection as NodeColumns
from graphrec.loading.undirected import undirected
from graphrec.schema.neo4j import quote
from graphrec.tables.conform import shortened
from graphrec.wording import share

from .rows import columns_of_nodes, columns_of_paths, read_rows

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from graphrec.loading.contract import LoaderReport

    from .patterns import Pattern
    from .sections import CoPurchasesSection, GraphMapping, InteractionsSection, LabelSection, NodesSection

    Stream = Callable[[str], Iterable[tuple[Any, ...]]]
    """Runs a reading statement and yields its rows as they arrive."""


_ATTRIBUTE = "attribute "
"""In front of the names of attributes' columns, since a property may be an attribute and something else."""


@dataclass(frozen=True)
class Graph:
    """The owner's graph by a mapping.

    Attributes:
        stream: runs a reading statement.
        mapping: what is what.
        report: receives the account.
    """

    stream: Stream
    mapping: GraphMapping
    report: LoaderReport

    def nodes(self, name: Literal["items", "users"]) -> list[Described]:
        """Return the nodes of each section of items or users."""
        sections: list[NodesSection] = getattr(self.mapping, name)
        return [self._nodes(section) for section in sections]

    def _nodes(self, section: NodesSection) -> Described:
        missing = self.mapping.missing(section)
        columns = self._described_columns(section)
        for name, declared in section.properties.items():
            columns.setdefault(name, Column(name, KINDS[declared.type], missing=missing))
        lists = {f"{_ATTRIBUTE}{key}": said for key, said in section.attributes.items()}
        values = [
            f"[{said.pattern.cypher()} | {said.pattern.reference(said.value, of_end=True)}]"
            if said.path
            else f"n0.{quote(key)}"
            for key, said in section.attributes.items()
        ]
        table = self._labelled(section, list(columns.values()), lists=list(lists), values=values)
        roles = NodeColumns(
            id=section.id,
            name=section.name,
            properties=section.properties,
            attributes={
                column: AttributeColumn(**said.model_dump(exclude={"path", "value", "kind"}), kind=said.kind or key)
                for (column, said), key in zip(lists.items(), section.attributes, strict=True)
            },
        )
        return Described(roles, table, Path(f"(:{section.label})"), missing, {})

    def entities(self) -> list[pa.Table]:
        """Return ``id`` without its prefix and ``name`` of each section of entities; a node is in the first it fits."""
        earlier = [section.label for section in self.mapping.items]
        tables = []
        for section in self.mapping.entities:
            columns = self._described_columns(section)
            where = " WHERE NOT (" + " OR ".join(f"n0:{quote(label)}" for label in earlier) + ")"
            table = self._labelled(section, list(columns.values()), where=where)
            ids = table.column(section.id).cast(pa.string())
            names = table.column(section.name).cast(pa.string()) if section.name else pa.nulls(len(ids), pa.string())
            tables.append(pa.table({"id": ids, "name": names}))
            earlier.append(section.label)
        return tables

    def interactions(self) -> pa.Table:
        """Return the edges of all sections of interactions, each pair once."""
        sections = self.mapping.interactions
        return merged_interactions(sections, list(map(self._interactions, sections)), self.report)

    def _interactions(self, section: InteractionsSection) -> pa.Table:
        pattern, ends = section.pattern, ("user", "item")
        columns = columns_of_roles(section, ends, self.mapping.missing(section))
        user, item = (
            self._label(sections, end)
            for sections, end in ((self.mapping.users, pattern.source), (self.mapping.items, pattern.target))
        )
        found = [f"{pattern.last}.{quote(item.id)}", *(pattern.reference(column.name) for column in columns[2:])]
        table = by_role(section, ends, self.paths(pattern, [f"n0.{quote(user.id)}"], found, columns))
        known = [(name, "ascending") for name in table.column_names if name not in ends]
        # A graph has no order: of paths that are equal in time the same one counts in every load.
        return table.sort_by(known) if known else table

    def co_purchases(self) -> list[pa.Table]:
        """Return the pairs of each section of items taken together: ``from``, ``to``, ``count``, ``source``."""
        return list(map(self._co_purchases, self.mapping.co_purchases))

    def _co_purchases(self, section: CoPurchasesSection) -> pa.Table:
        pattern, missing = section.pattern, self.mapping.missing(section)
        columns = [Column(name, "id", required=True, missing=missing) for name in ("one", "other")]
        ids = [self._label(self.mapping.items, label).id for label in (pattern.source, pattern.target)]
        found = [f"{pattern.last}.{quote(ids[1])}"]
        if section.count:
            columns.append(Column(section.count, "integer", minimum=0, missing=missing))
            found.append(pattern.reference(section.count))
        table = self.paths(pattern, [f"n0.{quote(ids[0])}"], found, columns)
        n = table.num_rows
        count = table.column(section.count) if section.count else pa.nulls(n, pa.int64())
        source = pa.repeat(section.source or pattern.hops[0].types[0], n)
        return undirected(table.column("one"), table.column("other"), count=count, source=source)

    def paths(self, pattern: Pattern, head: Sequence[str], found: Sequence[str], columns: Sequence[Column]) -> pa.Table:
        """Return what expressions say of all paths of a form.

        Args:
            pattern: the form.
            head: expressions of its first node, ``n0``.
            found: expressions of the whole path.
            columns: what the values of both become, in that order.
        """
        first = pattern.nodes[0]
        statement = (
            f"MATCH (n0:{quote(first.label)}) RETURN {_named(head)}, "
            f"[{pattern.cypher()} | [{', '.join(found)}]] AS paths"
        )
        return read_rows(columns_of_paths(self.stream(statement)), columns, self.report, place=str(pattern))

    def _described_columns(self, section: LabelSection) -> dict[str, Column]:
        missing = self.mapping.missing(section)
        columns = {section.id: Column(section.id, "id", required=True, missing=missing)}
        if section.name:
            columns.setdefault(section.name, Column(section.name, missing=missing))
        return columns

    def _labelled(
        self,
        section: LabelSection,
        columns: Sequence[Column],
        *,
        lists: Sequence[str] = (),
        values: Sequence[str] = (),
        where: str = "",
    ) -> pa.Table:
        """Return the nodes of a label, and check that their ids tell them apart."""
        expressions = [*(f"n0.{quote(column.name)}" for column in columns), *values]
        statement = f"MATCH (n0:{quote(section.label)}){where} RETURN {_named(expressions)}"
        chunks = columns_of_nodes(self.stream(statement))
        table = read_rows(chunks, columns, self.report, place=f"(:{section.label})", lists=lists)
        self._account_of_ids(section, table)
        return table

    def _account_of_ids(self, section: LabelSection, table: pa.Table) -> None:
        """Tell how to find nodes without an id and those that share one; refuse ids that most nodes share."""
        node, value = f"(n:{quote(section.label)})", f"n.{quote(section.id)}"
        if self.report.files[-1].skipped:
            self.report.remarks.append(
                f"(:{section.label}) without a usable {section.id} are left out: "
                f"MATCH {node} WHERE {value} IS NULL RETURN n"
            )
        counts = table.column(section.id).cast(pa.string()).value_counts()
        several = counts.filter(pc.greater(counts.field("counts"), 1))
        if not len(several):
            return
        n_sharing = pc.sum(several.field("counts")).as_py()
        what = (
            f"{share(n_sharing, table.num_rows)} nodes (:{section.label}) share their {section.id} with another, such "
            f"as {shortened(several.field('values')[0].as_py())}"
        )
        query = f"MATCH {node} WITH {value} AS id, count(*) AS nodes WHERE nodes > 1 RETURN id, nodes"
        if 2 * n_sharing > table.num_rows:
            raise InputError(what, remedy=f"Name as id a property that tells them apart. See them: {query}")
        self.report.remarks.append(f"{what}, and become one: {query}")

    @staticmethod
    def _label(sections: Sequence[NodesSection], label: str) -> NodesSection:
        return next(section for section in sections if section.label == label)


def _named(expressions: Sequence[str]) -> str:
    return ", ".join(f"{expression} AS c{place}" for place, expression in enumerate(expressions))
