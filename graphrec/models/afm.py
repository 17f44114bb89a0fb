"""AFM: a factorisation machine that attends to pairs of fields."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

import torch
from pydantic import Field
from torch import nn
from torch.nn import functional

from graphrec.models.fields.arithmetic import FieldArithmetic
from graphrec.models.fields.config import FieldConfig
from graphrec.models.fields.field_model import FieldModel

if TYPE_CHECKING:
    from graphrec.models.config import ModelConfig
    from graphrec.models.fields.arithmetic import FieldCounts, Parts
    from graphrec.models.fields.field_vectors import FieldVectors

_ABSENT = -1e30
"""The logit of a pair that is not there: its share is zero."""


class AFMConfig(FieldConfig):
    """Settings of AFM.

    Attributes:
        attention_size: t, hidden units of the attention.
        attention_reg: λ_W, the L2 penalty on W.
    """

    attention_size: int = Field(16, ge=1, description="t, hidden units of the attention")
    attention_reg: float = Field(0.0, ge=0, description="λ, the L2 penalty on the attention's matrix")


class AFMArithmetic(FieldArithmetic):
    """ŷ = w_0 + Σ_k w_k x_k + pᵀ Σ_{f<g} a_fg (e_f ⊙ e_g) over the fields that are there (equation 6).

    a_fg = softmax_fg(hᵀ ReLU(W (e_f ⊙ e_g) + b)) (equation 5). Pairs within a side are computed once for each node.
    For pairs across, W (e_f ⊙ e_g) = (W diag(e_f)) e_g and pᵀ(e_f ⊙ e_g) = (p ⊙ e_f)ᵀ e_g: one matrix product for
    each user with the fields of all items.

    Args:
        counts: numbers of fields.
        config: of the model.

    Attributes:
        hidden: W [t, d] and b [t].
        direction: h, [t].
        projection: p, [d]; it starts at the number of pairs, where even attention is a factorisation machine.
    """

    def __init__(self, counts: FieldCounts, config: AFMConfig) -> None:
        super().__init__(counts, config)
        size = config.embedding_size
        self.hidden = nn.Linear(size, config.attention_size)
        self.direction = nn.Parameter(torch.randn(config.attention_size) / config.attention_size**0.5)
        fields = sum(counts)
        self.projection = nn.Parameter(torch.full((size,), float(max(1, fields * (fields - 1) // 2))))
        self._reg = config.attention_reg
        self.numbers = 3 * counts.user * counts.item * (config.attention_size + 1)

    def alone(self, side: str, fields: FieldVectors) -> Parts:
        """Return a side's own pairs (values, logits, each [n, pairs]) and weights, and what pairs across need."""
        vectors, present = fields.vectors, fields.present
        first, second = torch.triu_indices(vectors.shape[1], vectors.shape[1], 1, device=vectors.device)
        products = vectors[:, first] * vectors[:, second]
        logits = functional.relu(self.hidden(products)) @ self.direction
        logits = logits.masked_fill(~(present[:, first] & present[:, second]), _ABSENT)
        parts = {"weights": fields.weights, "values": products @ self.projection, "logits": logits, "present": present}
        if side == "item":
            return {**parts, "fields": vectors}
        maps = torch.cat([self.hidden.weight, self.projection[None]])
        return {**parts, "maps": (vectors[:, :, None] * maps).flatten(1, 2)}

    def together(self, users: Parts, items: Parts) -> torch.Tensor:
        """Return the scores."""
        fields = items["fields"]
        n_users, k = len(users["maps"]), fields.shape[1]
        across = fields.flatten(1, 2) @ users["maps"].transpose(1, 2)
        across = across.view(n_users, k, -1, len(self.direction) + 1)
        values, hidden = across[..., -1], functional.relu(across[..., :-1] + self.hidden.bias)
        is_there = items["present"][..., None] & users["present"][:, None, None]
        logits = (hidden @ self.direction).masked_fill(~is_there.view(len(is_there), k, -1), _ABSENT)

        def joined(of_user: torch.Tensor, of_item: torch.Tensor, of_both: torch.Tensor) -> torch.Tensor:
            return torch.cat([of_user[:, None].expand(-1, k, -1), of_item.expand(n_users, -1, -1), of_both], dim=2)

        logits = joined(users["logits"], items["logits"], logits)
        values = joined(users["values"], items["values"], values)
        shares = logits.softmax(dim=2) * (logits > _ABSENT)
        return self.bias + users["weights"][:, None] + items["weights"] + (shares * values).sum(dim=2)

    def own_penalty(self) -> torch.Tensor | float:
        """Return λ_W ‖W‖²."""
        return self._reg * self.hidden.weight.square().sum() if self._reg else 0.0


class AFM(FieldModel):
    """A factorisation machine in which each pair of fields has a share of attention; it says why of nothing.

    Source: Xiao, Ye, He, Zhang, Wu, Chua, "Attentional Factorization Machines: Learning the Weight of Feature
    Interactions via Attention Networks", IJCAI 2017. ``FieldModel`` says what a field is, and how newcomers and new
    items are scored. Only fields that are there make pairs, as in the paper, where features of value 0 make none.
    Training is that of ``fm``, ``logistic`` or ``bpr``; the paper's is a regression on labels of 1 and −1, whose
    vectors start as those of a trained FM: here p starts so that even attention is one. Its dropout on the pairs is
    left out, the L2 penalties on W and on the vectors are there. The shares tell which pair of fields counts, not
    which taken item: no evidence.

    No kept library ranks with it: see ``DeepFM``. deepctr-torch has the same arithmetic (compared once: differences
    below 2e-6), but lets fields that are not there take attention. RecBole's is for click data.
    """

    name: ClassVar[str] = "afm"
    Config: ClassVar[type[ModelConfig]] = AFMConfig
    Arithmetic: ClassVar[type[FieldArithmetic]] = AFMArithmetic
