"""What people get who have no positive interaction: popular items, or what people with the same attributes take.

The model can use nothing that is known of them, so that none of this is the model's: its reasons have the method
``fallback``. Protected kinds of attributes are not looked at. A list follows from the data of everybody, so that it has
no basis by which a later run could take it over (``graphrec.recommendation.basis``).
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
import pyarrow as pa
import torch

from graphrec.arrays.bounded_blocks import blocks, row_blocks
from graphrec.arrays.padding import padded
from graphrec.dataset.incidence import Incidence
from graphrec.dataset.profiles import profiles_of
from graphrec.explaining.evidence import Evidence
from graphrec.explaining.explanation import Explanation
from graphrec.explaining.selection import choose
from graphrec.explaining.table_rows import ExplainedBatch, explanation_tables
from graphrec.rankings.top_items import top_items
from graphrec.schema.property_graph import EVIDENCE_LABELS, FALLBACK, GROUNDS

if TYPE_CHECKING:
    from collections.abc import Iterator

    import numpy.typing as npt

    from graphrec.dataset.dataset import Dataset
    from graphrec.models.model import Model
    from graphrec.recommendation.request import Request
    from graphrec.tables.explanations import Explanations

    _Ints = npt.NDArray[np.int64]
    _Singles = npt.NDArray[np.float32]

SMOOTHING = 20
"""m of ``CommonTastes``: few people with an attribute tell little."""

USERS_AT_ONCE = 4096


class Weighed(NamedTuple):
    """Evidence for items, as ``Evidence`` has it, and whether it can be taken away alone."""

    evidence: Evidence
    removable: bool


class FallbackScores(ABC):
    """What scores items for people of whom no interaction counts."""

    @abstractmethod
    def reaches(self, users: npt.NDArray[Any]) -> npt.NDArray[np.bool_]:
        """Return bool [B]: of whom anything is known that it uses."""

    @abstractmethod
    def score(self, users: npt.NDArray[Any]) -> _Singles:
        """Return the scores of all items, float32 [B, items]; what is not above 0 is not recommended."""

    @abstractmethod
    def weigh(self, users: npt.NDArray[Any], items: _Ints) -> Weighed:
        """Return what the scores of some items are the sum of; items int64 [B, k], −1 in empty places."""


class MostTaken(FallbackScores):
    """The number of people who took an item positively.

    Args:
        data: whose positives are counted.
    """

    def __init__(self, data: Dataset) -> None:
        positives = data.positives
        self._takers = np.bincount(positives.indices, minlength=positives.n_columns).astype(np.float32)

    def reaches(self, users: npt.NDArray[Any]) -> npt.NDArray[np.bool_]:
        """Return that everybody is reached."""
        return np.ones(len(users), dtype=np.bool_)

    def score(self, users: npt.NDArray[Any]) -> _Singles:
        """Return the number of takers, the same for everybody."""
        return np.repeat(self._takers[None, :], len(users), axis=0)

    def weigh(self, users: npt.NDArray[Any], items: _Ints) -> Weighed:
        """Return each item as its own evidence: a slot for each place of the list."""
        k = items.shape[1]
        weights = np.zeros((len(users), k, k), dtype=np.float32)
        weights[:, np.arange(k), np.arange(k)] = np.where(items < 0, 0, self._takers[np.maximum(items, 0)])
        return Weighed(_evidence("Item", items, "popularity", "popularity", weights), removable=False)


class CommonTastes(FallbackScores):
    """The sum over a person's attributes a of (c_ai − n_a p_i) / (n_a + m): what people with a took more than others.

    n_a people carry a, of whom c_ai took the item i positively; p_i is the share of all people who did. Only people
    with a positive interaction are counted. It is the share of those with a, shrunk towards p_i as if m more people had
    it who are like everybody, minus p_i. Without a, the score is lower by exactly what a adds.

    Args:
        data: whose positives and attributes are counted.
        shown: bool [attributes], which may be used.
    """

    def __init__(self, data: Dataset, shown: npt.NDArray[np.bool_]) -> None:
        every = data.user_attributes
        self._carried = every.where(shown[every.indices])
        is_counted = data.positives.counts > 0
        counted = self._carried.where(is_counted[self._carried.row_of_entry])
        self._people = np.bincount(counted.indices, minlength=counted.n_columns).astype(np.float64)
        self._takers = (counted.csr(np.float64).T @ data.positives.csr(np.float64)).tocsr()
        of_item = np.bincount(data.positives.indices, minlength=data.positives.n_columns)
        self._share = of_item / max(int(is_counted.sum()), 1)

    def reaches(self, users: npt.NDArray[Any]) -> npt.NDArray[np.bool_]:
        """Return who carries an attribute that somebody with a positive interaction carries, too."""
        own = self._carried.rows(users)
        met = own.where(self._people[own.indices] > 0)
        reached: npt.NDArray[np.bool_] = met.counts > 0
        return reached

    def score(self, users: npt.NDArray[Any]) -> _Singles:
        """Return the sums of what a person's attributes add."""
        own = self._carried.rows(users)
        shrunk = 1 / (self._people + SMOOTHING)
        of_attribute = own.csr(np.float64).multiply(shrunk[None, :]).tocsr()
        expected = np.asarray(of_attribute @ self._people)
        sums = (of_attribute @ self._takers).toarray() - np.outer(expected, self._share)
        return np.asarray(sums, dtype=np.float32)

    def weigh(self, users: npt.NDArray[Any], items: _Ints) -> Weighed:
        """Return the attributes of each person as evidence."""
        own = self._carried.rows(users)
        attributes = padded(own.indices, own.counts)
        at, item = np.broadcast_arrays(np.maximum(attributes, 0)[:, None, :], np.maximum(items, 0)[:, :, None])
        pairs = np.asarray(self._takers[at.ravel(), item.ravel()]) if at.size else np.zeros(0)
        took = pairs.reshape(at.shape)
        more = (took - self._people[at] * self._share[item]) / (self._people[at] + SMOOTHING)
        is_filled = (attributes >= 0)[:, None, :] & (items >= 0)[:, :, None]
        weights = np.where(is_filled, more, 0).astype(np.float32)
        return Weighed(_evidence("Attribute", attributes, "profile", "self", weights), removable=True)


