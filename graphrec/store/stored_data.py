"""Reading a store: its data sets, nodes and edges, fingerprints, and Cypher."""

from __future__ import annotations

from abc import ABC, abstractmethod
from typing import TYPE_CHECKING, Any, TypeVar

import numpy as np

from graphrec.schema.property_graph import SCHEMA
from graphrec.store.content import content_fingerprint, data_batches
from graphrec.tables.families import chosen, family, latest
from graphrec.tables.graph_tables import FROM, TO
from graphrec.tables.ids import positions_in

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

    import numpy.typing as npt
    import pandas as pd
    import pyarrow as pa

    from graphrec.schema.elements import EdgeKind, GraphSchema
    from graphrec.tables.reading import Reading
    from graphrec.tables.records import DatasetInfo

T = TypeVar("T")


class StoredData(ABC):
    """The part of a store that reads data.

    Attributes:
        uri: its name.
        dataset: id of the base data set that is meant where none is named; empty for the default.
    """

    def __init__(self, uri: str) -> None:
        self.uri = uri
        self.dataset = ""

    @property
    def schema(self) -> GraphSchema:
        """The schema with the properties that the loaded data sets declare."""
        schema = SCHEMA
        for info in self.datasets():
            schema = schema.with_declared(info.declared)
        return schema

    @abstractmethod
    def datasets(self) -> list[DatasetInfo]:
        """Return what this store holds: base data sets first, the one without a prefix before others, then overlays."""

    @abstractmethod
    def read_nodes(
        self, label: str, columns: Sequence[str] | None = None, *, only: str | None = None
    ) -> Iterator[pa.RecordBatch]:
        """Stream the nodes of a label as Arrow, in no particular order.

        Args:
            label: of the nodes.
            columns: properties to read; None for all.
            only: id of the one node to read, at a cost that does not grow with the others; None for all.
        """

    @abstractmethod
    def read_edges(
        self, kind: EdgeKind, columns: Sequence[str] | None = None, *, only: str | None = None
    ) -> Iterator[pa.RecordBatch]:
        """Stream the edges of a kind as Arrow: ``from``, ``to``, and properties.

        Args:
            kind: which edges.
            columns: properties to read; None for all.
            only: id of the one source to read the edges of, at a cost that does not grow with the others; None for all.
        """

    def index_edges(
        self,
        kind: EdgeKind,
        sources: pa.Array,
        targets: pa.Array,
        columns: Sequence[str] = (),
        *,
        only: str | None = None,
    ) -> dict[str, npt.NDArray[Any]]:
        """Read the edges of a kind with their ends as positions in ``sources`` and ``targets``.

        Args:
            kind: which edges.
            sources: string array of source ids, without repeats.
            targets: string array of target ids, without repeats.
            columns: properties to read beside the ends.
            only: id of the one source to read the edges of, as for ``read_edges``; None for all.

        Returns:
            Arrays of one length: ``from`` and ``to`` as int32, −1 where an id is not in the given array, and the
            columns, in which a null number is NaN.
        """
        parts: list[dict[str, npt.NDArray[Any]]] = []
        for batch in self.read_edges(kind, columns, only=only):
            part: dict[str, npt.NDArray[Any]] = {
                name: positions_in(batch.column(name), ids) for name, ids in ((FROM, sources), (TO, targets))
            }
            part.update({name: batch.column(name).to_numpy(zero_copy_only=False) for name in columns})
            parts.append(part)
        names = [FROM, TO, *columns]
        if not parts:
            return {name: np.empty(0, dtype=np.int32 if name in (FROM, TO) else np.float64) for name in names}
        return {name: np.concatenate([part[name] for part in parts]) for name in names}

    def fingerprint(self, dataset: str = "") -> str:
        """Compute the fingerprint of a data set (not of runs) from what is stored; that of nothing in a new store."""
        datasets = self.datasets()
        base = chosen(datasets, dataset or self.dataset, self.uri) if datasets else None
        return content_fingerprint(data_batches(self), datasets, base).text()

    def base_dataset(self, dataset: str = "") -> DatasetInfo:
        """Return the record of a base data set.

        Raises:
            UnknownIdError: the store holds no data, or no such data set.
            UsageError: it is an overlay; or none is named, and all of several have prefixes.
        """
        return chosen(self.datasets(), dataset or self.dataset, self.uri)

    def data_fingerprint(self, dataset: str = "") -> str:
        """Return the recorded fingerprint of a data set with its overlays, as of the latest load of one of them."""
        base = self.base_dataset(dataset)
        return latest(family(self.datasets(), base.id)).fingerprint

    def consistent(self, read: Callable[[], T], of: Reading = "runs") -> T:  # noqa: ARG002
        """Return what ``read`` returns, read from one state of the store though it takes several queries.

        A reader of an embedded store sees one state anyway. On Neo4j ``read`` is repeated, a few times, where another
        process changed the store meanwhile.

        Args:
            read: reads; it must be repeatable.
            of: what must not change meanwhile: the ``data``; the ``runs`` and the record of the data; or ``all``.
                While data is being loaded, ``data`` and ``all`` wait for the end, a few seconds.

        Raises:
            StoreLockedError: the store changed each time.
        """
        return read()

    @abstractmethod
    def query(self, cypher: str, parameters: Mapping[str, Any] | None = None) -> pd.DataFrame:
        """Run a Cypher text that reads, and return its rows. Values travel as parameters, never inside the text.

        Nodes come back as dictionaries of their properties with ``_label`` beside them, relationships with ``_type``,
        paths as ``{"nodes": […], "relationships": […]}``; a property that is null is absent.

        Args:
            cypher: the text.
            parameters: values by name; those of NumPy, pandas and Arrow, too. Both engines take them alike, see
                ``graphrec.store.parameters``.

        Raises:
            UsageError: the text is not understood, does anything but read the store (``graphrec.store.only_reading``),
                names a parameter that has no value, or a parameter has a value that the engines would not take alike.
        """
