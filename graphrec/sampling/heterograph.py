"""A heterograph: nodes by label, and the neighbours by each type of edge."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np

from graphrec.dataset.incidence import Incidence
from graphrec.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Mapping

    import pyarrow as pa

EdgeType = tuple[str, str, str]
"""Label of the sources, name, label of the targets, such as ``("user", "took", "item")``."""

REVERSE = {
    "took": "taken_by",
    "has_attribute": "attribute_of",
    "mentioned": "mentioned_by",
    "has_entity": "entity_of",
    "related_to": "related_from",
    "co_purchased": "co_purchased",
    "in_pair": "pair_of",
}
"""Names of edges, and what the same edges are called against their direction; both are in every graph."""


@dataclass(frozen=True, eq=False)
class HeteroGraph:
    """Nodes by label and edges by type.

    A message goes from source to target, so what a target's neighbours are is kept: compressed rows by target.
    An edge can be walked in both directions, because every type is there with its reverse.

    Attributes:
        ids: for each label the nodes' ids in the order of their numbers.
        neighbours: for each type of edge a matrix targets × sources.
    """

    ids: Mapping[str, pa.Array]
    neighbours: Mapping[EdgeType, Incidence]

    def __post_init__(self) -> None:
        for edge_type, matrix in self.neighbours.items():
            source, _, target = edge_type
            for label, size in ((source, matrix.n_columns), (target, matrix.n_rows)):
                if label not in self.ids or len(self.ids[label]) != size:
                    available = len(self.ids.get(label, ()))
                    raise UsageError(f"edges {edge_type} need {size} nodes {label!r}; the graph has {available}")

    @cached_property
    def nodes(self) -> dict[str, int]:
        """Number of nodes by label."""
        return {label: len(ids) for label, ids in self.ids.items()}

    @property
    def n_edges(self) -> int:
        """Edges of all types; an edge and its reverse are two."""
        return sum(matrix.n_entries for matrix in self.neighbours.values())

    def require(self, edge_type: EdgeType) -> Incidence:
        """Return the neighbours by a type of edge; raise UsageError if the graph has no such type."""
        if edge_type not in self.neighbours:
            edge_types = ", ".join(map(str, self.neighbours))
            raise UsageError(f"the graph has no edges {edge_type}", remedy=f"It has {edge_types}")
        return self.neighbours[edge_type]


def reverse_of(edge_type: EdgeType) -> EdgeType:
    """Return the type of the same edges against their direction; what stands behind a colon stays."""
    source, name, target = edge_type
    both = {**REVERSE, **{value: key for key, value in REVERSE.items()}}
    stem, colon, relation = name.partition(":")
    if stem not in both:
        raise UsageError(f"edges named {name!r} have no reverse", remedy=f"Names: {', '.join(sorted(both))}")
    return target, both[stem] + colon + relation, source


def transposed(matrix: Incidence) -> Incidence:
    """Return columns × rows, without values."""
    turned = matrix.pattern.csr(np.bool_).tocsc()
    return Incidence(turned.indptr.astype(np.int64), turned.indices.astype(np.int32), matrix.n_rows)
