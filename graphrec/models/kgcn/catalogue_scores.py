"""KGCN's scores of all items for many users at once, from factored neighbourhoods.

What a user sees of a node's facts depends on their relations alone. With the facts of one relation merged, of number
n_r and mean neighbour ē_r, the first layer is exactly

    W (e + Σ_k π_k e_k) + b = Σ_r ρ_r (W e + W ē_r + b),   ρ_r ∝ n_r exp <u, r>,   Σ_r ρ_r = 1,

where the brackets know nothing of the user and are computed once. A node all of whose facts have one relation looks the
same to everyone: with one layer its score is a part of one matrix product. For all others a user's view is a sum of few
vectors, one small product for each node over a batch of users. Deeper layers mix what the first one made for each user.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import torch
from torch.nn import functional

from graphrec.arrays.bounded_blocks import blocks, row_blocks, rows_at_once

if TYPE_CHECKING:
    from collections.abc import Iterator

    import numpy.typing as npt

    from graphrec.models.kgcn.network import KGCNNetwork

NUMBERS_AT_ONCE = 1 << 18
"""Numbers of the first layer held at once; they fit a processor's cache."""

DEEP_NUMBERS_AT_ONCE = 1 << 22
"""The same where deeper layers need the first layer's output of every node."""

USERS_AT_ONCE = 128
"""Users at once with one layer, at most."""


@dataclass(frozen=True, eq=False)
class _Group:
    """Nodes with facts of n different relations each.

    Attributes:
        rows: int64 [m], the nodes.
        relation: int64 [m, n].
        counted: float32 [m, n], log n_r.
        vectors: float32 [m, n, d], the brackets above.
    """

    rows: torch.Tensor
    relation: torch.Tensor
    counted: torch.Tensor
    vectors: torch.Tensor


