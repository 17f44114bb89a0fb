"""The embedded store: reads from a database file that never changes, and writes by making the next one."""

from __future__ import annotations

from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, ClassVar

import numpy as np

from graphrec.engines.kept_parts import remove_parts_beside
from graphrec.errors import UnknownIdError, UsageError
from graphrec.progress import no_progress
from graphrec.queries import used_parameters
from graphrec.store import derived
from graphrec.store.accounts import CheckReport, ForgetSummary, LoadSummary, RemovedDataset
from graphrec.store.embedded.effect_tables import with_effects
from graphrec.store.embedded.folder import translate_os_errors
from graphrec.store.embedded.forgetting import forget_user
from graphrec.store.embedded.integrity import check_store
from graphrec.store.embedded.kept import node_ids
from graphrec.store.embedded.loading import admit, keep, merge, placed, refuse_mixed, stamped
from graphrec.store.embedded.manifest import KeptRun, Manifest
from graphrec.store.embedded.reading import Reading
from graphrec.store.embedded.replacing import change_to, compare, target_of
from graphrec.store.embedded.restoring import restore_manifest
from graphrec.store.embedded.run_tables import keep_run, stream_run
from graphrec.store.embedded.values import data_frame, named_empty_lists
from graphrec.store.embedded.writing import Writing
from graphrec.store.only_reading import require_reading
from graphrec.store.overlays import within_base
from graphrec.store.parameters import plain_parameters
from graphrec.store.remains import remains_of
from graphrec.store.removing import removable
from graphrec.store.replacing import listed, refuse_unbrought_ends, refuse_unreplaceable, undeclared
from graphrec.store.store import Store
from graphrec.tables.conform import shortened
from graphrec.tables.counterfactual_counts import CountedBatches
from graphrec.tables.effects import NewEffects
from graphrec.tables.families import bases, chosen, family, ordered
from graphrec.tables.graph_tables import FROM, TO
from graphrec.tables.ids import positions_in

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    import numpy.typing as npt
    import pandas as pd
    import pyarrow as pa

    from graphrec.progress import Progress
    from graphrec.schema.elements import EdgeKind, GraphSchema
    from graphrec.store.run_parts import RunParts
    from graphrec.tables.explanations import Explanations
    from graphrec.tables.graph_tables import GraphTables
    from graphrec.tables.records import DatasetInfo, RunInfo


