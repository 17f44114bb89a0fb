"""User–user collaborative filtering: items that similar users took."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar

import numpy as np
import torch
from pydantic import Field
from scipy import sparse
from typing_extensions import override

from graphrec.arrays.bounded_blocks import row_blocks
from graphrec.arrays.compressed_rows import require_rows
from graphrec.dataset.incidence import Incidence
from graphrec.explaining.evidence import history_slots
from graphrec.explaining.explainable import PREFERRED
from graphrec.explaining.strengths import checked_strengths, refuse_gradient
from graphrec.models.config import ModelConfig
from graphrec.models.model import Model
from graphrec.models.neighbours.similarity import clear_columns, nearest, similarities

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    import numpy.typing as npt

    from graphrec.dataset.dataset import Dataset
    from graphrec.dataset.profiles import Profiles
    from graphrec.explaining.evidence import Evidence, Slots
    from graphrec.explaining.selection import ChosenReasons
    from graphrec.models.recommender import FitContext


class UserUserConfig(ModelConfig):
    """Settings of user–user collaborative filtering.

    Attributes:
        neighbours: number of similar users that count; 0 for all who share an item.
        shrinkage: added to the denominator, so that users with few items are not alike by chance.
    """

    neighbours: int = Field(100, ge=0, description="number of similar users that count; 0 for all")
    shrinkage: float = Field(0.0, ge=0, description="added to the denominator of a similarity")


class UserUser(Model):
    """User–user collaborative filtering: score of i for u = Σ_v∈N(u) cos(u, v) x_vi, over the k nearest users N(u).

    Source: Herlocker, Konstan, Borchers, Riedl, "An algorithmic framework for performing collaborative filtering",
    SIGIR 1999, for 0/1 data (no means to take off). A user of the training data is no neighbour of himself.

    Weights: cos(u, v) = |I_u ∩ I_v| / (√(|I_u| |I_v|) + s) is a sum over the items that both took, so that the score
    is exactly a sum over the items j that u took: weight of j for i = Σ_v∈N(u) x_vj x_vi / (√(|I_u| |I_v|) + s), how
    much those neighbours who took both count. It holds N(u) and |I_u| fixed. The effect does not: it is measured, the
    score before minus the score without j, with the neighbours chosen again and |I_u| one less; so it differs from the
    weight, and is null for a user's only item. With N(u) and |I_u| held the score is linear in the items, so that the
    held effect is the weight, and that of an only item the whole score.
    """

    name: ClassVar[str] = "user-user"
    Config: ClassVar[type[ModelConfig]] = UserUserConfig
    method: ClassVar[str] = "linear"
    normalises: ClassVar[bool] = True
    scores_follow_inputs: ClassVar[bool] = True
    effect_note: ClassVar[str] = "effect is null for a user's only item: nobody is similar to a user without any"

    @override
    def learn(self, dataset: Dataset, context: FitContext) -> dict[str, float]:
        self._keep(dataset.positives)
        context.progress("taking up the users", 1, 1)
        return {}

    @override
    def score(self, profiles: Profiles, items: torch.Tensor | None = None) -> torch.Tensor:
        """Score all items, or some of each user; arguments as for ``Recommender``.

        What the nearest users took is added up history by history, whichever items are named, so that naming some
        of them saves memory and hardly any time.
        """
        named_items = None if items is None else items.numpy()
        return torch.from_numpy(self._scores(profiles.items.csr(), profiles.known, named_items))

    @override
    def count_inputs(self, profiles: Profiles) -> npt.NDArray[np.int64]:
        return profiles.items.counts

    @override
    def evidence(self, profiles: Profiles, items: torch.Tensor, attribution: str = PREFERRED) -> Evidence:
        self.unit_of(attribution)
        slots = history_slots(profiles.items)
        weights = np.zeros((*items.shape, slots.nodes.shape[1]), dtype=np.float32)
        for rows, near in self._shares(profiles):
            weights[rows] = self._shared_by(near, items[rows].numpy(), slots.nodes[rows])
        return slots.weighed(torch.from_numpy(weights))

    @override
    def effects(
        self, profiles: Profiles, items: torch.Tensor, scores: torch.Tensor, evidence: Evidence, chosen: ChosenReasons
    ) -> torch.Tensor:
        width = evidence.nodes.shape[1]
        key = torch.arange(len(profiles))[:, None, None] * width + chosen.slots
        removed, place = np.unique(key.numpy(), return_inverse=True)
        row, slot = np.divmod(removed, width)
        rest = profiles.items.rows(row)
        rest = rest.where(np.arange(rest.n_entries) - rest.indptr[rest.row_of_entry] != slot[rest.row_of_entry])
        after = self._scores(rest.csr(), profiles.known[row], items.numpy()[row])
        column = np.broadcast_to(np.arange(items.shape[1])[None, :, None], key.shape)
        effects = scores.numpy()[:, :, None] - after[place.reshape(key.shape), column]
        return torch.from_numpy(np.where(profiles.items.counts[:, None, None] > 1, effects, np.float32("nan")))

    @property
    @override
    def additive_measures(self) -> tuple[str, ...]:
        return ("held_effect",)

    @override
    def held_effects(
        self, profiles: Profiles, items: torch.Tensor, scores: torch.Tensor, evidence: Evidence, chosen: ChosenReasons
    ) -> torch.Tensor:
        return chosen.weights

    @override
    def score_with(
        self, profiles: Profiles, slots: Slots, strengths: torch.Tensor, items: torch.Tensor | None = None
    ) -> torch.Tensor:
        """Score with inputs at any strength; arguments as for ``Model``.

        A user is the vector of strengths s: cos(u, v) = Σ_j s_j x_vj / (√(Σ_j s_j² |I_v|) + shrinkage), and the nearest
        users are chosen by it. Halving all strengths alike changes nothing where nothing is shrunk. The choice of
        neighbours jumps, so that the scores cannot be differentiated.
        """
        refuse_gradient(strengths, self.name)
        users, settings, _ = strengths.shape
        history = self._weakened(slots, strengths)
        named_items = None if items is None else items.numpy().repeat(settings, axis=0)
        scores = self._scores(history, profiles.known.repeat(settings), named_items)
        return torch.from_numpy(scores).view(users, settings, -1)

    @override
    def score_held(
        self, profiles: Profiles, slots: Slots, strengths: torch.Tensor, items: torch.Tensor | None = None
    ) -> torch.Tensor:
        """Score with N(u) and |I_u| of all inputs: Σ_v∈N(u) Σ_j s_j x_vj x_vi / (√(|I_u| |I_v|) + shrinkage).

        Linear in the strengths; 0 where all are 0. Arguments as for ``Model``.
        """
        refuse_gradient(strengths, self.name)
        users, settings, _ = strengths.shape
        history = self._weakened(slots, strengths)
        n_items = self._taken.n_columns
        scores = np.zeros((users * settings, n_items if items is None else items.shape[1]), dtype=np.float32)
        for rows, near in self._shares(profiles):
            for part in row_blocks((rows.stop - rows.start) * settings, max(self._by_user.shape)):
                user = np.arange(part.start, part.stop) // settings
                flat = slice(rows.start * settings + part.start, rows.start * settings + part.stop)
                alike = (history[flat] @ self._by_item).multiply(near[user]).tocsr()
                catalogue = (alike @ self._by_user).toarray()
                named = None if items is None else items.numpy()[rows][user]
                scores[flat] = catalogue if named is None else np.take_along_axis(catalogue, named, axis=1)
        return torch.from_numpy(scores).view(users, settings, -1)

    def _weakened(self, slots: Slots, strengths: torch.Tensor) -> Any:
        """Return the vectors of strengths, CSR [B · M, items], for strengths [B, M, n]."""
        exact = checked_strengths(strengths).numpy()
        users, settings, _ = exact.shape
        row, setting, slot = np.nonzero(exact)
        starts = np.searchsorted(row * settings + setting, np.arange(users * settings + 1))
        shape = (users * settings, self._taken.n_columns)
        return sparse.csr_matrix((exact[row, setting, slot], slots.nodes[row, slot], starts), shape=shape)

    def _shares(self, profiles: Profiles) -> Iterator[tuple[slice, Any]]:
        """Yield 1 / (√(|I_u| |I_v|) + shrinkage) of each v in N(u) for blocks of users, CSR [rows, training users]."""
        for rows, near in self._neighbours(profiles.items.csr(), profiles.known):
            sizes = np.repeat(profiles.items.counts[rows].astype(np.float32), np.diff(near.indptr))
            near.data = 1 / (np.sqrt(sizes * self._sizes[near.indices]) + np.float32(self.config.shrinkage))
            yield rows, near

    def _scores(
        self, history: Any, known: npt.NDArray[np.int32], items: npt.NDArray[np.int64] | None
    ) -> npt.NDArray[np.float32]:
        """Return the scores of users with a history CSR [B, items]: float32 [B, items], or of those wanted [B, k]."""
        shape = (history.shape[0], self._taken.n_columns) if items is None else items.shape
        scores = np.zeros(shape, dtype=np.float32)
        for rows, near in self._neighbours(history, known):
            catalogue = (near @ self._by_user).toarray()
            scores[rows] = catalogue if items is None else np.take_along_axis(catalogue, items[rows], axis=1)
        return scores

    def _neighbours(self, history: Any, known: npt.NDArray[np.int32]) -> Iterator[tuple[slice, Any]]:
        """Yield N(u) with similarities for blocks of users, CSR [rows, training users].

        Args:
            history: CSR [B, items], each user's vector.
            known: int32 [B], the user's row in the training data, or −1.
        """
        sizes = np.asarray(history.multiply(history).sum(axis=1), dtype=np.float32).ravel()
        for rows in row_blocks(history.shape[0], max(self._by_user.shape)):
            shared = clear_columns(history[rows] @ self._by_item, known[rows])
            alike = similarities(shared, sizes[rows], self._sizes, kind="cosine", shrinkage=self.config.shrinkage)
            yield rows, nearest(alike, self.config.neighbours)

    def _shared_by(
        self, near: Any, items: npt.NDArray[np.int64], nodes: npt.NDArray[np.int32]
    ) -> npt.NDArray[np.float32]:
        """Return Σ_v near[u, v] x_vj x_vi, float32 [B, k, n], for items i named [B, k] and items j in slots [B, n]."""
        users, k = items.shape
        shared = np.empty((users * k, nodes.shape[1]), dtype=np.float32)
        for pairs in row_blocks(users * k, max(self._by_user.shape)):
            user = np.arange(pairs.start, pairs.stop) // k
            co_taken = near[user].multiply(self._by_item[items.ravel()[pairs]]).tocsr() @ self._by_user
            shared[pairs] = np.take_along_axis(co_taken.toarray(), np.maximum(nodes[user], 0), axis=1)
        shared[np.repeat(nodes < 0, k, axis=0)] = 0
        return shared.reshape(users, k, -1)

    def _keep(self, taken: Incidence) -> None:
        self._taken = taken
        self._by_user = taken.csr()
        """CSR [users, items] of ones, X."""
        self._by_item = self._by_user.T.tocsr()
        """CSR [items, users], Xᵀ."""
        self._sizes = taken.counts.astype(np.float32)

    @override
    def arrays(self) -> dict[str, npt.NDArray[Any]]:
        taken = self._taken
        return {"starts": taken.indptr, "items": taken.indices, "n_items": np.array([taken.n_columns])}

    @override
    def restore(self, arrays: Mapping[str, npt.NDArray[Any]]) -> None:
        require_rows(arrays["starts"], arrays["items"], int(arrays["n_items"][0]))
        self._keep(Incidence(arrays["starts"], arrays["items"], int(arrays["n_items"][0])))