class Scorer:
    """A scorer with everything that can be computed once from the current weights.

    Args:
        network: any KGCN; nothing of it is changed.
        n_items: the first of its nodes.
    """

    @torch.no_grad()
    def __init__(self, network: KGCNNetwork, n_items: int) -> None:
        self._field, self._n_items, self._hops = network.field, n_items, network.config.hops
        self._users, self._nodes, self._relations = (
            part.detach().float().cpu() for part in (network.users, network.nodes, network.relations)
        )
        self._shifts = [shift.detach().float().cpu() for shift in network.shifts]
        halves = [network.halves(layer) for layer in range(self._hops)]
        self._alone = [None if alone is None else alone.detach().float().cpu() for alone, _ in halves]
        self._together = [together.detach().float().cpu() for _, together in halves]
        n_rows = n_items if self._hops == 1 else len(self._nodes)
        self._fixed, self._groups = self._first_layer(n_rows)
        """Nodes with the same vector for all users, and the others by number of relations."""

    def __call__(self, users: npt.NDArray[np.int64]) -> torch.Tensor:
        """Return the scores of all items for some users, float32 [B, items]."""
        rows = len(self._nodes) * self._users.shape[1]
        at_once = USERS_AT_ONCE if self._hops == 1 else rows_at_once(rows, DEEP_NUMBERS_AT_ONCE)
        scores = torch.empty(self._n_items, len(users))
        for part in blocks(len(users), at_once):
            self._write_scores(scores[:, part], self._users[torch.from_numpy(users[part])])
        return scores.T.contiguous()

    def _write_scores(self, scores: torch.Tensor, user: torch.Tensor) -> None:
        """Write the scores of all items (rows) for B users (columns), the order in which they are computed."""
        relation_scores = user @ self._relations.T
        fixed, vectors = self._fixed
        if self._hops == 1:
            scores[fixed] = vectors @ user.T
            for rows, group_vectors in self._vectors_by_user(relation_scores):
                scores[rows] = group_vectors.mul_(user).sum(dim=2)
            return
        all_vectors = torch.empty(len(user), len(self._nodes), user.shape[1])
        all_vectors[:, fixed] = vectors
        for rows, group_vectors in self._vectors_by_user(relation_scores):
            all_vectors[:, rows] = group_vectors.transpose(0, 1)
        for layer in range(1, self._hops):
            all_vectors = self._next_layer(layer, all_vectors, relation_scores)
        scores[:] = (all_vectors @ user[:, :, None]).squeeze(2).T

    # --- the first layer

    def _first_layer(self, n_rows: int) -> tuple[tuple[torch.Tensor, torch.Tensor], list[_Group]]:
        alone, together = self._alone[0], self._together[0]
        own = self._shifts[0] + (self._nodes[:n_rows] @ alone.T if alone is not None else torch.zeros(n_rows, 1))
        end = self._field.indptr[n_rows]
        relation, counts = self._field.relation[:end], self._field.count[:end]
        row = np.repeat(np.arange(n_rows), np.diff(self._field.indptr[: n_rows + 1]))
        first = np.flatnonzero(np.append(True, (row[1:] != row[:-1]) | (relation[1:] != relation[:-1]))[:end])
        sent = (self._nodes @ together.T).numpy()[self._field.node[:end]] * counts[:, None].astype(np.float32)
        number = np.add.reduceat(counts, first) if end else counts
        mean = np.add.reduceat(sent, first, axis=0) / number[:, None].astype(np.float32) if end else sent
        vectors = torch.from_numpy(mean) + own[torch.from_numpy(row[first])]
        different = np.bincount(row[first], minlength=n_rows)
        begin = np.cumsum(different) - different
        single, none = np.flatnonzero(different == 1), np.flatnonzero(different == 0)
        same = torch.cat([vectors[torch.from_numpy(begin[single])], own[torch.from_numpy(none)]])
        groups = []
        for n in np.unique(different[different > 1]):
            rows = np.flatnonzero(different == n)
            at = begin[rows, None] + np.arange(n)
            counted = torch.from_numpy(np.log(number[at]).astype(np.float32))
            kind = torch.from_numpy(relation[first][at])
            groups.append(_Group(torch.from_numpy(rows), kind, counted, vectors[torch.from_numpy(at)]))
        fixed = torch.from_numpy(np.concatenate([single, none]))
        return (fixed, self._activated(0, same)), groups

    def _vectors_by_user(self, relation_scores: torch.Tensor) -> Iterator[tuple[torch.Tensor, torch.Tensor]]:
        """Yield some nodes [m] and their vectors for each of B users after the first layer, [m, B, d]."""
        for group in self._groups:
            for part in row_blocks(len(group.rows), len(relation_scores) * group.vectors.shape[2], NUMBERS_AT_ONCE):
                logits = relation_scores.T[group.relation[part]] + group.counted[part, :, None]
                shares = logits.softmax(dim=1).transpose(1, 2)
                yield group.rows[part], self._activated(0, shares @ group.vectors[part])

    def _activated(self, layer: int, vectors: torch.Tensor) -> torch.Tensor:
        """Return ReLU, after the last layer tanh; in place. NumPy's tanh takes a tenth of PyTorch's time on CPU."""
        if layer < self._hops - 1:
            return vectors.relu_()
        array = vectors.numpy()
        np.tanh(array, out=array)
        return vectors

    # --- deeper layers

    def _next_layer(self, layer: int, all_vectors: torch.Tensor, relation_scores: torch.Tensor) -> torch.Tensor:
        """Return the next vectors of all nodes [B, nodes, d], after the last layer of items alone."""
        n_users, n_nodes, size = all_vectors.shape
        n_rows = self._n_items if layer == self._hops - 1 else n_nodes
        end = int(self._field.indptr[n_rows])
        at = np.arange(n_users)[:, None]
        around = functional.embedding_bag(
            torch.from_numpy((at * n_nodes + self._field.node[:end]).ravel()),
            all_vectors.view(-1, size),
            torch.from_numpy((at * end + self._field.indptr[:n_rows]).ravel()),
            mode="sum",
            per_sample_weights=torch.from_numpy(self._shares(relation_scores.numpy(), n_rows).ravel()),
        ).view(n_users, n_rows, size)
        alone, together = self._alone[layer], self._together[layer]
        out = around @ together.T + self._shifts[layer]
        if alone is not None:
            out += all_vectors[:, :n_rows] @ alone.T
        return self._activated(layer, out)

    def _shares(self, relation_scores: npt.NDArray[np.float32], n_rows: int) -> npt.NDArray[np.float32]:
        """Return the weight of each entry of the first nodes for each user, [B, entries]."""
        indptr = self._field.indptr[: n_rows + 1]
        end, counts = indptr[-1], np.diff(indptr)
        if not end:
            return np.empty((len(relation_scores), 0), dtype=np.float32)
        first, within = indptr[:-1][counts > 0], counts[counts > 0]
        logits = relation_scores[:, self._field.relation[:end]] + np.log(self._field.count[:end]).astype(np.float32)
        logits -= np.repeat(np.maximum.reduceat(logits, first, axis=1), within, axis=1)
        shares: npt.NDArray[np.float32] = np.exp(logits, out=logits)
        shares /= np.repeat(np.add.reduceat(shares, first, axis=1), within, axis=1)
        return shares
