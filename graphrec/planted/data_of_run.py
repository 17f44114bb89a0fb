"""The data that a stored run saw, of which there is a truth."""

from __future__ import annotations

from typing import TYPE_CHECKING

from graphrec.dataset.dataset import Dataset
from graphrec.dataset.visible_reviews import VisibleReviews
from graphrec.errors import InputError, UsageError

if TYPE_CHECKING:
    from graphrec.dataset.splitting import Split
    from graphrec.planted.truth import Truth
    from graphrec.store.store import Store
    from graphrec.tables.records import RunInfo


def data_of_run(store: Store, run_id: str, truth: Truth, split: Split | None) -> tuple[RunInfo, Dataset]:
    """Return the record of a run and the data that it could see.

    Args:
        store: holds the planted data and the run.
        run_id: of the run; empty for the current one.
        truth: of the data.
        split: the one that the run was given, if it was given one.

    Raises:
        UnknownIdError: there is no such run.
        InputError: the truth is of other data than the run saw.
        UsageError: the run saw another split than this one.
    """
    run = store.run(run_id)
    if truth.data and truth.data != run.data:
        raise InputError(
            f"the truth is of other data ({truth.data}) than the run {run.id} saw ({run.data})",
            where=store.uri,
            remedy="Name the file that graphrec plant wrote for this store",
        )
    fingerprint = "none" if split is None else split.fingerprint
    if run.split != fingerprint:
        raise UsageError(
            f"the run {run.id} saw the split {run.split}, not {fingerprint}",
            remedy="Name the split that it was given with --split" if run.split != "none" else "Leave out --split",
        )
    dataset = Dataset.from_store(store, dataset=store.dataset_of_run(run))
    return run, dataset if split is None else split.apply(dataset, visible=VisibleReviews.of_run(run.params)).train
