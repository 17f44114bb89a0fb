"""One run into a store: written whole, audited, and only then current."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from graphrec.audits import audit
from graphrec.progress import no_progress
from graphrec.recommendation.batches import run_batches
from graphrec.recommendation.names_in_store import require_same_names
from graphrec.recommendation.run_record import run_info
from graphrec.recommendation.user_parts import run_parts

if TYPE_CHECKING:
    from collections.abc import Iterator

    from graphrec.audits import AuditReport
    from graphrec.dataset.dataset import Dataset
    from graphrec.engines.engine import Engine
    from graphrec.explaining.explainer import Explainer
    from graphrec.models.model import Model
    from graphrec.progress import Progress
    from graphrec.recommendation.request import Request
    from graphrec.store.run_parts import RunParts
    from graphrec.store.store import Store
    from graphrec.tables.explanations import Explanations
    from graphrec.tables.records import RunInfo


@dataclass(frozen=True)
class WrittenRun:
    """A run as it is in the store.

    Attributes:
        run: its record; ``run.current`` says whether why-queries see it by default.
        report: what the audit found.
        repeated: whether the store already held the complete run.
    """

    run: RunInfo
    report: AuditReport
    repeated: bool


def write_recommendations(
    store: Store,
    model: Model,
    dataset: Dataset,
    request: Request,
    progress: Progress = no_progress,
    explainer: Explainer | None = None,
    engine: Engine | None = None,
) -> WrittenRun:
    """Recommend, explain, write the run, audit it, and make it the current one if it is full and true.

    Asked twice for the same, the second time finds the run of the first, or completes it.

    Args:
        store: where the data came from.
        model: fitted.
        dataset: the data that is recommended from; cut by a split if the run shall see the training part only.
        request: what is asked.
        progress: told how far it has come.
        explainer: who weighs; None for the model itself.
        engine: whose workers recommend and explain, in parts; None for this process, batch by batch.

    Raises:
        UsageError: the explainer's reasons say nothing of the model, and are not stored; or a run of the same fit
            that protects other kinds of attributes has given its factors other names.
    """
    record = run_info(model, dataset, request, explainer)
    if engine is not None:
        return _write_parts(store, record, run_parts(model, dataset, request, explainer, engine), progress)
    return write_audited(store, record, run_batches(model, dataset, request, progress, explainer), progress)


def write_audited(
    store: Store, record: RunInfo, batches: Iterator[Explanations], progress: Progress = no_progress
) -> WrittenRun:
    """Write a run, audit it, and make it the current one if it is full and true.

    Args:
        store: where the data of the run came from.
        record: of the run; where the store holds a run of its id, that one is audited.
        batches: of the run, its factors first.
        progress: told how far it has come.

    Raises:
        UsageError: a run of the same fit that protects other kinds of attributes has given its factors other names.
    """
    earlier = store.runs()
    repeated = any(run.id == record.id for run in earlier)
    named = batches if repeated else require_same_names(store, record, earlier, batches)
    run = store.write_run(record, named, make_current=False, progress=progress)
    return _audited(store, run, repeated, progress)


def _write_parts(store: Store, record: RunInfo, in_parts: RunParts, progress: Progress) -> WrittenRun:
    earlier = store.runs()
    repeated = any(run.id == record.id for run in earlier)
    named = require_same_names(store, record, earlier, iter(in_parts.before))
    run = store.write_parts(record, replace(in_parts, before=named), make_current=False, progress=progress)
    return _audited(store, run, repeated, progress)


def _audited(store: Store, run: RunInfo, repeated: bool, progress: Progress) -> WrittenRun:
    progress("auditing", 0, 0)
    report = audit(store, run.id, with_reach=False)
    if report.sound and run.scope == "full":
        store.use_run(run.id)
        run = replace(run, current=True)
    return WrittenRun(run, report, repeated)
