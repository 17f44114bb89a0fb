"""The reasons of a stored run, read from the graph and held against the truth."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pyarrow.compute as pc
from scipy import sparse

from graphrec.arrays.padding import padded
from graphrec.dataset.incidence import Incidence
from graphrec.planted.data_of_run import data_of_run
from graphrec.planted.numbered import ATTRIBUTE, ENTITY, ITEM, NumberedTruth
from graphrec.planted.reason_scores import TOP, MatchedReasons, ReasonScore, match_reasons, score
from graphrec.progress import no_progress
from graphrec.schema.property_graph import EVIDENCE_LABELS

if TYPE_CHECKING:
    from collections.abc import Iterator

    import numpy.typing as npt
    import pyarrow as pa

    from graphrec.dataset.dataset import Dataset
    from graphrec.dataset.node_ids import NodeIds
    from graphrec.dataset.splitting import Split
    from graphrec.planted.truth import Truth
    from graphrec.progress import Progress
    from graphrec.store.store import Store
    from graphrec.tables.explanations import Explanations
    from graphrec.tables.records import RunInfo


@dataclass(frozen=True)
class RunScore:
    """A run's reasons beside two controls on the same recommendations.

    Attributes:
        run: its record.
        reasons: of the run as it is stored.
        random: three of the user's inputs, drawn at random for each recommendation.
        popularity: the three of the user's inputs that most users have.
    """

    run: RunInfo
    reasons: ReasonScore
    random: ReasonScore
    popularity: ReasonScore


def score_run(
    store: Store,
    run_id: str,
    truth: Truth,
    *,
    split: Split | None = None,
    seed: int = 0,
    progress: Progress = no_progress,
) -> RunScore:
    """Score the reasons of a stored run.

    The controls choose among all inputs of the labels that the run names: taken items, attributes and entities of taken
    items, the user's own attributes.

    Args:
        store: holds the planted data and the run.
        run_id: of the run; empty for the current one.
        truth: of the data.
        split: the one that the run was given, if it was given one.
        seed: of the random control.
        progress: told how many recommendations are done.

    Raises:
        UnknownIdError: there is no such run.
        InputError: the truth is of other data than the run saw.
        UsageError: the run saw another split than this one.
    """
    run, dataset = data_of_run(store, run_id, truth, split)
    numbered_truth = NumberedTruth(truth, dataset, dataset.taken)
    judged: dict[str, list[MatchedReasons]] = {"reasons": [], "random": [], "popularity": []}
    controls = None
    done = 0
    for batch in store.read_run(run.id):
        controls = controls or _Controls(dataset, batch, np.random.default_rng(seed))
        for name, part in _held_against(numbered_truth, dataset, batch, controls):
            judged[name].append(part)
        done += batch.recommendations.num_rows
        progress("scoring", done, 0)
    return RunScore(run, *(score(judged[name]) for name in ("reasons", "random", "popularity")))


def _held_against(
    truth: NumberedTruth, numbering: NodeIds, batch: Explanations, controls: _Controls
) -> Iterator[tuple[str, MatchedReasons]]:
    rows = batch.recommendations
    user, item = (
        ids.positions(rows[side]).astype(np.int64)
        for side, ids in (("user", numbering.users), ("item", numbering.items))
    )
    label, node = _stored(batch.reasons, numbering, user * len(numbering.items) + item)
    yield "reasons", match_reasons(truth, user, item, label, node)
    yield "random", match_reasons(truth, user, item, *controls.random(user))
    yield "popularity", match_reasons(truth, user, item, *controls.popularity(user))


def _stored(
    reasons: pa.Table, numbering: NodeIds, recommendations: npt.NDArray[np.int64]
) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.int64]]:
    """Return labels and nodes of the first reasons of each recommendation, int64 [n, TOP].

    Args:
        reasons: stored, any number for each recommendation.
        numbering: of the nodes.
        recommendations: user · items + item.
    """
    first = pc.and_(pc.greater(reasons["rank"], 0), pc.less_equal(reasons["rank"], TOP))
    rows = reasons.filter(first)
    of_user, of_item = numbering.users.positions(rows["user"]), numbering.items.positions(rows["item"])
    keys = of_user.astype(np.int64) * len(numbering.items) + of_item
    order = np.argsort(recommendations)
    place = order[np.searchsorted(recommendations[order], keys)]
    rank = np.asarray(rows["rank"], dtype=np.int64) - 1
    first_reasons = np.full((2, len(recommendations), TOP), -1, dtype=np.int64)
    for code, name in enumerate(EVIDENCE_LABELS):
        of_label = np.asarray(pc.equal(rows["label"], name), dtype=np.bool_)
        first_reasons[0, place[of_label], rank[of_label]] = code
    for name, ids in numbering.nodes.items():
        of_label = np.asarray(pc.equal(rows["label"], name), dtype=np.bool_)
        first_reasons[1, place[of_label], rank[of_label]] = ids.positions(rows["evidence"].filter(of_label))
    return first_reasons[0], first_reasons[1]


class _Controls:
    """Reasons that need no model, as controls."""

    def __init__(self, dataset: Dataset, batch: Explanations, rng: np.random.Generator) -> None:
        used = set(pc.unique(batch.reasons["ground"]).to_pylist())
        taken = dataset.positives
        nothing = Incidence.empty(taken.n_rows, len(dataset.attributes))
        reached = taken.reach(dataset.item_attributes) if "item_attribute" in used else nothing
        own = dataset.user_attributes if "profile" in used else nothing
        entities = taken.reach(dataset.item_entities) if "entity" in used else Incidence.empty(taken.n_rows, 0)
        parts = [taken.csr(), reached.csr() + own.csr(), entities.csr()]
        inputs = Incidence.from_csr(sparse.hstack(parts).tocsr())
        self._label = np.repeat([ITEM, ATTRIBUTE, ENTITY], [part.shape[1] for part in parts])
        self._node = np.concatenate([np.arange(part.shape[1]) for part in parts])
        self._inputs = padded(inputs.indices, inputs.counts)
        self._count = np.bincount(inputs.indices, minlength=inputs.n_columns)
        self._rng = rng

    def random(self, user: npt.NDArray[np.int64]) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.int64]]:
        """Return ``TOP`` inputs for each row, drawn without replacement."""
        inputs = self._inputs[user]
        return self._first(inputs, self._rng.random(inputs.shape))

    def popularity(self, user: npt.NDArray[np.int64]) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.int64]]:
        """Return the ``TOP`` inputs that most users have, for each row."""
        inputs = self._inputs[user]
        return self._first(inputs, self._count[inputs].astype(np.float64))

    def _first(
        self, inputs: npt.NDArray[np.int32], keys: npt.NDArray[np.float64]
    ) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.int64]]:
        order = np.argsort(np.where(inputs < 0, np.inf, -keys), axis=1, kind="stable")[:, :TOP]
        best = np.take_along_axis(inputs, order, axis=1)
        best = np.pad(best, ((0, 0), (0, TOP - best.shape[1])), constant_values=-1)
        return tuple(np.where(best < 0, -1, part[best]) for part in (self._label, self._node))  # type: ignore[return-value]
