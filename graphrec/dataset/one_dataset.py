"""One data set of a store that holds several, as a source of data."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, TypeVar

import pyarrow as pa

from graphrec.tables.families import bases, belonging, chosen, family

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    import numpy.typing as npt

    from graphrec.dataset.source import DataSource
    from graphrec.schema.elements import EdgeKind
    from graphrec.tables.reading import Reading
    from graphrec.tables.records import DatasetInfo

T = TypeVar("T")


def of_dataset(source: DataSource, dataset: str = "") -> DataSource:
    """Return what ``source`` holds of one data set: itself, where it holds no other.

    Args:
        source: a store, or another source.
        dataset: id of a base data set; empty for the one that the store was opened for, the only one, or the one
            without a prefix.

    Raises:
        UnknownIdError: there is no data, or no such data set.
        UsageError: it is an overlay; or none is named, and all have prefixes.
    """
    datasets = source.datasets()
    base = chosen(datasets, dataset or source.dataset, source.uri)
    return source if len(bases(datasets)) == 1 else OneDataset(source, base, datasets)


class OneDataset:
    """The nodes of one data set; edges between others fall away where their ends are looked up.

    Args:
        source: holds several data sets.
        base: the record of the one to read.
        datasets: records of all.
    """

    def __init__(self, source: DataSource, base: DatasetInfo, datasets: Sequence[DatasetInfo]) -> None:
        self.uri = source.uri
        self.dataset = base.id
        self.is_sealed = source.is_sealed
        self._source = source
        self._base = base
        self._datasets = datasets

    def datasets(self) -> list[DatasetInfo]:
        """Return the records of the data set and its overlays."""
        return family(self._datasets, self._base.id)

    def data_fingerprint(self, dataset: str = "") -> str:
        """Return the fingerprint of the data set."""
        return self._source.data_fingerprint(dataset or self.dataset)

    def consistent(self, read: Callable[[], T], of: Reading = "runs") -> T:
        """Return what ``read`` returns, read from one state of the source; see ``Store.consistent``."""
        return self._source.consistent(read, of)

    def read_nodes(
        self, label: str, columns: Sequence[str] | None = None, *, only: str | None = None
    ) -> Iterator[pa.RecordBatch]:
        """Stream the nodes of a label that belong to the data set; see ``Store.read_nodes``."""
        names = columns if columns is None or "id" in columns else ["id", *columns]
        for batch in self._source.read_nodes(label, names, only=only):
            own = batch.filter(pa.array(belonging(batch.column("id"), self._datasets, self._base)))
            if own.num_rows:
                yield own if columns is None else own.select(list(columns))

    def index_edges(
        self,
        kind: EdgeKind,
        sources: pa.Array,
        targets: pa.Array,
        columns: Sequence[str] = (),
        *,
        only: str | None = None,
    ) -> dict[str, npt.NDArray[Any]]:
        """Read the edges of a kind with their ends as positions, −1 for those of other data sets."""
        return self._source.index_edges(kind, sources, targets, columns, only=only)
