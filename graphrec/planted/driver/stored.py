"""The first reasons of a stored run, read from the graph and held against what users take items for."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import pyarrow.compute as pc

from graphrec.planted.data_of_run import data_of_run
from graphrec.planted.driver.controls import chances_of_controls
from graphrec.planted.driver.driver_score import SHARES, DriverScore
from graphrec.planted.driver.driver_truth import DriverTruth
from graphrec.planted.driver.first_reasons import true_reasons
from graphrec.progress import no_progress
from graphrec.schema.property_graph import EVIDENCE_LABELS

if TYPE_CHECKING:
    import numpy.typing as npt
    import pyarrow as pa

    from graphrec.dataset.dataset import Dataset
    from graphrec.dataset.splitting import Split
    from graphrec.planted.truth import Truth
    from graphrec.progress import Progress
    from graphrec.store.store import Store
    from graphrec.tables.records import RunInfo


@dataclass(frozen=True)
class DriverRunScore:
    """How often a run's first reasons name what users take items for.

    Attributes:
        run: its record.
        score: of the run as it is stored, the controls with it.
    """

    run: RunInfo
    score: DriverScore


def score_driver_run(
    store: Store, run_id: str, truth: Truth, *, split: Split | None = None, progress: Progress = no_progress
) -> DriverRunScore:
    """Hold the first reasons of a stored run against what users take items for.

    Args:
        store: holds the planted data and the run.
        run_id: of the run; empty for the current one.
        truth: of the data, with rows of the part ``driver``.
        split: the one that the run was given, if it was given one.
        progress: told how many recommendations are done.

    Raises:
        UnknownIdError: there is no such run.
        InputError: the truth is of other data than the run saw.
        UsageError: the run saw another split than this one.
    """
    run, dataset = data_of_run(store, run_id, truth, split)
    drivers, made = DriverTruth.of(truth, dataset), 0
    who = [np.empty(0, dtype=np.int64)]
    shares: dict[str, list[npt.NDArray[Any]]] = {name: [np.empty(0)] for name in SHARES}
    for batch in store.read_run(run.id):
        rows = batch.recommendations
        user, item = (
            ids.positions(rows[side]).astype(np.int64)
            for side, ids in (("user", dataset.users), ("item", dataset.items))
        )
        label, node, via = _first(batch.reasons, dataset, user * len(dataset.items) + item)
        carrying = drivers.has(user, item)
        pairs = user[carrying], item[carrying]
        found = (
            *true_reasons(drivers, pairs[0], label[carrying], node[carrying], via[carrying]),
            *chances_of_controls(drivers, *pairs, dataset.positives),
        )
        who.append(pairs[0])
        for name, values in zip(SHARES, found, strict=True):
            shares[name].append(values)
        made += rows.num_rows
        progress("scoring", made, 0)
    users = np.concatenate(who)
    kinds = [drivers.kinds[kind] for kind in drivers.followed_kind(users)]
    whole = {name: np.concatenate(parts) for name, parts in shares.items()}
    return DriverRunScore(run, DriverScore.of(made, users, kinds, **whole))


def _first(
    reasons: pa.Table, dataset: Dataset, recommendations: npt.NDArray[np.int64]
) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.int64], npt.NDArray[np.str_]]:
    """Return label, node and ``via`` of the first reason of each recommendation, as ``true_reasons`` takes them.

    Args:
        reasons: stored, any number for each recommendation.
        dataset: whose numbers are returned.
        recommendations: user · items + item, in any order.
    """
    rows = reasons.filter(pc.equal(reasons["rank"], 1))
    of_user, of_item = dataset.users.positions(rows["user"]), dataset.items.positions(rows["item"])
    keys = of_user.astype(np.int64) * len(dataset.items) + of_item
    order = np.argsort(recommendations)
    place = order[np.searchsorted(recommendations[order], keys)]
    label, node = (np.full(len(recommendations), -1, dtype=np.int64) for _ in range(2))
    via = np.full(len(recommendations), "", dtype=object)
    via[place] = rows["via"].to_pylist()
    for code, name in enumerate(EVIDENCE_LABELS):
        of_label = np.asarray(pc.equal(rows["label"], name), dtype=np.bool_)
        label[place[of_label]] = code
        if name in dataset.nodes:
            node[place[of_label]] = dataset.nodes[name].positions(rows["evidence"].filter(of_label))
    return label, node, via.astype(str)