class EmbeddedStore(Store):
    """A store in a folder, with no server.

    Reading takes no lock and sees the store as it was last committed. Writing takes the folder's lock for as long as
    one method runs.

    Args:
        path: the folder; made by the first thing written.
        read_only: refuse to write, and require that the store is there. A database that an earlier graphrec made is
            all the same built anew, once, when it is first queried: its content stays as it was.

    Raises:
        StoreError: the folder is something else, or another version's; or is not there, with ``read_only``.
    """

    engine: ClassVar[str] = "ladybug"
    is_sealed = True

    def __init__(self, path: Path | str, *, read_only: bool = False) -> None:
        root = Path(path).expanduser().absolute()
        super().__init__(str(root))
        self._read_only = read_only
        self._reading = Reading(root, must_exist=read_only)

    @property
    def path(self) -> Path:
        """The store's folder."""
        return self._reading.folder.root

    # --- schema and data

    @property
    def schema(self) -> GraphSchema:
        """The schema with the properties that the loaded data sets declare."""
        return self._reading.manifest().schema

    def datasets(self) -> list[DatasetInfo]:
        """Return what this store holds."""
        return ordered(self._reading.manifest().datasets)

    def data_fingerprint(self, dataset: str = "") -> str:
        """Return the recorded fingerprint of a data set; of several in one file, it is computed."""
        base = self.base_dataset(dataset)
        manifest = self._reading.manifest()
        return self.fingerprint(base.id) if manifest.is_mixed else manifest.fingerprint(base.id)

    def load(self, tables: GraphTables, info: DatasetInfo, progress: Progress = no_progress) -> LoadSummary:
        """Upsert nodes and edges as data set ``info``; see ``Store.load``."""
        with self._writing("load") as writing:
            old = writing.manifest
            known = next((each for each in old.datasets if each.id == info.id), None)
            info, base = admit(writing.folder, old, info, tables)
            merged = replace(old, datasets=(*(d for d in old.datasets if d.id != info.id), info))
            progress("merging", 0, 0)
            kept_now = old.data_of(base.id)
            tables, left_out = within_base(tables, info, lambda label: node_ids(writing.folder, kept_now, label))
            change = merge(writing.folder, old, merged, tables, base.id)
            if known and not change.tables and _same(known, info):
                return LoadSummary(known, tables.counts(), changed=False, remarks=left_out)
            generation = old.generation + 1
            kept = placed(keep(writing.folder, change, generation, base), old)
            merged = replace(merged, data=kept, generation=generation)
            loaded = stamped(info, merged.fingerprint(base.id))
            merged = replace(merged, datasets=(*(d for d in old.datasets if d.id != info.id), loaded))
            writing.rebuild(merged, progress)
            added = merged.content(base.id).more_than(old.content(base.id))
        return LoadSummary(loaded, tables.counts(), changed=True, added=added, remarks=left_out)

    def replace(
        self,
        tables: GraphTables,
        info: DatasetInfo,
        progress: Progress = no_progress,
        *,
        replace_most: bool = False,
        overlays: bool = False,
    ) -> LoadSummary:
        """Make a data set equal to tables; see ``Store.replace``."""
        with self._writing("replace the data set") as writing:
            old = writing.manifest
            own = family(old.datasets, info.id)
            gone = refuse_unreplaceable(info, own, overlays=overlays, where=self.uri)
            known = next((each for each in own if each.id == info.id), None)
            info, base = admit(writing.folder, old, info, tables, replacing=True)
            others = tuple(each for each in old.datasets if each not in own)
            schema = replace(old, datasets=(*others, info)).schema
            target = target_of(tables, schema)
            refuse_unbrought_ends(target)
            progress("comparing", 0, 0)
            kept = old.data_of(base.id)
            runs = [run for run in old.runs if old.dataset_of_run(run.info) == base.id]
            dropped = undeclared(own, info)
            comparison, held = compare(writing.folder, kept, runs, target, schema, dropped)
            replaced = comparison.replaced(held, listed(dropped), gone)
            if not replace_most:
                comparison.refuse_most(replaced, self.uri)
            change, emptied = change_to(kept, comparison, held, dropped, schema)
            if known and not change.tables and not emptied and not gone and _same(known, info):
                return LoadSummary(known, target.counts(), changed=False, replaced=replaced)
            generation = old.generation + 1
            data = placed(keep(writing.folder, change, generation, base), old)
            data = tuple(each for each in data if each.dataset != base.id or each.part not in emptied)
            merged = replace(old, data=data, generation=generation)
            loaded = stamped(info, merged.fingerprint(base.id))
            writing.rebuild(replace(merged, datasets=(*others, loaded)), progress)
        return LoadSummary(loaded, target.counts(), changed=True, added=comparison.added(), replaced=replaced)

    def read_nodes(
        self, label: str, columns: Sequence[str] | None = None, *, only: str | None = None
    ) -> Iterator[pa.RecordBatch]:
        """Stream the nodes of a label; see ``Store.read_nodes``."""
        reader = self._reading.reader()
        yield from reader.nodes(label, columns) if only is None else reader.node(label, columns, only)

    def read_edges(
        self, kind: EdgeKind, columns: Sequence[str] | None = None, *, only: str | None = None
    ) -> Iterator[pa.RecordBatch]:
        """Stream the edges of a kind; see ``Store.read_edges``. The ends are dictionary-encoded, but of one source."""
        reader = self._reading.reader()
        yield from reader.edges(kind, columns) if only is None else reader.edges_of(kind, columns, only)

    def index_edges(
        self,
        kind: EdgeKind,
        sources: pa.Array,
        targets: pa.Array,
        columns: Sequence[str] = (),
        *,
        only: str | None = None,
    ) -> dict[str, npt.NDArray[Any]]:
        """Read edges as positions; see ``Store.index_edges``. No id is looked up more than once."""
        if only is not None:
            return super().index_edges(kind, sources, targets, columns, only=only)
        reader = self._reading.reader()
        place = [
            positions_in(reader.ids(label), ids) for label, ids in ((kind.source, sources), (kind.target, targets))
        ]
        parts: dict[str, list[npt.NDArray[Any]]] = {name: [] for name in (FROM, TO, *columns)}
        for table in reader.positions(kind, columns):
            parts[FROM].append(place[0][table.column(0).to_numpy()])
            parts[TO].append(place[1][table.column(1).to_numpy()])
            for i, name in enumerate(columns):
                parts[name].append(table.column(2 + i).to_numpy())
        empty = {FROM: np.empty(0, np.int32), TO: np.empty(0, np.int32)}
        # One column after the other, so that no more than one is there twice.
        whole = {}
        for name in list(parts):
            pieces = parts.pop(name)
            whole[name] = np.concatenate(pieces) if pieces else empty.get(name, np.empty(0))
        return whole

    # --- queries

    def query(self, cypher: str, parameters: Mapping[str, Any] | None = None) -> pd.DataFrame:
        """Run a Cypher text that reads; see ``Store.query``."""
        require_reading(cypher)
        values, used = plain_parameters(parameters), used_parameters(cypher)
        for name in sorted(used - set(values)):
            # The engine would take it for null, and answer with other rows or none.
            raise UsageError(f"the query's parameter ${name} has no value", remedy=f'Give one: {{"{name}": …}}')
        engine = self._reading.engine()
        with named_empty_lists({name: values[name] for name in sorted(used)}) as given:
            return data_frame(engine.run(cypher, given))

    # --- runs

    def write_run(
        self,
        run: RunInfo,
        batches: Iterable[Explanations],
        *,
        make_current: bool = True,
        progress: Progress = no_progress,
    ) -> RunInfo:
        """Write a run whole; see ``Store.write_run``."""
        self._reading.upgrade()  # before the lock is taken: the batches may read this store
        with self._writing("write the run") as writing:
            old = writing.manifest
            stored_run = next((kept.info for kept in old.runs if kept.info.id == run.id), None)
            if stored_run is not None:
                return stored_run
            current = make_current and run.scope == "full"
            dataset = run.dataset or (chosen(old.datasets, self.dataset, self.uri).id if old.datasets else "")
            number = 1 + max((kept.info.number for kept in old.runs), default=0)
            whole = replace(run, status="complete", current=current, dataset=dataset, number=number)
            passing = CountedBatches(batches)
            tables = keep_run(writing.folder, old, whole, passing, progress)
            whole = passing.counted(whole)
            new = KeptRun(whole, tables)
            merged = replace(old, runs=(*old.runs, new), generation=old.generation + 1)
            writing.extend(merged.with_current(run.id) if current else merged, new, progress)
        return whole

    def write_parts(
        self, run: RunInfo, in_parts: RunParts, *, make_current: bool = True, progress: Progress = no_progress
    ) -> RunInfo:
        """Keep the parts beside the store, then write the run whole; see ``Store.write_parts``."""
        stored_run = next((one for one in self.runs() if one.id == run.id), None)
        if stored_run is not None:
            return stored_run
        with in_parts.kept_beside(self.path, run.id, progress) as batches:
            return self.write_run(run, batches, make_current=make_current, progress=progress)

    def read_run(self, run_id: str) -> Iterator[Explanations]:
        """Stream a run out of its kept tables; see ``Store.read_run``."""
        manifest = self._reading.manifest()
        _refuse_unknown(manifest, [run_id], self.uri)
        yield from stream_run(self._reading.folder, next(run for run in manifest.runs if run.info.id == run_id))

    def runs(self) -> list[RunInfo]:
        """Return the complete runs, newest first."""
        return [run.info for run in reversed(self._reading.manifest().runs)]

    def use_run(self, run_id: str) -> None:
        """Make a complete run the current one."""
        self.run(run_id)
        with self._writing("choose the run") as writing:
            old = writing.manifest
            _refuse_unknown(old, [run_id], self.uri)
            writing.extend(replace(old.with_current(run_id), generation=old.generation + 1), None, no_progress)

    def delete_runs(self, run_ids: Sequence[str], progress: Progress = no_progress) -> None:
        """Remove runs; see ``Store.delete_runs``."""
        if not run_ids:
            return
        with self._writing("delete runs") as writing:
            old = writing.manifest
            _refuse_unknown(old, run_ids, self.uri)
            remaining = tuple(run for run in old.runs if run.info.id not in set(run_ids))
            writing.rebuild(replace(old, runs=remaining, generation=old.generation + 1), progress)

    def write_effects(self, run_id: str, batches: Iterable[pa.Table], progress: Progress = no_progress) -> int:
        """Write measured effects into the kept tables of a run, and build the database anew; see ``Store``."""
        self.run(run_id)
        new = NewEffects(run_id, batches)
        if not len(new):
            return 0
        with self._writing("write effects") as writing:
            _refuse_unknown(writing.manifest, [run_id], self.uri)
            writing.rebuild(with_effects(writing.folder, writing.manifest, run_id, new), progress)
        return len(new)

    # --- upkeep

    def forget(self, user_id: str, progress: Progress = no_progress) -> ForgetSummary:
        """Remove a person from the tables, and build the database anew without them."""
        with self._writing("forget the user") as writing:
            progress("removing", 0, 0)
            refuse_mixed(writing.manifest, self.uri)
            fingerprints = [writing.manifest.fingerprint(base.id) for base in bases(writing.manifest.datasets)]
            manifest, removed = forget_user(writing.folder, writing.manifest, user_id)
            writing.rebuild(manifest, progress)
            for before in fingerprints:
                derived.drop(self.uri, before)
            remove_parts_beside(self.path)
        return ForgetSummary(user_id, removed, remains_of(user_id, self.datasets(), self.runs(), self.engine))

    def remove_dataset(
        self, dataset: str, *, overlays: bool = False, progress: Progress = no_progress
    ) -> RemovedDataset:
        """Remove a base data set from the tables, and build the database anew; see ``Store.remove_dataset``."""
        with self._writing("remove the data set") as writing:
            old = writing.manifest
            refuse_mixed(old, self.uri)
            gone = removable(old.datasets, dataset, overlays=overlays, where=self.uri)
            names = {info.id for info in gone}
            runs = tuple(run for run in old.runs if old.dataset_of_run(run.info) != dataset)
            remaining = replace(
                old,
                datasets=tuple(info for info in old.datasets if info.id not in names),
                data=tuple(table for table in old.data if table.dataset != dataset),
                runs=runs,
                generation=old.generation + 1,
            )
            removed = RemovedDataset(
                dataset,
                tuple(info.id for info in gone if info.base),
                tuple(run.info.id for run in old.runs if run not in runs),
                {table.part: table.rows for table in old.data if table.dataset == dataset},
            )
            writing.rebuild(remaining, progress)
            derived.drop(self.uri, old.fingerprint(dataset))
        return removed

    def check(self, progress: Progress = no_progress) -> CheckReport:
        """Compare the kept tables with the manifest, and the database with both."""
        return check_store(self._reading.folder, self._reading.manifest(), progress)

    def rebuild(self, progress: Progress = no_progress) -> None:
        """Make the database anew from the kept tables: data and runs. A damaged manifest is restored from its copy.

        Raises:
            StoreDamagedError: a kept table is damaged too; it is named. Or the manifest is, and has no sound copy.
        """
        with translate_os_errors(self.path, "restore the manifest"):
            restore_manifest(self.path)
        with self._writing("rebuild the database") as writing:
            writing.rebuild(replace(writing.manifest, generation=writing.manifest.generation + 1), progress)

    def close(self) -> None:
        """Let go of the database."""
        self._reading.close()

    @contextmanager
    def _writing(self, doing: str) -> Iterator[Writing]:
        if self._read_only:
            raise UsageError(f"cannot {doing}: the store was opened for reading only", where=self.uri)
        with translate_os_errors(self.path, doing), Writing.begin(self._reading.folder) as writing:
            yield writing


def _same(loaded: DatasetInfo, info: DatasetInfo) -> bool:
    """Return whether both say the same of a data set; a declared property's documentation is not kept."""
    now = {"fingerprint": "", "loaded": "", "status": "", "generation": 0}
    return {**info.to_row(), **now} == {**loaded.to_row(), **now}


def _refuse_unknown(manifest: Manifest, run_ids: Sequence[str], uri: str) -> None:
    stored_ids = [run.info.id for run in manifest.runs]
    unknown = [run_id for run_id in run_ids if run_id not in stored_ids]
    if unknown:
        raise UnknownIdError(
            f"there is no run {shortened(unknown[0])}",
            where=uri,
            remedy=f"Known runs: {', '.join(stored_ids[-5:]) or 'none'}",
        )
