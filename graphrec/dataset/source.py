"""The protocol of a source of data: the part of a store that holds data, without runs and without writing."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Protocol, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    import numpy.typing as npt
    import pyarrow as pa

    from graphrec.schema.elements import EdgeKind
    from graphrec.tables.reading import Reading
    from graphrec.tables.records import DatasetInfo

T = TypeVar("T")


class DataSource(Protocol):
    """Nodes and edges of a graph, as ``Dataset.from_store`` needs them; every ``Store`` is one.

    Attributes:
        uri: its name in messages.
        dataset: id of the base data set that is meant where none is named; empty for the default.
        is_sealed: whether nobody can change its data without changing the fingerprint.
    """

    uri: str
    dataset: str
    is_sealed: bool

    def datasets(self) -> list[DatasetInfo]:
        """Return the records of its data sets; see ``Store.datasets``."""
        ...

    def data_fingerprint(self, dataset: str = "") -> str:
        """Return the fingerprint of a data set; see ``Store.data_fingerprint``."""
        ...

    def consistent(self, read: Callable[[], T], of: Reading = "runs") -> T:
        """Return what ``read`` returns, read from one state of the source; see ``Store.consistent``."""
        ...

    def read_nodes(
        self, label: str, columns: Sequence[str] | None = None, *, only: str | None = None
    ) -> Iterator[pa.RecordBatch]:
        """Stream the nodes of a label; see ``Store.read_nodes``."""
        ...

    def index_edges(
        self,
        kind: EdgeKind,
        sources: pa.Array,
        targets: pa.Array,
        columns: Sequence[str] = (),
        *,
        only: str | None = None,
    ) -> dict[str, npt.NDArray[Any]]:
        """Read the edges of a kind with their ends as positions; see ``Store.index_edges``."""
        ...
