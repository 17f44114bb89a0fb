"""VBPR on the features that reviews mention of items."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from typing_extensions import override

from graphrec.models.pairs.heads import InnerProductHead
from graphrec.models.pairs.model import PairModel
from graphrec.models.reviews.profiles import item_bags
from graphrec.models.vbpr.network import VBPRConfig, VBPRNetwork

if TYPE_CHECKING:
    from graphrec.dataset.dataset import Dataset
    from graphrec.models.config import ModelConfig


class VBPR(PairModel):
    """Matrix factorisation beside features of items: s = b_i + ⟨γ_u, γ_i⟩ + ⟨θ_u, E f_i⟩ + ⟨β, f_i⟩; it says no why.

    Source: He, McAuley, "VBPR: Visual Bayesian personalized ranking from implicit feedback", AAAI 2016, equation 4,
    with f_i the features that reviews mention of the item (``profile``, ``unmentioned``) in place of those of its
    picture, as the paper of NAR, CAR and CNR uses it. A user's own features play no part. A bias of users ranks nothing
    and is left out. Loss: BPR.

    Cornac has VBPR on dense arrays of features.
    """

    name: ClassVar[str] = "vbpr"
    Config: ClassVar[type[ModelConfig]] = VBPRConfig
    uses_dislikes: ClassVar[bool] = True

    @override
    def new_network(self, dataset: Dataset) -> VBPRNetwork:
        return VBPRNetwork(len(dataset.users), item_bags(dataset, self.config), self.config)

    @override
    def new_head(self) -> InnerProductHead:
        return InnerProductHead(2 * self.config.embedding_size + 1)
