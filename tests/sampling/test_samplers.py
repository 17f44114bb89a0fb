"""Two samplers, one distribution."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING

import numpy as np
import pytest
import torch
from scipy import stats

from graphrec.errors import ModelError, UsageError
from graphrec.sampling.choosing import _log_once, sampler_of
from graphrec.sampling.from_dataset import graph_of
from graphrec.sampling.sampler import ALL, Sampler
from graphrec.sampling.torch_sampler import TorchSampler, append_new_nodes, sample_rows
from graphrec.testing.toy import build
from tests.sampling.dgl_here import need_dgl
from tests.sampling.toy import ENTITY_OF, HAS_ENTITY, RELATED, RELATED_FROM, TAKEN_BY, TOOK, random_graph, small

if TYPE_CHECKING:
    from graphrec.sampling.blocks import Block
    from graphrec.sampling.heterograph import HeteroGraph

GRAPH = random_graph()
HOPS = [{TAKEN_BY: ALL}, {ENTITY_OF: ALL, TOOK: ALL}, {RELATED: ALL, RELATED_FROM: ALL, HAS_ENTITY: ALL}]


def make(kind: str, graph: HeteroGraph = GRAPH) -> Sampler:
    if kind == "torch":
        return TorchSampler(graph)
    need_dgl()
    from graphrec.sampling.dgl_sampler import DGLSampler

    return DGLSampler(graph)


@pytest.fixture(params=["dgl", "torch"])
def kind(request: pytest.FixtureRequest) -> str:
    return str(request.param)


def found(block: Block) -> dict[tuple[str, str, str], list[tuple[int, int]]]:
    return {
        edge_type: sorted(zip(*(end.tolist() for end in block.pairs(edge_type)), strict=True))
        for edge_type in block.edges
    }


def test_users_reach_items_entities_and_what_those_are_related_to(kind: str) -> None:
    graph = graph_of(small())
    hops = [{TAKEN_BY: ALL}, {ENTITY_OF: ALL}, {RELATED_FROM: ALL}]
    far, near, own = make(kind, graph).blocks({"user": np.array([1, 2])}, hops, np.random.default_rng(0))
    assert found(own) == {TAKEN_BY: [(2, 1)]}  # v took c; w took nothing
    assert found(near) == {ENTITY_OF: [(0, 2), (1, 2)]}  # c has x and y
    assert found(far) == {RELATED_FROM: [(2, 0)]}  # x leads to z
    assert own.targets["user"].tolist() == [1, 2]
    assert far.sources["user"].tolist() == [1, 2]
    assert far.sources["item"].tolist() == [2]
    assert set(far.sources["entity"].tolist()) == {0, 1, 2}


def test_targets_are_the_first_of_the_sources_and_each_node_is_there_once(kind: str) -> None:
    seeds = {"user": np.array([7, 3, 50]), "entity": np.array([2])}
    drawn = make(kind).blocks(seeds, [{TAKEN_BY: 3}, {ENTITY_OF: 2, TOOK: 4}], np.random.default_rng(1))
    own = {label: nodes.tolist() for label, nodes in drawn[-1].targets.items()}
    assert own == {"user": [7, 3, 50], "item": [], "entity": [2]}
    for block, inner in zip(drawn, [*drawn[1:], None], strict=True):
        for label, nodes in block.targets.items():
            assert torch.equal(block.sources[label][: len(nodes)], nodes)
            assert len(block.sources[label].unique()) == len(block.sources[label])
        if inner is not None:
            assert {label: nodes.tolist() for label, nodes in block.targets.items()} == {
                label: nodes.tolist() for label, nodes in inner.sources.items()
            }


def test_both_give_the_same_where_all_neighbours_are_taken() -> None:
    seeds = {"user": np.array([5, 0, 59, 31])}
    ours, theirs = (make(kind).blocks(seeds, HOPS, np.random.default_rng(2)) for kind in ("torch", "dgl"))
    for one, other in zip(ours, theirs, strict=True):
        assert found(one) == found(other)
        assert {label: set(nodes.tolist()) for label, nodes in one.sources.items()} == {
            label: set(nodes.tolist()) for label, nodes in other.sources.items()
        }
    edges = ours[-1].pairs(TAKEN_BY)[0].tolist()
    assert sorted(edges) == sorted(np.concatenate([GRAPH.neighbours[TAKEN_BY].row(n) for n in seeds["user"]]).tolist())


def test_a_hop_draws_the_fan_out_or_the_degree_and_only_neighbours(kind: str) -> None:
    matrix = GRAPH.neighbours[TAKEN_BY]
    (block,) = make(kind).blocks({"user": np.arange(60)}, [{TAKEN_BY: 4}], np.random.default_rng(3))
    source, target = (end.numpy() for end in block.pairs(TAKEN_BY))
    np.testing.assert_array_equal(np.bincount(target, minlength=60), np.minimum(matrix.counts, 4))
    assert matrix.has(target, source).all()
    assert len(np.unique(target * 40 + source)) == len(source), "no neighbour is drawn twice"


@pytest.mark.parametrize("fanout", [1, 3])
def test_every_subset_of_the_neighbours_is_equally_likely(kind: str, fanout: int) -> None:
    """χ² on how often each subset of a node's six neighbours is drawn; the seed is fixed, so this never wavers."""
    data = build({f"u{n}": dict.fromkeys("abcdefg"[: 5 + n % 3], 5) for n in range(600)}, list("abcdefg"))
    rows = np.flatnonzero(data.taken.counts == 6)
    sampler, rng = make(kind, graph_of(data)), np.random.default_rng(4)
    codes = []
    for _ in range(12):
        (block,) = sampler.blocks({"user": np.arange(600)}, [{TAKEN_BY: fanout}], rng)
        source, target = (end.numpy() for end in block.pairs(TAKEN_BY))
        codes.append(np.bincount(target, weights=2.0**source, minlength=600)[rows])
    counts = np.unique(np.concatenate(codes), return_counts=True)[1]
    assert len(counts) == {1: 6, 3: 20}[fanout]
    assert stats.chisquare(counts).pvalue > 0.001