def fallback_batches(
    model: Model, data: Dataset, known: npt.NDArray[np.int32], request: Request
) -> Iterator[Explanations]:
    """Yield what the fallback of a request recommends, with its reasons, batch by batch.

    Args:
        model: fitted.
        data: that is recommended from, in the numbering of the model.
        known: int32 [users], the row of each user in the training data, or −1.
        request: with a fallback.
    """
    scores, allowed = _scores(data, request), request.candidate_mask(data)
    people = people_without_positives(model, data, known, request.user_positions(data))
    people = people[scores.reaches(people)]
    for rows in row_blocks(len(people), len(data.items)):
        users = people[rows]
        values = scores.score(users)
        taken = data.taken.rows(users) if request.filter_taken else Incidence.empty(len(users), len(data.items))
        items, best = top_items(np.where(values > 0, values, -np.inf), taken, allowed, request.k)
        some = (items >= 0).any(axis=1)
        if some.any():
            yield _explained(scores, data, known, users[some], items[some], best[some], request)


def people_without_positives(
    model: Model, data: Dataset, known: npt.NDArray[np.int32], users: npt.NDArray[Any]
) -> npt.NDArray[Any]:
    """Return those of some users who have no positive interaction and of whom the model can use nothing.

    Args:
        model: fitted.
        data: in the numbering of the model.
        known: int32 [users of the data], the row of each in the training data, or −1.
        users: positions.
    """
    bare = users[data.positives.counts[users] == 0]
    has_none = [
        model.count_inputs(profiles_of(data, known, bare[rows])) == 0 for rows in blocks(len(bare), USERS_AT_ONCE)
    ]
    people: npt.NDArray[Any] = bare[np.concatenate(has_none)] if has_none else bare
    return people


def counted_people(model: Model, dataset: Dataset, request: Request) -> int:
    """Return how many people a request's fallback reaches; the data in its own numbering."""
    data, known = model.align(dataset)
    people = people_without_positives(model, data, known, request.user_positions(data))
    return int(_scores(data, request).reaches(people).sum())


def _scores(data: Dataset, request: Request) -> FallbackScores:
    if request.fallback == "popularity":
        return MostTaken(data)
    return CommonTastes(data, request.shown_attributes(data))


def _explained(
    scores: FallbackScores,
    data: Dataset,
    known: npt.NDArray[np.int32],
    users: npt.NDArray[Any],
    items: _Ints,
    best: _Singles,
    request: Request,
) -> Explanations:
    weighed = scores.weigh(users, items)
    evidence = weighed.evidence
    chosen = choose(evidence, evidence.filled, reasons=request.reasons, against=request.against)
    nothing = torch.full(chosen.weights.shape, float("nan"))
    explanation = Explanation(evidence, chosen, chosen.weights if weighed.removable else nothing)
    values = np.where(items < 0, 0, best).astype(np.float32)
    explained = ExplainedBatch(users, items, values, profiles_of(data, known, users), explanation)
    return explanation_tables(explained, data.nodes, method=FALLBACK)


def _evidence(label: str, nodes: npt.NDArray[Any], ground: str, via: str, weights: _Singles) -> Evidence:
    """Return evidence of one label and one ground; nodes [B, n], −1 in padding, and weights [B, k, n]."""
    return Evidence(
        np.where(nodes < 0, -1, EVIDENCE_LABELS.index(label)).astype(np.int8),
        nodes.astype(np.int32),
        np.full(nodes.shape, GROUNDS.index(ground), dtype=np.int8),
        np.zeros(nodes.shape, dtype=np.int32),
        pa.array([via]),
        torch.from_numpy(weights),
    )
