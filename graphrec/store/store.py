"""The interface of stores. Two engines implement it; one contract suite runs against both."""

from __future__ import annotations

import dataclasses
from abc import ABC, abstractmethod
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, ClassVar, TypeVar

import numpy as np

from graphrec.errors import UnknownIdError
from graphrec.progress import no_progress
from graphrec.schema.property_graph import SCHEMA
from graphrec.store.content import content_fingerprint, data_batches
from graphrec.store.replace_options import refuse_without_replace
from graphrec.tables.conform import shortened
from graphrec.tables.families import chosen, family, latest
from graphrec.tables.graph_tables import FROM, TO, GraphTables
from graphrec.tables.ids import positions_in

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
    from types import TracebackType

    import numpy.typing as npt
    import pandas as pd
    import pyarrow as pa
    from typing_extensions import Self, Unpack

    from graphrec.loading.contract import Loaded, LoaderReport
    from graphrec.loading.frame_columns import FrameLike
    from graphrec.loading.frames_to_tables import FrameColumns
    from graphrec.progress import Progress
    from graphrec.schema.elements import EdgeKind, GraphSchema
    from graphrec.store.remains import Remainder
    from graphrec.store.replacing import Replaced
    from graphrec.store.run_parts import RunParts
    from graphrec.tables.explanations import Explanations
    from graphrec.tables.reading import Reading
    from graphrec.tables.records import DatasetInfo, RunInfo

T = TypeVar("T")


@dataclass(frozen=True)
class LoadSummary:
    """Summary of a load. Loading the same files twice leaves ``fingerprint`` as it was.

    Attributes:
        dataset: the record of the data set.
        rows: rows of the tables by node label and kind of edge.
        changed: whether the store holds anything that it did not hold before.
        added: how many nodes and edges the store did not have, by label and kind; those without any are left out.
        replaced: what a replacement removed; None of a load.
        report: what of each file or frame was kept and skipped; None where tables were loaded.
        remarks: what of the tables was left out, such as edges of items that the base of an overlay does not have.
    """

    dataset: DatasetInfo
    rows: Mapping[str, int]
    changed: bool
    added: Mapping[str, int] = field(default_factory=dict)
    replaced: Replaced | None = None
    report: LoaderReport | None = None
    remarks: tuple[str, ...] = ()


@dataclass(frozen=True)
class Finding:
    """One thing that ``check`` found wrong: what, where, and the remedy."""

    what: str
    where: str
    remedy: str


@dataclass(frozen=True)
class CheckReport:
    """The result of ``check``; no findings means that the store holds what was written to it."""

    examined: Mapping[str, int]
    findings: tuple[Finding, ...] = ()

    @property
    def sound(self) -> bool:
        """Whether there are no findings."""
        return not self.findings


@dataclass(frozen=True)
class ForgetSummary:
    """What forgetting a person removed, and what may still hold something of them.

    Attributes:
        user: the person's id.
        removed: numbers of rows by kind.
        remains: places that the store cannot clear, with what clears them; those in the store itself first.
    """

    user: str
    removed: Mapping[str, int] = field(default_factory=dict)
    remains: tuple[Remainder, ...] = ()


@dataclass(frozen=True)
class RemovedDataset:
    """What removing a data set removed.

    Attributes:
        dataset: its id.
        overlays: ids of its overlays.
        runs: ids of its runs.
        rows: rows by node label and kind of edge.
    """

    dataset: str
    overlays: tuple[str, ...]
    runs: tuple[str, ...]
    rows: Mapping[str, int]