def test_neighbours_come_as_often_from_one_sampler_as_from_the_other() -> None:
    """χ² of homogeneity over all edges of a hop from nodes of every degree."""
    size, rng = len(GRAPH.neighbours[ENTITY_OF].indices), np.random.default_rng(5)
    table = np.zeros((2, 40 * 30))
    for row, kind in enumerate(("torch", "dgl")):
        sampler = make(kind)
        for _ in range(150):
            (block,) = sampler.blocks({"item": np.arange(40)}, [{ENTITY_OF: 3}], rng)
            source, target = (end.numpy() for end in block.pairs(ENTITY_OF))
            table[row] += np.bincount(target * 30 + source, minlength=1200)
    drawn = table[:, table.sum(axis=0) > 0]
    assert drawn.shape[1] == size, "every edge comes up"
    assert stats.chi2_contingency(drawn).pvalue > 0.001


def test_the_same_state_gives_the_same_blocks(kind: str) -> None:
    sampler, hops = make(kind), [{TAKEN_BY: 3}, {ENTITY_OF: 2}]

    def draw(seed: int) -> list[object]:
        blocks = sampler.blocks({"user": np.arange(40)}, hops, np.random.default_rng(seed))
        return [
            (edge_type, *(end.tolist() for end in block.pairs(edge_type)))
            for block in blocks
            for edge_type in block.edges
        ]

    assert draw(6) == draw(6) != draw(7)


