"""NAR: neural attention over the features that people mention."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

import torch
from typing_extensions import override

from graphrec.arrays.bounded_blocks import row_blocks
from graphrec.explaining.explainable import PREFERRED
from graphrec.models.pairs.network import drawn
from graphrec.models.reviews.net_config import NetConfig
from graphrec.models.reviews.net_model import NetModel
from graphrec.models.reviews.network import drawn_features
from graphrec.models.reviews.sides import AttendedSide
from graphrec.models.reviews.weights_at_slots import at_features

if TYPE_CHECKING:
    from graphrec.dataset.profiles import Profiles
    from graphrec.explaining.evidence import Evidence
    from graphrec.models.config import ModelConfig


SPREAD = 1.0
"""Standard deviation of the vectors of features at the start: attention shares each x out among all features, so that
with small vectors x_u ⊙ x_i would be too small to learn from."""


class NAR(NetModel):
    """Neural attention recommendation (2 to 4): s = MLP((e_u ⊙ e_i) ⊕ (x_u ⊙ x_i)), x_u = Σ_k α_k w_k f_u^k.

    Source: the white box of "From Intrinsic to Counterfactual". α = softmax_k(e_u M_a w_k) runs over all features, β of
    an item likewise with M_b; both sides have the same w. Nothing is printed of the start: w is drawn with
    deviation 1 (``SPREAD``) and M with 1/√d.

    Weights: α_k of the features that the user mentions, in units of attention, the same for every item. Attention to
    what is not mentioned, most of it where the vocabulary is large, stays outside: weights do not sum to 1. The vector
    of the user has no weight. Effects are measured by scoring again.

    What NAR learns hangs on its start: with w as small as other vectors it ranks clearly worse. Without e_u, as for a
    newcomer, α is even.
    """

    name: ClassVar[str] = "nar"
    Config: ClassVar[type[ModelConfig]] = NetConfig
    method: ClassVar[str] = "attention"
    weight_unit: ClassVar[str] = "attention"

    @override
    def new_sides(self, n_features: int) -> tuple[AttendedSide, AttendedSide]:
        features, size = drawn_features(n_features, self.config, 0, SPREAD), self.config.embedding_size
        generator = torch.Generator().manual_seed(self.config.seed + 3)
        user, item = (AttendedSide(features, drawn(size, size, generator, size**-0.5)) for _ in range(2))
        return user, item

    @override
    def explanation_vectors(self, profiles: Profiles) -> torch.Tensor:
        """Return α, float32 [B, features]."""
        own = self.own_vectors(profiles)
        vectors = own.new_zeros(len(profiles), len(self.values.idf))
        for rows in row_blocks(len(profiles), 2 * vectors.shape[1]):
            vectors[rows] = self._side.attention(own[rows])
        return vectors

    @override
    def evidence(self, profiles: Profiles, items: torch.Tensor, attribution: str = PREFERRED) -> Evidence:
        self.unit_of(attribution)
        slots = self.inputs(profiles)
        weights = at_features(slots, self.explanation_vectors(profiles)[:, None, :])
        return slots.weighed(weights.repeat(1, items.shape[1], 1))
