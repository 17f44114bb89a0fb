"""Overlapping communities of the user–item and the item–entity graph, and the membership of every node.

A community detection for bipartite graphs is needed, one that lets nodes belong to several communities and is told how
many there are. NetworkX has none: its overlapping one, k-clique percolation, wants triangles, and a bipartite graph has
no triangle; its others partition. CDlib wraps many, and brings some thirty packages. BigCLAM (Yang and Leskovec,
"Overlapping community detection at scale", WSDM 2013, equations 2 and 3) does what is wanted: two nodes are linked with
probability 1 − exp(−⟨F_a, F_b⟩), F ≥ 0 the strengths with which they belong to the communities. Of a bipartite graph
that is the likelihood of OCuLaR without its penalty, whose solver is used.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import torch
from scipy.optimize import linear_sum_assignment

from graphrec.models.convolution.user_item_entity_graph import shares_of_users
from graphrec.models.ocular.problem import RowProblem, positive_cells, step, transposed

if TYPE_CHECKING:
    import numpy.typing as npt

    from graphrec.dataset.dataset import Dataset
    from graphrec.dataset.incidence import Incidence
    from graphrec.models.convolution.user_item_entity_graph import Shares

TOLERANCE = 1e-5
"""Relative decrease of the cost of a round at which detection stops."""


def detect_communities(links: Incidence, communities: int, *, rounds: int, seed: int) -> tuple[Shares, Shares]:
    """Return the memberships of rows and of columns in communities, [n, C]; each row of both sums to 1.

    A node's strengths F are divided by their sum; a node without links belongs to all evenly.

    Args:
        links: rows × columns, a bipartite graph.
        communities: C.
        rounds: of one projected gradient step for all columns, then one for all rows, at most.
        seed: of the strengths at the start.
    """
    matrix = links.csr()
    if not matrix.nnz:
        even = [np.full((count, communities), 1 / communities, dtype=np.float32) for count in matrix.shape]
        return even[0], even[1]
    cells, turned = positive_cells(matrix), positive_cells(transposed(matrix))
    density = min(links.n_entries / (matrix.shape[0] * matrix.shape[1]), 0.9)
    high = 2 * np.sqrt(-np.log1p(-density) / communities)
    generator = torch.Generator().manual_seed(seed)
    sides = [high * torch.rand(count, communities, generator=generator) for count in matrix.shape]
    lengths, costs = [torch.full((count,), 0.1) for count in matrix.shape], [np.inf]
    for _ in range(rounds):
        for side, of in ((1, turned), (0, cells)):
            other_side = sides[1 - side]
            linear = other_side.sum(dim=0).expand(len(sides[side]), -1)
            problem = RowProblem(of, other_side, linear, 0.0, 1.0)
            sides[side], lengths[side], cost = step(problem, sides[side], 2 * lengths[side])
        if costs[-1] - cost < TOLERANCE * abs(costs[-1]) and np.isfinite(costs[-1]):
            break
        costs.append(cost)
    return _shares(sides[0]), _shares(sides[1])


def shares_of_nodes(dataset: Dataset, communities: int, *, rounds: int, seed: int) -> Shares:
    """Return the membership of every node in every community, [items + entities + users, C].

    Items belong to communities of the user–item graph, entities to those of the item–entity graph, which are numbered
    so that both agree on the items as much as they can; users belong to what they took.

    Args:
        dataset: positives and facts.
        communities: C, in each of the two graphs.
        rounds: of community detection, at most.
        seed: of its start.
    """
    _, items = detect_communities(dataset.positives, communities, rounds=rounds, seed=seed)
    about, entities = detect_communities(
        dataset.knowledge.links("item", "entity"), communities, rounds=rounds, seed=seed
    )
    _, matching = linear_sum_assignment(items.T @ about, maximize=True)
    return np.concatenate([items, entities[:, matching], shares_of_users(dataset.positives, items)])


def _shares(strengths: torch.Tensor) -> npt.NDArray[np.float32]:
    total = strengths.sum(dim=1, keepdim=True)
    even = torch.full_like(strengths, 1 / strengths.shape[1])
    shares: npt.NDArray[np.float32] = torch.where(total > 0, strengths / total, even).numpy()
    return shares
