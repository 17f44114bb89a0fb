"""The base of CAR, CNR and CER: reasons are changes of the user's features that work against an item."""

from __future__ import annotations

from abc import abstractmethod
from typing import TYPE_CHECKING, ClassVar

import torch
from typing_extensions import override

from graphrec.arrays.bounded_blocks import row_blocks
from graphrec.explaining.explainable import PREFERRED
from graphrec.models.reviews.net_model import NetModel
from graphrec.models.reviews.network import drawn_features
from graphrec.models.reviews.phi import phi_of
from graphrec.models.reviews.sides import MappedSide
from graphrec.models.reviews.weights_at_slots import at_features

if TYPE_CHECKING:
    from graphrec.dataset.profiles import Profiles
    from graphrec.explaining.evidence import Evidence


class PerturbedModel(NetModel):
    """s = MLP((e_u ⊙ e_i) ⊕ (E_u f_u ⊙ E_i f_i)) (5), with a change δ of f_u for each pair of a user and an item.

    The paper's δ is of a triple of a user, a taken item i and an item j that was drawn. A reason has no drawn item:
    here δ for (u, i) works against i beside the mean item, whose vectors are the means of all items' vectors. With a
    linear head its score is the mean of the catalogue's. So the reasons for an item do not hang on a draw, nor on which
    others are recommended.

    Weights: φ(δ) (``phi``) of the features that the user mentions, in units of perturbation. They sum to no score, and
    the vector of the user, which δ does not touch, has none. Effects are measured by scoring again.
    """

    weight_unit: ClassVar[str] = "perturbation"

    # --- what a model implements

    @abstractmethod
    def changes(self, users: torch.Tensor, items: torch.Tensor) -> torch.Tensor:
        """Return δ of R pairs, float32 [R, features].

        Args:
            users: e_u ⊕ x_u, [R, 2d].
            items: e_i ⊕ x_i, [R, 2d].
        """

    # --- what follows from it

    @override
    def new_sides(self, n_features: int) -> tuple[MappedSide, MappedSide]:
        user, item = (MappedSide(drawn_features(n_features, self.config, place)) for place in range(2))
        return user, item

    def margins(self, users: torch.Tensor, items: torch.Tensor) -> torch.Tensor:
        """Return by how much the items score above the mean item, [R]; arguments as for ``changes``."""
        of_items: torch.Tensor = self._head(users, items[:, None])
        beside: torch.Tensor = self._head(users, self._items.mean(dim=0, keepdim=True))
        return (of_items - beside)[:, 0]

    @override
    def explanation_vectors(self, profiles: Profiles) -> torch.Tensor:
        """Return the mean of φ(δ) over the items that each user took, float32 [B, features].

        Zeros for a user who took nothing.
        """
        features, taken = self.feature_values(profiles), profiles.items
        users = self.user_vectors(self.known_rows(profiles), features)
        sums = torch.zeros_like(features)
        row_of, item_of = torch.from_numpy(taken.row_of_entry), torch.from_numpy(taken.indices).long()
        for pairs in row_blocks(taken.n_entries, 4 * features.shape[1]):
            rows = row_of[pairs]
            change = self.changes(users[rows], self._items[item_of[pairs]])
            sums.index_add_(0, rows, phi_of(self.config.phi, change, features[rows]))
        return sums / torch.from_numpy(taken.counts).clamp(min=1)[:, None]

    @override
    def evidence(self, profiles: Profiles, items: torch.Tensor, attribution: str = PREFERRED) -> Evidence:
        self.unit_of(attribution)
        slots, width = self.inputs(profiles), items.shape[1]
        features = self.feature_values(profiles)
        users = self.user_vectors(self.known_rows(profiles), features)
        weights = torch.zeros(len(profiles), width, slots.labels.shape[1])
        for rows in row_blocks(len(profiles), 4 * width * features.shape[1]):
            pairs = users[rows].repeat_interleave(width, dim=0), self._items[items[rows].flatten()]
            change = self.changes(*pairs).view(-1, width, features.shape[1])
            weights[rows] = at_features(slots.rows(rows), phi_of(self.config.phi, change, features[rows, None]))
        return slots.weighed(weights)
