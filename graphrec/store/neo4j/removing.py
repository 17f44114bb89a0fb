"""Remove a data set: marked in one transaction, then removed piece by piece, and its record last."""

from __future__ import annotations

from typing import TYPE_CHECKING

from graphrec import queries
from graphrec.store.accounts import RemovedDataset
from graphrec.store.content import data_batches, own_rows
from graphrec.store.removing import removable
from graphrec.tables.families import chosen, latest, longer_prefixes

if TYPE_CHECKING:
    from graphrec.progress import Progress
    from graphrec.store.neo4j.connection import Connection
    from graphrec.store.neo4j.runs import StoredRuns
    from graphrec.store.store import Store


class DatasetRemoval:
    """Removes data sets of a store; only the holder of the write lock may do this.

    One that died half-way leaves the data set marked, so that nobody reads or loads it, and is ended by the same call.
    """

    def __init__(self, connection: Connection, store: Store, runs: StoredRuns) -> None:
        self._connection = connection
        self._store = store
        self._runs = runs

    def remove(self, dataset: str, *, overlays: bool, progress: Progress) -> tuple[RemovedDataset, str]:
        """Remove a base data set and return what went, with the fingerprint that it had; see ``Store``."""
        datasets = self._store.datasets()
        gone = removable(datasets, dataset, overlays=overlays, where=self._store.uri)
        base = chosen(datasets, dataset, self._store.uri)
        rows: dict[str, int] = {}
        for part, batch in data_batches(self._store, progress):
            rows[str(part)] = rows.get(str(part), 0) + own_rows(part, batch, datasets, base).num_rows
        run_ids = [run.id for run in self._store.runs() if self._store.dataset_of_run(run) == dataset]
        ids = [info.id for info in gone]
        self._connection.write(_text("remove_begin"), ids=ids)
        self._runs.remove(run_ids, progress)
        whose = {"prefix": base.prefix, "others": longer_prefixes(datasets, base)}
        for step in ("remove_edges", "remove_nodes"):
            progress("removing data", 0, 0)
            self._connection.bulk(_text(step), **whose)
        self._connection.write(_text("remove_end"), ids=ids)
        removed = RemovedDataset(
            dataset,
            tuple(info.id for info in gone if info.base),
            tuple(run_ids),
            {part: count for part, count in rows.items() if count},
        )
        return removed, latest(gone).fingerprint


def _text(name: str) -> str:
    return queries.load(f"store/{name}", "neo4j").text
