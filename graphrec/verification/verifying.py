"""Read a run's claims from the store, measure them, and say what of it could not be measured, and why."""

from __future__ import annotations

from typing import TYPE_CHECKING

from graphrec.engines.naming import engine_of
from graphrec.errors import UsageError
from graphrec.progress import no_progress
from graphrec.verification.claims import read_claims
from graphrec.verification.result import Excluded, Verified

if TYPE_CHECKING:
    from graphrec.dataset.splitting import Split
    from graphrec.engines.engine import Engine
    from graphrec.models.model import Model
    from graphrec.progress import Progress
    from graphrec.store.store import Store
    from graphrec.tables.records import RunInfo


def verify(
    store: Store,
    run: str = "",
    *,
    model: Model | None = None,
    split: Split | None = None,
    sample: int = 500,
    seed: int = 0,
    progress: Progress = no_progress,
    engine: str | Engine = "",
) -> Verified:
    """Measure what a stored run claims; nothing is written.

    Args:
        store: where the run is.
        run: id of a complete run, or empty for the current one.
        model: the fit that the run came from; without it, only what needs no model is measured.
        split: the split that cut the run's data, if one did.
        sample: how many recommendations are measured; 0 for all.
        seed: of the sample, and of random reasons.
        progress: told how far it has come.
        engine: whose workers measure: ``processes:N``, ``ray``, ``ray://HOST:PORT``, or an ``Engine``; empty for this
            process. A sample is one part; with ``sample=0`` each batch of the run is.

    Raises:
        UnknownIdError: there is no such run.
        ModelError: the run came from another fit; the difference is named.
        UsageError: the split is not the run's.
    """
    info = store.run(run)
    if model is not None:
        from graphrec.verification.fit_check import refuse_other_fit

        refuse_other_fit(model, info)
    excluded = _reason_not_to_read(store, info, split)
    if excluded is not None:
        return Verified(info.id, sample, left_out=(excluded,))
    from graphrec.verification.claim_measure import ClaimMeasure
    from graphrec.verification.putting_together import put_together

    progress("reading the data", 0, 0)
    measure = ClaimMeasure.of(store, info, model, split, sample, seed)
    left_out = () if model is not None else (_without_model(info),)
    claims = read_claims(store.read_run(info.id), sample, seed=seed)
    batches, users = {}, 0
    for number, measured in engine_of(engine).map(measure, claims):
        batches[number] = measured
        users += measured.users
        progress("measuring lists", users, 0)
    return put_together(measure, [batches[number] for number in sorted(batches)], left_out)


def _without_model(info: RunInfo) -> Excluded:
    return Excluded(
        "effects, curves, comprehensiveness and sufficiency, additivity",
        "no model was given",
        f"graphrec verify {info.id} --model FOLDER, with the folder of the fit {info.fit}",
    )


def _reason_not_to_read(store: Store, info: RunInfo, split: Split | None) -> Excluded | None:
    """Return why the data that the run saw cannot be had; None if it can."""
    everything = "effects, curves, sums and the qualities of paths"
    if store.data_fingerprint(store.dataset_of_run(info)) != info.data:
        return Excluded(
            everything, "the data changed after the run", "Recommend again: graphrec recommend FOLDER, and verify that"
        )
    if split is not None and split.fingerprint != info.split:
        raise UsageError(
            f"the run saw the split {info.split}, and this is {split.fingerprint}",
            where=f"run {info.id}",
            remedy="Give the file of the run's split, or none where it saw all",
        )
    if split is None and info.split != "none":
        return Excluded(
            everything, f"the run saw only the training part of the split {info.split}", "Name its file with --split"
        )
    return None
