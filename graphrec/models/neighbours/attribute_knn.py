"""Attribute kNN: items that carry what the taken items carry."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar

import numpy as np
import torch
from pydantic import Field
from scipy import sparse
from typing_extensions import override

from graphrec.arrays.bounded_blocks import grid_blocks
from graphrec.arrays.compressed_rows import require_rows
from graphrec.explaining.evidence import history_slots
from graphrec.explaining.explainable import PREFERRED
from graphrec.explaining.strengths import checked_strengths
from graphrec.models.config import ModelConfig
from graphrec.models.model import Model
from graphrec.models.neighbours.attribute_vectors import AttributeVectors

if TYPE_CHECKING:
    from collections.abc import Mapping

    import numpy.typing as npt

    from graphrec.dataset.dataset import Dataset
    from graphrec.dataset.profiles import Profiles
    from graphrec.explaining.evidence import Evidence, Slots
    from graphrec.explaining.selection import ChosenReasons
    from graphrec.models.recommender import FitContext


class AttributeKNNConfig(ModelConfig):
    """Settings of attribute kNN.

    Attributes:
        neighbours: taken items that count for an item, those most like it; 0 for all.
    """

    neighbours: int = Field(0, ge=0, description="taken items that count for an item, those most like it; 0 for all")


class AttributeKNN(Model):
    """Attribute kNN: score of i for u = Σ_j cos(x_j, x_i), over the items j that the user took, or those most like i.

    x are tf-idf vectors of the items' attributes (Salton and Buckley, "Term-weighting approaches in automatic text
    retrieval", 1988; for recommending: Lops, de Gemmis, Semeraro, "Content-based recommender systems", 2011): what few
    items carry counts more, what all carry nothing. Nothing is learned from who took what, so that an item that
    nobody took is scored like any other: the bar for models of cold items. Without item attributes in the data nothing
    is recommended, and ``data_note`` says so.

    Weights: the cosine of a taken item with i; among the ``neighbours`` nearest, else 0. The effect is the cosine too
    where all count. Else the next one takes the place of an item that is switched off, so that the effect is the
    cosine less that of the first item that did not count.
    """

    name: ClassVar[str] = "attribute-knn"
    Config: ClassVar[type[ModelConfig]] = AttributeKNNConfig
    method: ClassVar[str] = "linear"
    differentiable: ClassVar[bool] = True
    scores_follow_inputs: ClassVar[bool] = True

    @override
    def learn(self, dataset: Dataset, context: FitContext) -> dict[str, float]:
        self._vectors = AttributeVectors.of(dataset.item_attributes)
        context.progress("weighing attributes", 1, 1)
        return {}

    @property
    @override
    def data_note(self) -> str:
        if self._vectors.matrix.nnz:
            return ""
        return "The data has no attributes of items, so that attribute-knn compares nothing and recommends nothing."

    @override
    def score(self, profiles: Profiles, items: torch.Tensor | None = None) -> torch.Tensor:
        if items is None and not self.config.neighbours:
            return torch.from_numpy(self._vectors.sums(profiles.items))
        slots = history_slots(profiles.items)
        return self.score_with(profiles, slots, slots.filled[:, None, :], items)[:, 0]

    @override
    def count_inputs(self, profiles: Profiles) -> npt.NDArray[np.int64]:
        return profiles.items.counts * bool(self._vectors.matrix.nnz)

    @override
    def evidence(self, profiles: Profiles, items: torch.Tensor, attribution: str = PREFERRED) -> Evidence:
        self.unit_of(attribution)
        slots = history_slots(profiles.items)
        cosines = torch.from_numpy(self._vectors.cosines(slots.nodes, items.numpy()))
        if not self._leaves_out(slots):
            return slots.weighed(cosines)
        nearest = self._ordered(cosines)[:, :, :-1]
        return slots.weighed(torch.zeros_like(cosines).scatter(2, nearest, cosines.gather(2, nearest)))

    @override
    def effects(
        self, profiles: Profiles, items: torch.Tensor, scores: torch.Tensor, evidence: Evidence, chosen: ChosenReasons
    ) -> torch.Tensor:
        slots = history_slots(profiles.items)
        if not self._leaves_out(slots):
            return chosen.weights
        cosines = torch.from_numpy(self._vectors.cosines(slots.nodes, items.numpy()))
        order = self._ordered(cosines)
        largest = cosines.gather(2, order)
        costs = torch.zeros_like(cosines).scatter(2, order[:, :, :-1], largest[:, :, :-1] - largest[:, :, -1:])
        return costs.gather(2, chosen.slots)

    def _leaves_out(self, slots: Slots) -> bool:
        """Return whether anybody took more items than count."""
        return bool(0 < self.config.neighbours < slots.nodes.shape[1])

    @property
    @override
    def additive_measures(self) -> tuple[str, ...]:
        return () if self.config.neighbours else ("effect",)

    @property
    @override
    def has_exact_shapley(self) -> bool:
        return not self.config.neighbours

    @override
    def exact_shapley(self, profiles: Profiles, items: torch.Tensor) -> torch.Tensor | None:
        """Return the weights, float32 [B, k, n], where all inputs count, whichever others are on; else None."""
        return None if self.config.neighbours else self.evidence(profiles, items).weights

    @override
    def score_with(
        self, profiles: Profiles, slots: Slots, strengths: torch.Tensor, items: torch.Tensor | None = None
    ) -> torch.Tensor:
        """Score with inputs at any strength s: Σ_j s_j cos(x_j, x_i) over all, or the largest terms.

        Arguments as for ``Model``.
        """
        exact = checked_strengths(strengths)
        users, settings, width = exact.shape
        n_columns = self._vectors.matrix.shape[0] if items is None else items.shape[1]
        scores = [torch.zeros(0, settings, n_columns)]
        for rows, parts in grid_blocks(users, n_columns, width * settings):
            across = [torch.zeros(rows.stop - rows.start, settings, 0)]
            longest = int((slots.nodes[rows] >= 0).sum(axis=1).max(initial=0))  # what is padding in all is left out
            for part in parts:
                taken = slots.nodes[rows, :longest]
                cosines = self._cosines(taken, None if items is None else items[rows], part)
                across.append(self._sums(exact[rows, :, :longest], cosines))
            scores.append(torch.cat(across, dim=2))
        return torch.cat(scores)

    def _sums(self, strengths: torch.Tensor, cosines: torch.Tensor) -> torch.Tensor:
        """Return what counts of strengths [b, M, n] times cosines [b, c, n], added up: [b, M, c]."""
        n = self.config.neighbours
        if not n or n >= cosines.shape[2]:
            return torch.bmm(strengths, cosines.transpose(1, 2))
        return (strengths[:, :, None, :] * cosines[:, None]).topk(n, dim=3).values.sum(dim=3)

    def _cosines(self, taken: npt.NDArray[np.int32], items: torch.Tensor | None, part: slice) -> torch.Tensor:
        """Return the cosines of taken items [b, n] with a part of the items named, or of all: [b, c, n]."""
        if items is None:
            return torch.from_numpy(self._vectors.cosines_with(taken, part))
        return torch.from_numpy(self._vectors.cosines(taken, items[:, part].numpy()))

    def _ordered(self, cosines: torch.Tensor) -> torch.Tensor:
        """Return the places of the ``neighbours`` largest and of the one after them; of equal ones the first."""
        return cosines.sort(dim=2, descending=True, stable=True).indices[:, :, : self.config.neighbours + 1]

    @override
    def arrays(self) -> dict[str, npt.NDArray[Any]]:
        matrix = self._vectors.matrix
        return {
            "starts": matrix.indptr.astype(np.int64),
            "attributes": matrix.indices.astype(np.int32),
            "values": matrix.data.astype(np.float32),
            "n_attributes": np.array([matrix.shape[1]]),
        }

    @override
    def restore(self, arrays: Mapping[str, npt.NDArray[Any]]) -> None:
        n_items, n_attributes = len(arrays["starts"]) - 1, int(arrays["n_attributes"][0])
        require_rows(arrays["starts"], arrays["attributes"], n_attributes)
        parts = (arrays["values"], arrays["attributes"], arrays["starts"])
        self._vectors = AttributeVectors(sparse.csr_matrix(parts, shape=(n_items, n_attributes)))
