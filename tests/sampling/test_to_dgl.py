"""A graph as DGL's: same numbers, labels and edges."""

from __future__ import annotations

import numpy as np
import pytest
import torch

from graphrec.sampling.dgl_sampler import to_dgl
from graphrec.sampling.from_dataset import graph_of
from graphrec.testing.toy import build
from tests.sampling.dgl_here import need_dgl
from tests.sampling.toy import TAKEN_BY, random_graph, small


@pytest.fixture(autouse=True)
def _dgl() -> None:
    need_dgl()


@pytest.mark.parametrize("graph", [graph_of(small()), graph_of(small(), relations=True), random_graph()])
def test_every_node_and_edge_is_there(graph) -> None:
    there = to_dgl(graph)
    assert {label: there.num_nodes(label) for label in there.ntypes} == graph.nodes
    assert set(there.canonical_etypes) == set(graph.neighbours)
    assert there.num_edges() == graph.n_edges
    for edge_type, matrix in graph.neighbours.items():
        source, target = (end.numpy() for end in there.edges(etype=edge_type, order="eid"))
        np.testing.assert_array_equal(source, matrix.indices)
        np.testing.assert_array_equal(target, matrix.row_of_entry)


def test_some_types_alone() -> None:
    there = to_dgl(random_graph(), [TAKEN_BY])
    assert there.canonical_etypes == [TAKEN_BY]
    assert there.idtype == torch.int32


def test_no_entities_at_all() -> None:
    there = to_dgl(graph_of(build({"u": {"a": 5}}, ["a", "b"])))
    assert there.num_nodes("entity") == 0
    assert there.num_edges(TAKEN_BY) == 1
