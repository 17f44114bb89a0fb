"""A data set from graph tables, without a store: the same arrays as from a store that holds them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, TypeVar

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from graphrec.schema.property_graph import SCHEMA
from graphrec.store.admission import refuse_foreign, refuse_misplaced
from graphrec.store.merging import check_ends, merge_edges, merge_nodes
from graphrec.tables.conform import conform
from graphrec.tables.families import chosen
from graphrec.tables.fingerprint import fingerprint_of
from graphrec.tables.graph_tables import FROM, TO, GraphTables, arrow_schema
from graphrec.tables.ids import positions_in

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    import numpy.typing as npt

    from graphrec.schema.elements import EdgeKind
    from graphrec.tables.reading import Reading
    from graphrec.tables.records import DatasetInfo

T = TypeVar("T")


class TableSource:
    """Graph tables as a source of data: checked and merged by the rules of a store, and read like one.

    Args:
        tables: nodes and edges.
        info: the data set's record.

    Raises:
        SchemaError: the tables do not fit the schema with what ``info`` declares.
        InputError: an end of an edge is nowhere, or ``info`` is an overlay.
    """

    def __init__(self, tables: GraphTables, info: DatasetInfo) -> None:
        self.uri = f"tables of {info.name}"
        self.dataset = info.id
        self.is_sealed = False  # what is at hand already is not kept a second time
        self._info = info
        self._schema = SCHEMA.with_declared(info.declared)
        refuse_misplaced(info, (), self.uri)
        refuse_foreign(tables, self._schema)
        self._tables = self._merged(tables)

    def datasets(self) -> list[DatasetInfo]:
        """Return the one data set."""
        return [self._info]

    def data_fingerprint(self, dataset: str = "") -> str:
        """Compute the fingerprint; it is that of a store that holds these tables alone."""
        chosen(self.datasets(), dataset, self.uri)
        nodes, edges = self._tables.nodes, self._tables.edges
        return fingerprint_of([*nodes.items(), *((str(kind), table) for kind, table in edges.items())])

    def consistent(self, read: Callable[[], T], of: Reading = "runs") -> T:  # noqa: ARG002
        """Return what ``read`` returns: tables in memory do not change."""
        return read()

    def read_nodes(
        self, label: str, columns: Sequence[str] | None = None, *, only: str | None = None
    ) -> Iterator[pa.RecordBatch]:
        """Return the nodes of a label, with all properties or the named ones."""
        schema = arrow_schema(self._schema.label(label).properties, edge=False)
        if label in self._tables.nodes:
            table = self._tables.nodes[label].cast(schema)
            table = table if only is None else table.filter(pc.equal(table["id"], only))
            yield from table.select(list(columns) if columns is not None else schema.names).to_batches()

    def index_edges(
        self,
        kind: EdgeKind,
        sources: pa.Array,
        targets: pa.Array,
        columns: Sequence[str] = (),
        *,
        only: str | None = None,
    ) -> dict[str, npt.NDArray[Any]]:
        """Return the edges of a kind with their ends as positions; see ``Store.index_edges``."""
        if kind not in self._tables.edges:
            ends = {name: np.empty(0, dtype=np.int32) for name in (FROM, TO)}
            return {**ends, **{name: np.empty(0) for name in columns}}
        table = self._tables.edges[kind]
        table = table if only is None else table.filter(pc.equal(table[FROM], only))
        schema = arrow_schema(self._schema.check_kind(kind).properties, edge=True)
        ends = {
            name: positions_in(table.column(name).combine_chunks(), ids)
            for name, ids in ((FROM, sources), (TO, targets))
        }
        return {**ends, **{name: table.column(name).cast(schema.field(name).type).to_numpy() for name in columns}}

    def _merged(self, tables: GraphTables) -> GraphTables:
        """Return the tables as a store would keep them: of edges with one key the last, all columns of the schema."""
        whole = conform(tables, self._schema)
        nodes = {
            label: merge_nodes(None, table, tables.nodes[label].column_names)
            for label, table in whole.nodes.items()
            if table.num_rows
        }
        edges = {}
        for kind, table in whole.edges.items():
            if table.num_rows:
                ends = (_ids(nodes, kind.source), _ids(nodes, kind.target))
                check_ends(table, kind, *ends)
                key = self._schema.relationship(kind.type).key
                edges[kind] = merge_edges(None, table, key, tables.edges[kind].column_names, ends)
        return GraphTables(nodes, edges)


def _ids(nodes: dict[str, pa.Table], label: str) -> pa.Array:
    ids = nodes[label].column("id").combine_chunks() if label in nodes else pa.array([], pa.string())
    return ids.dictionary_decode() if isinstance(ids, pa.DictionaryArray) else ids
