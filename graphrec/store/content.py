"""The data that a store holds, batch by batch, and the fingerprint of what of it belongs to one data set."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

import pyarrow as pa

from graphrec.schema.property_graph import SCHEMA
from graphrec.tables.families import bases, belonging
from graphrec.tables.fingerprint import Fingerprint
from graphrec.tables.graph_tables import FROM

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from graphrec.progress import Progress
    from graphrec.schema.elements import EdgeKind
    from graphrec.tables.records import DatasetInfo

    Batches = Iterable[tuple[str | EdgeKind, pa.RecordBatch]]
    """Rows of labels and kinds of edges."""


class Streams(Protocol):
    """The part of a store that streams its nodes and edges."""

    def read_nodes(self, label: str) -> Iterator[pa.RecordBatch]:
        """Stream the nodes of a label; see ``Store.read_nodes``."""
        ...

    def read_edges(self, kind: EdgeKind) -> Iterator[pa.RecordBatch]:
        """Stream the edges of a kind; see ``Store.read_edges``."""
        ...


def data_batches(store: Streams, progress: Progress | None = None) -> Iterator[tuple[str | EdgeKind, pa.RecordBatch]]:
    """Stream all data of a store, nodes before edges; ``progress`` is told of each part."""
    for label in SCHEMA.label_names("data"):
        if label != "Dataset":
            if progress is not None:
                progress(f"reading {label}", 0, 0)
            for batch in store.read_nodes(label):
                yield label, batch
    for kind in SCHEMA.edge_kinds("data"):
        if progress is not None:
            progress(f"reading {kind}", 0, 0)
        for batch in store.read_edges(kind):
            yield kind, batch


def own_rows(
    part: str | EdgeKind, batch: pa.RecordBatch, datasets: Sequence[DatasetInfo], base: DatasetInfo | None
) -> pa.RecordBatch:
    """Return the rows that belong to a base data set: all, where there is no other or ``base`` is None."""
    if base is None or len(bases(datasets)) == 1:
        return batch
    # Both ends of an edge belong to one data set: a load whose ids are of another is refused.
    ids = batch.column("id" if isinstance(part, str) else FROM)
    return batch.filter(pa.array(belonging(ids, datasets, base)))


def content_fingerprint(batches: Batches, datasets: Sequence[DatasetInfo], base: DatasetInfo | None) -> Fingerprint:
    """Return the fingerprint of the rows that belong to a base data set; of all rows where ``base`` is None."""
    fingerprint = Fingerprint()
    for part, batch in batches:
        own = own_rows(part, batch, datasets, base)
        if own.num_rows:
            fingerprint.add(str(part), own)
    return fingerprint