class Store(ABC):
    """A property graph that holds data, recommendations and their reasons.

    It may hold several base data sets, whose ids have prefixes of their own, each with its overlays and runs. Methods
    that speak of one take its id as ``dataset``; an empty one means ``self.dataset``, else the only one, else the one
    without a prefix.

    Every method that changes the store does so whole or not at all, and may be repeated.
    Methods raise ``StoreError`` and its kinds; a store that is busy in another process raises ``StoreLockedError``.

    Attributes:
        uri: its name.
        dataset: id of the base data set that is meant where none is named; empty for the default.
    """

    engine: ClassVar[str]

    def __init__(self, uri: str) -> None:
        self.uri = uri
        self.dataset = ""

    # --- schema and data

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
    def load(self, tables: GraphTables, info: DatasetInfo, progress: Progress = no_progress) -> LoadSummary:
        """Upsert nodes and edges as data set ``info``: what is there under the same key is replaced.

        A node's key is its id; an edge's are its two ends and the ``key`` properties of its type. A property whose
        column a table lacks, or has as Arrow's null type, stays as it was; a column's null removes the property. Of
        rows with one key in one table, the last counts. Ends may stand in ``tables`` or be in the store already. Edges
        of an overlay whose user or item is nowhere are left out, and ``remarks`` count them.

        A node row that only mentions its node (``graphrec.tables.stated``: a table of ids alone, or rows that loaders
        mark so) makes it where it is not there, and changes nothing where it is. A null or empty name leaves the name;
        a new node is named by its id. Of an ``INTERACTED`` pair that is there and has a later ``timestamp`` than the
        row, all but the weight stays. A weight that a loader counted never lowers the one that is there.

        What ``info`` declares is added to what earlier loads of the data set declared.

        Raises:
            InputError: a second base data set, an overlay whose base is not here or that touches nothing of it, or an
                edge whose end is nowhere.
            SchemaError: the tables do not fit the schema with what ``info`` and the data sets here declare, or a
                property is declared again with another type.
        """

    @abstractmethod
    def replace(
        self,
        tables: GraphTables,
        info: DatasetInfo,
        progress: Progress = no_progress,
        *,
        replace_most: bool = False,
        overlays: bool = False,
    ) -> LoadSummary:
        """Make a base data set equal to tables: as after a load of them into an empty store, whole or not at all.

        Nodes, edges and declared properties that the tables lack go. A node that a stored run of the data set names
        stays without its edges, so that the run stays whole; it goes with the first replacement after the run was
        deleted. Runs become stale. Other data sets stay as they are. On Neo4j a replacement that died half-way is
        completed by the same call; until then the data set can neither be read nor otherwise loaded.

        Args:
            tables: all nodes and edges; the ends of edges are among the nodes.
            info: the record of the data set; what earlier loads declared is forgotten.
            progress: told how far it has come.
            replace_most: whether more than half of the nodes of a label, of the edges of a kind, or of the values
                of a column may go.
            overlays: whether the overlays of the data set, whose rows are among its own, may go.

        Returns:
            What changed; ``replaced`` says what was removed, and which values became empty.

        Raises:
            UsageError: it is an overlay, or has overlays that may not go; or most of a part would go.
            InputError, SchemaError: as for ``load``; an edge whose end is not among the nodes.
        """

    def load_frames(
        self,
        interactions: FrameLike,
        *,
        replace: bool = False,
        replace_most: bool = False,
        overlays: bool = False,
        progress: Progress = no_progress,
        **columns: Unpack[FrameColumns],
    ) -> LoadSummary:
        """Load a data set from data frames; loading the same frames twice changes nothing.

        A load adds and updates. With ``replace`` the data set becomes equal to the frames: what they lack goes.

        Args:
            interactions: one row for each interaction.
            replace: whether what the frames lack goes from the data set; see ``replace``, the method.
            replace_most: whether more than half of the nodes of a label, of the edges of a kind, or of the values of
                a column may go so.
            overlays: whether the data set's overlays may go so.
            progress: told how far it has come.
            columns: which column holds what, and the frames of items, users and triples: see
                ``graphrec.loading.frames_to_tables.frames_to_tables``.

        Returns:
            What the load changed; ``report`` says what of each frame was kept and skipped.

        Raises:
            InputError: a frame cannot be used; frame, row and the nearest columns are named.
            UsageError: what was handed in is no frame; or a replacement that needs ``replace_most`` or ``overlays``.
        """
        from graphrec.loading.frames_to_tables import frames_to_tables, require_arguments

        require_arguments(columns)
        refuse_without_replace(replace, replace_most=replace_most, overlays=overlays)
        loaded = frames_to_tables(interactions, **columns)
        return self.take_in(loaded, progress, replace=replace, replace_most=replace_most, overlays=overlays)

    def take_in(
        self,
        loaded: Loaded,
        progress: Progress = no_progress,
        *,
        replace: bool = False,
        replace_most: bool = False,
        overlays: bool = False,
    ) -> LoadSummary:
        """Load what a loader or frames gave, or with ``replace`` make the data set equal to it.

        Arguments and errors as for ``load`` and ``replace``; the summary has the loader's report.
        """
        summary = (
            self.replace(loaded.tables, loaded.info, progress, replace_most=replace_most, overlays=overlays)
            if replace
            else self.load(loaded.tables, loaded.info, progress)
        )
        return dataclasses.replace(summary, report=loaded.report)

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

    def dataset_of_run(self, run: RunInfo) -> str:
        """Return the id of the data set that a run recommends from; of runs from before 0.4, the default."""
        return run.dataset or chosen(self.datasets(), "", self.uri).id

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

    # --- queries

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

    # --- runs

    @abstractmethod
    def write_run(
        self,
        run: RunInfo,
        batches: Iterable[Explanations],
        *,
        make_current: bool = True,
        progress: Progress = no_progress,
    ) -> RunInfo:
        """Write a run: it appears whole, or the store stays as it was.

        A run of this id that was left half-written is completed or replaced; one that is whole is left alone and
        returned. ``status`` becomes complete and, if ``make_current`` and the scope is full, ``current`` flips to
        it in the same transaction.
        """

    @abstractmethod
    def write_parts(
        self, run: RunInfo, in_parts: RunParts, *, make_current: bool = True, progress: Progress = no_progress
    ) -> RunInfo:
        """Write a run whose parts an engine's workers make; the store then holds what ``write_run`` makes of it.

        As with ``write_run`` the run appears whole or not at all. An attempt that was interrupted is gone on from,
        part by part. An embedded store takes all parts in one commit; into a Neo4j the workers write themselves, at
        once, with user and password from their own environment.

        Raises:
            GraphrecError: as for ``Engine.map`` and ``write_run``.
        """

    @abstractmethod
    def read_run(self, run_id: str) -> Iterator[Explanations]:
        """Stream a complete run back, in batches that ``write_run`` takes; memory is bounded by one batch.

        Raises:
            UnknownIdError: there is no such run.
        """

    @abstractmethod
    def write_effects(self, run_id: str, batches: Iterable[pa.Table], progress: Progress = no_progress) -> int:
        """Replace the ``effect`` of some reasons of a complete run by what was measured since, whole or not at all.

        Nothing else of the run changes, and no other run. The same again changes nothing more.

        Args:
            run_id: id of the run.
            batches: tables of ``graphrec.tables.effects.EFFECTS``; together they name each reason once at most, and
                are held at once.
            progress: told how many are written.

        Returns:
            How many reasons were given.

        Raises:
            UnknownIdError: there is no such run.
            InputError: a reason that the run does not have or that is named twice, or an effect that is no finite
                number; the store is then as it was.
        """

    @abstractmethod
    def runs(self) -> list[RunInfo]:
        """Return the complete runs of all data sets, newest first, by ``number`` and not by the clock."""

    @abstractmethod
    def use_run(self, run_id: str) -> None:
        """Make a complete run the current one of its data set. Raises UnknownIdError."""

    @abstractmethod
    def delete_runs(self, run_ids: Sequence[str], progress: Progress = no_progress) -> None:
        """Remove runs with their recommendations and reasons, and factors that no remaining run's fit needs."""

    def runs_of(self, dataset: str = "") -> list[RunInfo]:
        """Return the complete runs of one data set, newest first."""
        runs = self.runs()
        base = self.base_dataset(dataset).id if runs else ""
        return [run for run in runs if self.dataset_of_run(run) == base]

    def keep_runs(self, newest: int, progress: Progress = no_progress, *, dataset: str = "") -> list[str]:
        """Remove all but the ``newest`` runs of each data set, or of one, and the current ones; return the ids removed.

        Which run is newer, their order of writing says, not the clock.
        """
        runs = self.runs()
        one = self.base_dataset(dataset).id if runs and (dataset or self.dataset) else ""
        of_dataset: dict[str, list[RunInfo]] = {}
        for run in runs:
            of_dataset.setdefault(self.dataset_of_run(run), []).append(run)
        kept = [listed for name, listed in of_dataset.items() if one in ("", name)]
        retired = [run.id for listed in kept for run in listed[newest:] if not run.current]
        self.delete_runs(retired, progress)
        return retired

    def run(self, run_id: str = "", *, dataset: str = "") -> RunInfo:
        """Return the run of this id, or for an empty id the current one of a data set; raise UnknownIdError."""
        runs = self.runs()
        base = self.base_dataset(dataset).id if runs and not run_id else ""
        for run in runs:
            if run.id == run_id or (not run_id and run.current and self.dataset_of_run(run) == base):
                return run
        names = ", ".join(run.id for run in runs[:5])
        raise UnknownIdError(
            f"there is no run {shortened(run_id)}" if run_id else "the store has no current run",
            where=self.uri,
            remedy=f"Known runs: {names}" if names else "Write one first: graphrec recommend FOLDER",
        )

    # --- upkeep

    @abstractmethod
    def remove_dataset(
        self, dataset: str, *, overlays: bool = False, progress: Progress = no_progress
    ) -> RemovedDataset:
        """Remove a base data set: nodes, edges, kept tables, and runs with their reasons, whole or not at all.

        Other data sets stay as they are. On Neo4j a removal that died half-way is completed by the same call; until
        then the data set can neither be read nor loaded.

        Args:
            dataset: id of a base data set.
            overlays: whether its overlays, whose rows are among its own, may go with it.
            progress: told what is being removed.

        Raises:
            UnknownIdError: there is no such data set.
            UsageError: it is an overlay, or has overlays that may not go.
        """

    @abstractmethod
    def forget(self, user_id: str, progress: Progress = no_progress) -> ForgetSummary:
        """Remove a person: node and edges, recommendations with their reasons, kept tables.

        Where other people's recommendations name this person as evidence (a neighbour), that reason goes too:
        ``n_reasons`` falls by one and ``rest`` takes up its weight. The recorded fingerprint follows.

        Copies, files and models that were made from the store are not touched; ``remains`` of the answer names them.

        Raises:
            UnknownIdError: there is no such user.
        """

    @abstractmethod
    def check(self, progress: Progress = no_progress) -> CheckReport:
        """Compare what is stored with what was written, and say what is wrong."""

    @abstractmethod
    def close(self) -> None:
        """Release the store; harmless to repeat."""

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()
