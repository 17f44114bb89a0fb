"""The runs of a store: writing, reading, choosing the current one, retiring old ones."""

from __future__ import annotations

from abc import abstractmethod
from typing import TYPE_CHECKING

from graphrec.errors import UnknownIdError
from graphrec.progress import no_progress
from graphrec.store.stored_data import StoredData
from graphrec.tables.conform import shortened
from graphrec.tables.families import chosen

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    import pyarrow as pa

    from graphrec.progress import Progress
    from graphrec.store.run_parts import RunParts
    from graphrec.tables.explanations import Explanations
    from graphrec.tables.records import RunInfo


class StoredRuns(StoredData):
    """The part of a store that holds recommendations and their reasons."""

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

    def dataset_of_run(self, run: RunInfo) -> str:
        """Return the id of the data set that a run recommends from; of runs from before 0.4, the default."""
        return run.dataset or chosen(self.datasets(), "", self.uri).id