def test_nothing_to_walk(kind: str) -> None:
    bare = make(kind, graph_of(build({"u": {"a": 5}, "v": {}}, ["a", "b"])))
    rng = np.random.default_rng(8)
    (zero,) = bare.blocks({"user": np.array([0])}, [{TAKEN_BY: 0}], rng)
    assert found(zero) == {TAKEN_BY: []}
    far, _ = bare.blocks({"user": np.array([0, 1])}, [{TAKEN_BY: 5}, {ENTITY_OF: 5, RELATED: 5}], rng)
    assert found(far) == {ENTITY_OF: [], RELATED: []}
    assert far.sources["item"].tolist() == [0]
    assert far.sources["entity"].tolist() == far.sources["attribute"].tolist() == []
    (none,) = bare.blocks({"item": np.array([1])}, [{}], rng)
    assert none.sources["item"].tolist() == [1]
    (elsewhere,) = bare.blocks({"item": np.array([1])}, [{TAKEN_BY: 5}], rng)
    assert found(elsewhere) == {TAKEN_BY: []}
    assert (
        bare.blocks({"user": np.array([], dtype=np.int64)}, [{TAKEN_BY: ALL}], rng)[0].edges[TAKEN_BY][0].tolist() == []
    )


@pytest.mark.parametrize(
    ("seeds", "hop", "said"),
    [
        ({"people": [0]}, {TAKEN_BY: 1}, "no nodes 'people'"),
        ({"user": [60]}, {TAKEN_BY: 1}, "out of range; the graph has 60"),
        ({"user": [-1]}, {TAKEN_BY: 1}, "out of range"),
        ({"user": [1, 1]}, {TAKEN_BY: 1}, "twice"),
        ({"user": [1]}, {TAKEN_BY: -2}, "fan-out"),
        ({"user": [1]}, {("item", "eaten_by", "user"): 1}, "no edges"),
    ],
)
def test_what_makes_no_sense_is_refused(kind: str, seeds: dict, hop: dict, said: str) -> None:
    with pytest.raises(UsageError, match=said):
        make(kind).blocks({label: np.array(nodes) for label, nodes in seeds.items()}, [hop], np.random.default_rng(0))


@pytest.mark.parametrize(("has_wheel", "level"), [(True, logging.WARNING), (False, logging.INFO)])
def test_without_dgl_pytorch_samples_and_the_log_says_so(
    has_wheel: bool, level: int, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def fails() -> None:
        raise ModelError("DGL cannot be imported: it is not installed")

    monkeypatch.setattr("graphrec.sampling.choosing.import_dgl", fails)
    monkeypatch.setattr("graphrec.sampling.choosing.dgl_has_wheel", lambda: has_wheel)
    _log_once.cache_clear()
    with caplog.at_level(logging.INFO):
        assert isinstance(sampler_of(GRAPH), TorchSampler)
        assert isinstance(sampler_of(GRAPH), TorchSampler)
    assert [(record.levelno, record.message) for record in caplog.records] == [
        (level, "sampling with PyTorch alone: DGL cannot be imported: it is not installed")
    ]


def test_where_dgl_can_be_imported_it_samples(caplog: pytest.LogCaptureFixture) -> None:
    assert type(sampler_of(GRAPH)) is type(make("dgl"))
    assert not caplog.records


def test_rows_are_drawn_and_numbered_by_hand() -> None:
    indptr, indices = torch.tensor([0, 2, 2, 5]), torch.tensor([4, 6, 1, 2, 3], dtype=torch.int32)
    column, row = sample_rows(indptr, indices, torch.tensor([2, 1, 0]), 2, torch.Generator().manual_seed(0))
    drawn = sorted(zip(row.tolist(), column.tolist(), strict=True))
    assert drawn[2:] == [(2, 4), (2, 6)]
    assert {row for row, _ in drawn[:2]} == {0}
    assert {column for _, column in drawn[:2]} < {1, 2, 3}
    nodes, place = append_new_nodes(torch.tensor([9, 2]), torch.tensor([5, 2, 3, 5]))
    assert nodes.tolist() == [9, 2, 3, 5]
    assert place.tolist() == [3, 1, 2, 3]
