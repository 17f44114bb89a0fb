"""Users, items and entities as the nodes of one graph without directions, and its normalised adjacency."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from scipy import sparse

if TYPE_CHECKING:
    import numpy.typing as npt

    from graphrec.dataset.dataset import Dataset
    from graphrec.dataset.incidence import Incidence

    Shares = npt.NDArray[np.float32]
    """[nodes, C], how much each node belongs to each channel; rows sum to 1."""


@dataclass(frozen=True, eq=False)
class UserItemEntityGraph:
    """Links between N nodes: items 0 … I−1, then entities, then users.

    A user is linked with what the user took, and two nodes of the knowledge graph where there is a fact of any
    relation, as the paper of resolving takes it (2.1).

    Attributes:
        first, second: int64, the ends of every link once in either direction; sorted, none from a node to itself.
        n_items, n_entities, n_users: numbers of nodes.
    """

    first: npt.NDArray[np.int64]
    second: npt.NDArray[np.int64]
    n_items: int
    n_entities: int
    n_users: int

    @classmethod
    def of(cls, dataset: Dataset) -> UserItemEntityGraph:
        """Return the graph of a data set's positives and facts."""
        taken, knowledge = dataset.positives, dataset.knowledge
        users = taken.row_of_entry + len(dataset.items) + len(dataset.entities)
        ends = [taken.indices.astype(np.int64), knowledge.head.astype(np.int64)]
        other_ends = [users, knowledge.tail.astype(np.int64)]
        first, second = np.concatenate(ends), np.concatenate(other_ends)
        apart = first != second
        first, second = first[apart], second[apart]
        n_nodes = len(dataset.items) + len(dataset.entities) + len(dataset.users)
        keys = np.unique(np.concatenate([first * n_nodes + second, second * n_nodes + first]))
        first, second = np.divmod(keys, n_nodes)
        return cls(first, second, len(dataset.items), len(dataset.entities), len(dataset.users))

    @property
    def n_nodes(self) -> int:
        """N."""
        return self.n_items + self.n_entities + self.n_users

    @property
    def degrees(self) -> npt.NDArray[np.int64]:
        """[N], links of each node, that with itself too: the diagonal of D in Kipf and Welling."""
        counts: npt.NDArray[np.int64] = np.bincount(self.first, minlength=self.n_nodes) + 1
        return counts

    def normalised(self, shares: Shares, channel: int) -> Any:
        """Return S_c ∘ D^−½ (A + I) D^−½ as a symmetric CSR matrix, float32 [N, N].

        Of a link between two kinds of node the channel has the share of the end that tells of the other: of the item
        where a user took it, of the entity where it says what an item is; within a kind, the mean of both. Of a node's
        link with itself it has the node's own share. All channels together make up the matrix of the whole graph.

        Source: Kipf and Welling, "Semi-supervised classification with graph convolutional networks", ICLR 2017,
        equation 2.
        """
        kind = np.repeat([1, 0, 2], [self.n_items, self.n_entities, self.n_users])
        of = shares[:, channel]
        near, far = kind[self.first], kind[self.second]
        share = np.where(near < far, of[self.first], of[self.second])
        share = np.where(near == far, (of[self.first] + of[self.second]) / 2, share)
        root = 1 / np.sqrt(self.degrees)
        every = np.arange(self.n_nodes)
        values = np.concatenate([share * root[self.first] * root[self.second], of * root**2]).astype(np.float32)
        places = np.concatenate([self.first, every]), np.concatenate([self.second, every])
        matrix = sparse.csr_matrix((values, places), shape=(self.n_nodes, self.n_nodes))
        matrix.sort_indices()
        return matrix


def shares_of_users(items: Incidence, of_items: npt.NDArray[np.float32]) -> npt.NDArray[np.float32]:
    """Return the shares of B users, the mean over their items, [B, C]; even shares without history.

    Args:
        items: B × items.
        of_items: [items, C].
    """
    mean = (items.csr() @ of_items) / np.maximum(items.counts, 1)[:, None]
    shares: npt.NDArray[np.float32] = np.where(items.counts[:, None] > 0, mean, 1 / of_items.shape[1])
    return shares.astype(np.float32, copy=False)
