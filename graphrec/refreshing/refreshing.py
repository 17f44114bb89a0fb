"""Bring the current run of a store up to its data: the nightly job, which may be killed anywhere and repeated."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import pyarrow as pa

from graphrec import strict_json
from graphrec.atomic_folders import put_back
from graphrec.audits import audit
from graphrec.dataset.dataset import Dataset
from graphrec.errors import UsageError
from graphrec.models.saving import load_model
from graphrec.own_kinds import MODEL
from graphrec.progress import no_progress
from graphrec.recommendation.batches import AlignedRequest, fallback_of, recommend_aligned
from graphrec.recommendation.factor_tables import tables_of
from graphrec.recommendation.graph_of_fit import dataset_of_fit
from graphrec.recommendation.run_record import run_info
from graphrec.recommendation.write_run import WrittenRun, write_audited
from graphrec.refreshing.fitting_again import fit_again
from graphrec.refreshing.growth import growth_since
from graphrec.refreshing.kept_lists import kept_batches, may_take_over, unchanged_users
from graphrec.refreshing.last_request import explainer_of, request_of
from graphrec.refreshing.list_changes import ListChanges, changes_between
from graphrec.refreshing.lists import read_lists
from graphrec.refreshing.rules import Decision, Wish, decide

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    import numpy.typing as npt

    from graphrec.models.recommender import Recommender
    from graphrec.progress import Progress
    from graphrec.store.store import Store
    from graphrec.tables.explanations import Explanations
    from graphrec.tables.records import RunInfo


@dataclass(frozen=True)
class Refreshed:
    """What a refresh did.

    Attributes:
        decision: what became of the fit, and why.
        earlier: record of the run that was current before.
        written: the run that is of the present data, with its audit; current if that found nothing.
        renewed: people whose lists were computed now, or found to have no input.
        kept: people whose lists were taken over.
        warnings: what speaks against a new fit, as ``train`` says it; empty where the fit was kept.
        changes: what changed in people's lists; None where the current run was of this data and fit already.
        retired: ids of the runs that were removed.
    """

    decision: Decision
    earlier: RunInfo
    written: WrittenRun
    renewed: int
    kept: int
    warnings: tuple[str, ...]
    changes: ListChanges | None
    retired: tuple[str, ...]


def refresh(
    store: Store,
    folder: Path | str,
    *,
    fit: Wish = "auto",
    keep_runs: int = 2,
    items: Sequence[str] | None = None,
    exclude: Sequence[str] | None = None,
    kind: type[Recommender] | None = None,
    progress: Progress = no_progress,
) -> Refreshed:
    """Recommend again to those whose data changed since the current run, and make the result current whole.

    The current run says what is asked: numbers, items, protected kinds and explainer. The rules of
    ``graphrec.refreshing.rules`` decide whether the model is fitted again; a new fit renews all lists, the same fit
    those of people for whom it would be computed from other data (``graphrec.recommendation.basis``). The run that
    results is the one that ``gr.recommend`` would write, but for the times at which its lists were computed.

    Every step is whole or not at all, and finds what an earlier attempt did: killed anywhere, the same call completes.

    Args:
        store: with a current run.
        folder: of the fit; a new fit takes its place.
        fit: ``auto`` decides by the rules; ``keep`` and ``again`` do as they say.
        keep_runs: how many of the newest runs that ask the same of the same model stay, the current one among them.
        items: whitelist of ids; None for that of the current run.
        exclude: ids that must not be recommended; None for those of the current run.
        kind: class of the model, where it is not one of graphrec's own.
        progress: told how far it has come.

    Raises:
        InputError: there is no fit in the folder.
        ModelError: the fit is to be kept, and the data lacks items or entities of it; or training failed.
        UnknownIdError: there is no current run, or an item is unknown.
        UsageError: the run or the fit is of a split; there is no such wish; the current run had a list of items that
            is not kept, and none is given; or no run is to be kept.
    """
    folder = Path(folder)
    if keep_runs < 1:
        raise UsageError(f"{keep_runs} runs cannot be kept", remedy="Give 1 or more: the current one stays")
    put_back(folder, MODEL)
    model = load_model(folder, kind)
    of_fit = dataset_of_fit(model.record, store)
    current = store.run(dataset=of_fit)
    _refuse_split(current, model.record.split)
    request, explainer = request_of(current, items, exclude), explainer_of(current)
    progress("reading the data", 0, 0)
    rules = model.record
    dataset = Dataset.from_store(store, rules.positive_if, negative_if=rules.negative_if, dataset=of_fit)
    decision = decide(growth_since(model, dataset), fit)
    if decision.again:
        model = fit_again(model, dataset, folder, progress)
    warnings = tuple(warning.full for warning in model.record.warnings) if decision.again else ()
    record = run_info(model, dataset, request, explainer)
    if record.id == current.id:
        progress("auditing", 0, 0)
        written = WrittenRun(current, audit(store, current.id, with_reach=False), repeated=True)
        retired = _retire(store, current, keep_runs, progress)
        return Refreshed(decision, current, written, 0, len(dataset.users), warnings, None, retired)
    before = read_lists(store, current.id, dataset)
    aligned = AlignedRequest.of(model, dataset, request, explainer)
    is_kept = np.zeros(len(dataset.users), dtype=bool)
    if may_take_over(current, record, explainer):
        is_kept = unchanged_users(before.basis, aligned.bases)
    written = write_audited(store, record, _batches(store, current, aligned, is_kept, progress), progress)
    changes = changes_between(before, read_lists(store, record.id, dataset), dataset)
    kept = int(np.count_nonzero(is_kept))
    retired = _retire(store, written.run, keep_runs, progress) if written.run.current else ()
    return Refreshed(decision, current, written, len(is_kept) - kept, kept, warnings, changes, retired)


def _batches(
    store: Store, current: RunInfo, aligned: AlignedRequest, is_kept: npt.NDArray[np.bool_], progress: Progress
) -> Iterator[Explanations]:
    """Yield the run: its factors, the lists that are taken over, those that are computed, and the fallback."""
    factors = [tables_of(aligned.factors, aligned.data)] if len(aligned.factors.ids) else []
    users = aligned.data.users.ids.filter(pa.array(is_kept))
    kept = kept_batches(store, current, users) if len(users) else iter(())
    computed = recommend_aligned(aligned, np.flatnonzero(~is_kept), progress)
    return chain(factors, kept, computed, fallback_of(aligned))


def _refuse_split(current: RunInfo, split_of_fit: str) -> None:
    """Refuse runs and fits that see a part of the data: what is new is in no part of an earlier split."""
    for whose, split in ((f"run {current.id}", current.split), ("fit", split_of_fit)):
        if split != "none":
            raise UsageError(
                f"the {whose} sees the training part of the split {split}, which new interactions are no part of",
                remedy="Train and recommend without --split first; a split is for finding out what a model is worth",
            )


def _retire(store: Store, current: RunInfo, keep_runs: int, progress: Progress) -> tuple[str, ...]:
    """Remove the runs that ask the same of the same model but for the newest; return their ids."""
    asked = _asked(current)
    dataset = store.dataset_of_run(current)
    alike = [run for run in store.runs_of(dataset) if _asked(run) == asked and not run.current]
    retired = tuple(run.id for run in alike[keep_runs - 1 :])
    store.delete_runs(retired, progress)
    return retired


def _asked(run: RunInfo) -> str:
    """Return what a run asks of which model, whatever items were on its lists that night."""
    request = {name: value for name, value in run.params["request"].items() if name not in ("items", "exclude")}
    return strict_json.dumps([run.model, run.scope, {**run.params, "request": request}], sort_keys=True)
