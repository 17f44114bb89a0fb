"""The reasons of a stored run, read from the graph and held against what people state."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from scipy import sparse

from graphrec.arrays.bounded_blocks import row_blocks
from graphrec.planted.data_of_run import data_of_run
from graphrec.planted.stated.carried import changed_places
from graphrec.planted.stated.stated_truth import StatedTruth
from graphrec.planted.stated.taste_score import TasteScore, taste_score
from graphrec.planted.stated.yardsticks import yardsticks
from graphrec.progress import no_progress

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    import numpy.typing as npt

    from graphrec.dataset.dataset import Dataset
    from graphrec.dataset.incidence import Incidence
    from graphrec.dataset.splitting import Split
    from graphrec.planted.truth import Truth
    from graphrec.progress import Progress
    from graphrec.store.store import Store
    from graphrec.tables.records import RunInfo


@dataclass(frozen=True)
class TasteRunScore:
    """How well a run's reasons know stated tastes.

    Attributes:
        run: its record.
        reasons: of the run as it is stored: the weights of the stored reasons that carry a value, added up.
        yardsticks: of the same users, by name.
    """

    run: RunInfo
    reasons: TasteScore
    yardsticks: Mapping[str, TasteScore]


def score_tastes(
    store: Store,
    run_id: str,
    truth: Truth,
    *,
    split: Split | None = None,
    seed: int = 0,
    progress: Progress = no_progress,
) -> TasteRunScore:
    """Hold the stored reasons of a run against what people state.

    Args:
        store: holds the planted data and the run.
        run_id: of the run; empty for the current one.
        truth: of the data, with stated tastes.
        split: the one that the run was given, if it was given one.
        seed: of the control.
        progress: told how many recommendations are done.

    Raises:
        UnknownIdError: there is no such run.
        InputError: the truth is of other data than the run saw.
        UsageError: the run saw another split than this one.
    """
    run, dataset = data_of_run(store, run_id, truth, split)
    stated_truth = StatedTruth.of(truth, dataset)
    reasons, done = [], 0
    for batch in store.read_run(run.id):
        reasons.append(batch.reasons.select(["user", "label", "evidence", "weight"]))
        done += batch.recommendations.num_rows
        progress("scoring", done, 0)
    table = pa.concat_tables(reasons)
    users = np.unique(dataset.users.positions(table["user"]))
    by_yardstick = {name: one[users] for name, one in yardsticks(dataset, stated_truth).items()}
    own, control = stored_value_scores(table, dataset, stated_truth, np.random.default_rng(seed))
    stated = stated_truth.stated[users]
    return TasteRunScore(
        run,
        taste_score(stated, by_yardstick, own[users], control[users]),
        {name: taste_score(stated, by_yardstick, one) for name, one in by_yardstick.items()},
    )


def stored_value_scores(
    reasons: pa.Table, dataset: Dataset, truth: StatedTruth, rng: np.random.Generator
) -> tuple[npt.NDArray[np.float64], npt.NDArray[np.float64]]:
    """Return the summed weights of the reasons that carry each value and the control, float64 [users, V] each.

    Args:
        reasons: rows of ``user``, ``label``, ``evidence`` and ``weight``.
        dataset: what the run saw.
        truth: in the numbers of the data set.
        rng: of the control, in which each user's items change places, and so do the values that they carry.
    """
    n_values = len(truth.values)
    of_items = _weights(reasons, dataset, "Item", np.arange(len(dataset.items)), len(dataset.items))
    of_values = sum(
        _weights(reasons, dataset, label, of_node, n_values)
        for label, of_node in (("Attribute", truth.of_attribute), ("Entity", truth.of_entity))
    )
    carries, taken = truth.carries.csr(np.float64), dataset.positives
    own = np.asarray((of_items @ carries + of_values).todense())
    swapped = _swapped(of_items, taken, rng) @ carries + _swapped(of_values, taken.reach(truth.carries), rng)
    return own, np.asarray(swapped.todense())


def _weights(
    reasons: pa.Table, dataset: Dataset, label: str, column: npt.NDArray[np.int64], n_columns: int
) -> sparse.csr_matrix:
    """Return the summed weights of reasons of one label, users × columns; ``column`` of a node is −1 for none."""
    rows = reasons.filter(pc.equal(reasons["label"], label))
    ids = dataset.nodes[label]
    user, node = dataset.users.positions(rows["user"]), ids.positions(rows["evidence"])
    place = np.where(node < 0, -1, column[node]) if len(column) else np.full(len(node), -1)
    known = (user >= 0) & (place >= 0)
    weight = np.asarray(rows["weight"], dtype=np.float64)[known]
    return sparse.csr_matrix((weight, (user[known], place[known])), shape=(len(dataset.users), n_columns))


def _swapped(weights: Any, owned: Incidence, rng: np.random.Generator) -> sparse.csr_matrix:
    """Return the weights with what each user has in other places among themselves."""
    weights = weights.tocsr()
    parts: Sequence[npt.NDArray[np.int64]] = [
        changed_places(owned.rows(np.arange(rows.start, rows.stop)), rng)[_entries(weights, rows)]
        for rows in row_blocks(owned.n_rows, owned.n_columns)
    ]
    columns = np.concatenate([np.empty(0, dtype=np.int64), *parts])
    return sparse.csr_matrix((weights.data, columns, weights.indptr), shape=weights.shape)


def _entries(weights: Any, rows: slice) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.int32]]:
    """Return row (from 0) and column of each entry in some rows."""
    starts = weights.indptr[rows.start : rows.stop + 1]
    row = np.repeat(np.arange(len(starts) - 1), np.diff(starts))
    return row, weights.indices[starts[0] : starts[-1]]
