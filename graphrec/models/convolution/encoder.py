"""Two layers of graph convolution in every channel."""

from __future__ import annotations

from typing import TYPE_CHECKING

import torch
from torch import nn
from torch.nn import functional

from graphrec.models.convolution.product import as_tensor, symmetric_product

if TYPE_CHECKING:
    from graphrec.models.convolution.user_item_entity_graph import Shares, UserItemEntityGraph


class Encoder(nn.Module):
    """Z_c = Â_c ReLU(Â_c X W_c) V_c for every channel c, side by side; Â_c as in ``UserItemEntityGraph.normalised``.

    The features X of the nodes are their identity, so that W_c is one row a node.

    Source: Kipf and Welling, "Variational graph auto-encoders", NIPS workshop 2016, section 2: "GCN(X, A)".

    Args:
        graph: links.
        shares: [N, C], of the nodes in the channels.
        hidden_size: h.
        embedding_size: d of each channel.
        heads: how many V there are in each channel, which share what is before them.
        dropout: share of the numbers before each layer that a training step leaves out.
        generator: of the weights at the start (Glorot and Bengio 2010).

    Attributes:
        features: W [C, N, h].
        heads: V [heads, C, h, d].
    """

    def __init__(
        self,
        graph: UserItemEntityGraph,
        shares: Shares,
        *,
        hidden_size: int,
        embedding_size: int,
        heads: int,
        dropout: float,
        generator: torch.Generator,
    ) -> None:
        super().__init__()
        channels = shares.shape[1]
        self._dropout = dropout
        self.features = nn.Parameter(torch.empty(channels, graph.n_nodes, hidden_size))
        self.heads = nn.Parameter(torch.empty(heads, channels, hidden_size, embedding_size))
        for part in (*self.features, *self.heads.flatten(0, 1)):
            nn.init.xavier_uniform_(part, generator=generator)
        for channel in range(channels):
            self.register_buffer(f"adjacency_{channel}", as_tensor(graph.normalised(shares, channel)), persistent=False)

    def hidden(self) -> list[torch.Tensor]:
        """Return ReLU(Â_c X W_c), [N, h] of every channel."""
        return [torch.relu(self._product(channel, part)) for channel, part in enumerate(self.features)]

    def forward(self) -> list[torch.Tensor]:
        """Return Z of every head, [N, C · d]."""
        met = [self._product(channel, part) for channel, part in enumerate(self.hidden())]
        return [torch.cat([part @ last for part, last in zip(met, head, strict=True)], dim=1) for head in self.heads]

    def _product(self, channel: int, dense: torch.Tensor) -> torch.Tensor:
        kept = functional.dropout(dense, self._dropout, self.training)
        return symmetric_product(self.get_buffer(f"adjacency_{channel}"), kept)
