"""One trained network in inference: the vectors of items, computed once, and what scores and reasons need of them."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np
import torch

from graphrec.arrays.bounded_blocks import row_blocks, uneven_blocks
from graphrec.explaining.evidence import history_slots
from graphrec.explaining.strengths import input_nodes
from graphrec.models.eran.cold_minimum import least, similarities
from graphrec.models.eran.histories import Histories, ItemTables, padded_histories, ragged_histories
from graphrec.models.eran.items import ItemVectors, attention
from graphrec.models.eran.scoring import UsualItem, scores

if TYPE_CHECKING:
    from collections.abc import Mapping

    import numpy.typing as npt

    from graphrec.dataset.incidence import Incidence
    from graphrec.models.eran.config import ERANConfig


@dataclass(frozen=True, eq=False)
class Member:
    """A trained network, on the CPU.

    Attributes:
        vectors: h, [K, items, d]; zeros where an item has no edge.
        bias: b, [items].
        of_users: what an item puts into z_u, [items, d], or z of the training users, [users, d]; None for even
            attention.
        kinds: int32 [K], for each network one attribute of its kind, a position in the model's numbering; −1 for the
            network of all pairs.
        is_new: bool [items], those that nobody took in training.
        config: of the model, with one form.
    """

    vectors: torch.Tensor
    bias: torch.Tensor
    of_users: torch.Tensor | None
    kinds: npt.NDArray[np.int32]
    is_new: npt.NDArray[np.bool_]
    config: ERANConfig

    def arrays(self) -> dict[str, npt.NDArray[Any]]:
        """Return what is saved, by name."""
        of_users = {} if self.of_users is None else {"of_users": self.of_users.numpy()}
        whole = {"vectors": self.vectors.numpy(), "bias": self.bias.numpy()}
        return {**whole, **of_users, "kinds": self.kinds, "is_new": self.is_new.astype(np.uint8)}

    @classmethod
    def restored(cls, arrays: Mapping[str, npt.NDArray[Any]], config: ERANConfig) -> Member:
        """Return the member of what ``arrays`` returned."""
        of_users = torch.from_numpy(arrays["of_users"]) if "of_users" in arrays else None
        vectors, bias = torch.from_numpy(arrays["vectors"]), torch.from_numpy(arrays["bias"])
        return cls(vectors, bias, of_users, arrays["kinds"], arrays["is_new"].astype(np.bool_), config)

    @property
    def is_distance(self) -> bool:
        """Whether the form is that of distance."""
        return bool(self.config.forms == "distance")

    @property
    def from_history(self) -> bool:
        """Whether z_u is made of the history."""
        return bool(self.config.user_vectors == "history")

    @cached_property
    def usual(self) -> UsualItem | None:
        """What the usual item is like, for the form of distance."""
        return UsualItem.of(self.vectors) if self.is_distance else None

    @cached_property
    def tables(self) -> ItemTables:
        """What histories need of all items."""
        return ItemTables(self.vectors, self.of_users if self.from_history else None, self.is_distance)

    @cached_property
    def catalogue(self) -> ItemVectors:
        """All items."""
        return ItemVectors(self.vectors[:, None], self.bias[None])

    def learned_users(self, known: npt.NDArray[Any]) -> torch.Tensor | None:
        """Return the learned z of users, [B, d], their mean for −1; None where there are none."""
        if self.of_users is None or self.from_history:
            return None
        rows = torch.from_numpy(np.asarray(known, dtype=np.int64))
        return torch.where(rows[:, None] < 0, self.of_users.mean(dim=0), self.of_users[rows.clamp(min=0)])

    def histories(self, taken: Incidence, known: npt.NDArray[Any]) -> Histories:
        """Return the histories of B users as they are, M = 1."""
        return ragged_histories(self.tables, taken, self.learned_users(known))

    def scores(self, taken: Incidence, known: npt.NDArray[Any], items: torch.Tensor | None = None) -> torch.Tensor:
        """Return the scores of B users, [B, items] or [B, k]; 0 for a user without any item.

        Args:
            taken: B × items.
            known: int [B], row in the training data or −1.
            items: int64 [B, k], to score only these.
        """
        n_networks, _, size = self.vectors.shape
        width = self.vectors.shape[1] if items is None else items.shape[1] * size
        result = torch.zeros(len(known), self.vectors.shape[1] if items is None else items.shape[1])
        for block in uneven_blocks(n_networks * (3 * width + taken.counts * size)):
            rows = np.arange(len(known))[block]
            histories = self.histories(taken.rows(rows), known[block])
            asked = None if items is None else items[block]
            scored = self.scores_of(histories, asked)
            if self.config.cold == "minimum":
                slots = history_slots(taken.rows(rows))
                scored = self._with_minimum(scored, input_nodes(slots), slots.filled[:, None], histories, asked)
            result[block] = scored[:, 0]
        result[torch.from_numpy(taken.counts == 0)] = 0.0
        return result

    def similarities(self, nodes: torch.Tensor, histories: Histories, items: torch.Tensor) -> torch.Tensor:
        """Return how near k items are to each taken item, [B, M, k, n], for the minimum (14).

        Args:
            nodes: int64 [B, n], the taken items; any in padding.
            histories: M of each user.
            items: int64 [B, k].

        Raises:
            ValueError: the form is not that of distance.
        """
        if self.usual is None:
            raise ValueError("the minimum is one of distances")
        own = ItemVectors(self.vectors[:, nodes], self.bias[nodes])
        return similarities(own, self.catalogue.named(items), histories, self.config.scale, self.usual)

    def _with_minimum(
        self,
        scored: torch.Tensor,
        nodes: torch.Tensor,
        is_on: torch.Tensor,
        histories: Histories,
        items: torch.Tensor | None,
    ) -> torch.Tensor:
        """Return scores [B, M, T] with those of new items replaced by (14) and the bias."""
        users, settings, _ = scored.shape
        if items is None:
            new = torch.from_numpy(np.flatnonzero(self.is_new))
            replaced = scored.clone()
            for some in row_blocks(
                len(new), users * settings * (nodes.shape[1] + self.vectors.shape[0] * self.vectors.shape[2])
            ):
                asked = new[some].expand(users, -1)
                value, _ = least(self.similarities(nodes, histories, asked), is_on)
                replaced[:, :, new[some]] = value + self.bias[new[some]]
            return replaced
        value, _ = least(self.similarities(nodes, histories, items), is_on)
        return torch.where(torch.from_numpy(self.is_new)[items][:, None], value + self.bias[items][:, None], scored)

    def scores_of(self, histories: Histories, items: torch.Tensor | None) -> torch.Tensor:
        """Return the scores of M histories of B users, [B, M, items] or [B, M, k]; the bias where one is empty."""
        if items is not None:
            return scores(self.catalogue.named(items), histories, self.config.scale, self.usual)
        whole = scores(self.catalogue, histories.as_rows(), self.config.scale, self.usual)
        return whole.view(*histories.length.shape, -1)

    def scores_with(
        self,
        nodes: torch.Tensor,
        strengths: torch.Tensor,
        known: npt.NDArray[Any],
        items: torch.Tensor | None,
        held: torch.Tensor | None = None,
    ) -> torch.Tensor:
        """Return the scores of B users with M settings of their items, [B, M, items] or [B, M, k].

        Args:
            nodes: int64 [B, n], the taken items.
            strengths: float32 [B, M, n]; 0 in padding.
            known: int [B].
            items: int64 [B, k]; None for all.
            held: float32 [B, n], the strengths with all inputs on, where length and attention stay as with these.
        """
        n_networks, n_items, size = self.vectors.shape
        users, settings, n = strengths.shape
        learned = self.learned_users(known)
        asked = n_items if items is None else items.shape[1]
        parts = []
        for block in row_blocks(users, n_networks * (settings * (3 * asked + n) + (n + asked) * size)):
            histories = padded_histories(
                self.tables,
                nodes[block],
                strengths[block],
                None if learned is None else learned[block],
                None if held is None else held[block],
            )
            asked_items = None if items is None else items[block]
            scored = self.scores_of(histories, asked_items)
            if self.config.cold == "minimum":
                scored = self._with_minimum(scored, nodes[block], strengths[block] > 0, histories, asked_items)
            parts.append(scored)
        return torch.cat(parts) if parts else strengths.new_zeros(0, settings, asked)

    def attention(self, taken: Incidence, known: npt.NDArray[Any], items: torch.Tensor) -> torch.Tensor:
        """Return ã of B users for k items each, [B, k, K]."""
        histories = self.histories(taken, known)
        weights = attention(histories.users, self.catalogue.named(items))[:, :, 0]
        return weights.permute(1, 2, 0)
