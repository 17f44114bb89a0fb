"""PNN: products of fields between the vectors and the hidden layers."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

import torch
from pydantic import Field
from torch import nn

from graphrec.models.fields.arithmetic import FieldArithmetic
from graphrec.models.fields.deep_part import DeepConfig, DeepPart
from graphrec.models.fields.field_model import FieldModel

if TYPE_CHECKING:
    from graphrec.models.config import ModelConfig
    from graphrec.models.fields.arithmetic import FieldCounts, Parts
    from graphrec.models.fields.field_vectors import FieldVectors


class PNNConfig(DeepConfig):
    """Settings of PNN.

    Attributes:
        product: ``inner`` products of each two fields (IPNN), or the ``outer`` product of their sum with itself (OPNN).
    """

    product: str = Field("inner", pattern="^(inner|outer)$", description="inner or outer, of fields")


class InnerProducts(nn.Module):
    """l_p: a linear layer on the inner products of each two fields, each field with itself included, without bias.

    Args:
        counts: numbers of fields.
        config: of the model.

    Attributes:
        within: W_p on the products within a side, ``user`` and ``item``, in the order (1, 1), (1, 2), …, (2, 2), ….
        across: W_p on the products of the item's fields with the user's, the user's field running fastest.
    """

    def __init__(self, counts: FieldCounts, config: PNNConfig) -> None:
        super().__init__()
        hidden = config.hidden_size
        sizes = {side: n * (n + 1) // 2 for side, n in counts._asdict().items()}
        self.within = nn.ModuleDict({side: nn.Linear(n, hidden, bias=False) for side, n in sizes.items()})
        self.across = nn.Linear(counts.user * counts.item, hidden, bias=False)

    def alone(self, side: str, fields: torch.Tensor) -> Parts:
        """Return the products within a side, weighted, [n, H], and what ``across`` needs."""
        first, second = torch.triu_indices(fields.shape[1], fields.shape[1], device=fields.device)
        products = (fields[:, first] * fields[:, second]).sum(dim=2)
        return {"products": self.within[side](products), "fields": fields}

    def forward(self, users: Parts, items: Parts) -> torch.Tensor:
        """Return the products across the sides, weighted, [B, k, H]."""
        fields = items["fields"]
        products = fields.flatten(1, 2) @ users["fields"].transpose(1, 2)
        weighted: torch.Tensor = self.across(products.view(len(products), fields.shape[1], -1))
        return weighted


class OuterProducts(nn.Module):
    """l_p: ⟨W^n, s sᵀ⟩ for each unit n, s = p + q the sum of all fields, each W^n symmetric (equation 11).

    s sᵀ is the sum of the outer products of all pairs of fields. ⟨W, s sᵀ⟩ = pᵀ W p + qᵀ W q + 2 pᵀ W q.

    Args:
        counts: numbers of fields.
        config: of the model.

    Attributes:
        weight: [H, d, d]; W^n is the mean of weight^n and its transpose.
    """

    def __init__(self, counts: FieldCounts, config: PNNConfig) -> None:  # noqa: ARG002 - the sum does not need them
        super().__init__()
        size = config.embedding_size
        self.weight = nn.Parameter(torch.randn(config.hidden_size, size, size) / size)

    def alone(self, side: str, fields: torch.Tensor) -> Parts:
        """Return pᵀ W p or qᵀ W q, [n, H], and what ``forward`` needs: W p [n, H, d] or q [n, d]."""
        total = fields.sum(dim=1)
        mapped = torch.einsum("hde,ne->nhd", (self.weight + self.weight.transpose(1, 2)) / 2, total)
        products = (mapped @ total[:, :, None]).squeeze(2)
        return {"products": products, "outer": mapped if side == "user" else total}

    def forward(self, users: Parts, items: Parts) -> torch.Tensor:
        """Return 2 pᵀ W q, [B, k, H]."""
        return 2 * (items["outer"] @ users["outer"].transpose(1, 2))


class PNNArithmetic(FieldArithmetic):
    """ŷ = W_3 ReLU(W_2 ReLU(l_z + l_p + b_1) + b_2) + b_3, l_z linear in the fields, l_p in their products.

    Equations 1 to 5, with ``layers`` hidden layers; the loss has the sigmoid.

    Args:
        counts: numbers of fields.
        config: of the model.
    """

    def __init__(self, counts: FieldCounts, config: PNNConfig) -> None:
        super().__init__(counts, config)
        self.deep = DeepPart(counts, config)
        self.products: InnerProducts | OuterProducts = (
            InnerProducts(counts, config) if config.product == "inner" else OuterProducts(counts, config)
        )
        self.numbers = 2 * config.hidden_size + counts.user * counts.item

    def alone(self, side: str, fields: FieldVectors) -> Parts:
        """Return a side's part of the first layer, [n, H], and what the products across sides need."""
        parts = self.products.alone(side, fields.vectors)
        parts["hidden"] = self.deep.alone(side, fields.vectors) + parts.pop("products")
        return parts

    def together(self, users: Parts, items: Parts) -> torch.Tensor:
        """Return the scores."""
        first = users["hidden"][:, None] + items["hidden"] + self.products(users, items)
        deep: torch.Tensor = self.deep(first)
        return self.bias + deep


class PNN(FieldModel):
    """Hidden layers on the fields and on the products of each two of them; it says why of nothing.

    Source: Qu, Cai, Ren, Zhang, Yu, Wen, Wang, "Product-based Neural Networks for User Response Prediction", ICDM
    2016. ``FieldModel`` says what a field is, and how newcomers and new items are scored. ``product="inner"`` is IPNN
    with a full matrix of weights, which the paper factors for its many fields and few have no need of; ``outer`` is
    OPNN as printed, on the sum of all fields. There is no linear part, so that popularity lies in the vectors.
    Training is that of ``fm``.

    No kept library ranks with it: see ``DeepFM``; of those named there only deepctr-torch has it (inner products
    without those of a field with itself; else the same arithmetic, compared once: differences below 1e-6).
    """

    name: ClassVar[str] = "pnn"
    Config: ClassVar[type[ModelConfig]] = PNNConfig
    Arithmetic: ClassVar[type[FieldArithmetic]] = PNNArithmetic
