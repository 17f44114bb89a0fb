"""A trained encoder: the arrays that encode any user, known or new, and score all items."""

from __future__ import annotations

from dataclasses import dataclass, fields
from typing import TYPE_CHECKING, Any

import numpy as np
import torch
from scipy import sparse

from graphrec.models.convolution.user_item_entity_graph import shares_of_users

if TYPE_CHECKING:
    from collections.abc import Mapping

    import numpy.typing as npt
    from typing_extensions import Self

    from graphrec.dataset.incidence import Incidence
    from graphrec.models.convolution.encoder import Encoder
    from graphrec.models.convolution.user_item_entity_graph import Shares, UserItemEntityGraph


@dataclass(frozen=True, eq=False)
class TrainedEncoder:
    """The arrays of an encoder that inference needs; I items, U users of the fit, C channels.

    A user is encoded from the input history by the two layers of the encoder, with the same result as in training where
    that is the history of the fit. A new user has no row of W and does not change the vectors of items.

    Attributes:
        degrees: float32 [I], of the items in the graph of the fit.
        shares: float32 [I, C], of the items.
        first: W of the items, float32 [C, I, h].
        own: W of the users, float32 [C, U, h]; 0 for those who took nothing in the fit.
        hidden: of the items, float32 [C, I, h].
        last: V, float32 [C, h, d].
        items: Z of the items, float32 [I, C · d].
    """

    degrees: npt.NDArray[np.float32]
    shares: npt.NDArray[np.float32]
    first: npt.NDArray[np.float32]
    own: npt.NDArray[np.float32]
    hidden: npt.NDArray[np.float32]
    last: npt.NDArray[np.float32]
    items: npt.NDArray[np.float32]

    @classmethod
    @torch.no_grad()
    def of(cls, encoder: Encoder, graph: UserItemEntityGraph, shares: Shares) -> Self:
        """Return the arrays of an encoder in its current state; its first head is that of the means."""
        n_items, begin = graph.n_items, graph.n_items + graph.n_entities
        degrees = graph.degrees
        features = encoder.features.cpu().numpy()
        return cls(
            degrees=degrees[:n_items].astype(np.float32),
            shares=shares[:n_items],
            first=features[:, :n_items].copy(),
            own=features[:, begin:] * (degrees[begin:] > 1)[None, :, None],
            hidden=torch.stack([part[:n_items] for part in encoder.hidden()]).cpu().numpy(),
            last=encoder.heads[0].cpu().numpy().copy(),
            items=encoder()[0][:n_items].cpu().numpy().copy(),
        )

    def scores(self, items: Incidence, known: npt.NDArray[Any]) -> npt.NDArray[np.float32]:
        """Return ⟨z_u, z_i⟩, float32 [B, I]; zeros for a user without history.

        Args:
            items: B × items, the history.
            known: int [B], row among the users of the fit, or −1.
        """
        products: npt.NDArray[np.float32] = (self.users(items, known) @ self.items.T) * (items.counts > 0)[:, None]
        return products

    def users(self, items: Incidence, known: npt.NDArray[Any]) -> npt.NDArray[np.float32]:
        """Return z of B users, float32 [B, C · d]."""
        root = (1 / np.sqrt(items.counts + 1)).astype(np.float32)
        shares = shares_of_users(items, self.shares)
        parts = []
        for channel, of_items in enumerate((self.shares / np.sqrt(self.degrees)[:, None]).T):
            links = sparse.diags(root) @ items.csr() @ sparse.diags(of_items)
            with_itself = (shares[:, channel] * root**2)[:, None]
            own = np.where((known >= 0)[:, None], self.own[channel][known], np.float32(0))
            hidden = np.maximum(links @ self.first[channel] + with_itself * own, 0)
            parts.append((links @ self.hidden[channel] + with_itself * hidden) @ self.last[channel])
        return np.concatenate(parts, axis=1)

    def arrays(self) -> dict[str, npt.NDArray[Any]]:
        """Return all attributes by name."""
        return {part.name: getattr(self, part.name) for part in fields(self)}

    @classmethod
    def from_arrays(cls, arrays: Mapping[str, npt.NDArray[Any]]) -> Self:
        """Build from the result of ``arrays``."""
        return cls(**{part.name: np.asarray(arrays[part.name]) for part in fields(cls)})
