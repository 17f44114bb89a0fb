"""Sampling by graphrec's samplers beside a bare DGL loop on the same graph: ``python -m benchmarks.sampling ML1M``.

MovieLens 1M with its DBpedia graph; batches of 512 users, 20 items each, 10 entities of each item, 5 entities of each
entity. The bare loop is what DGL's manual has: ``sample_neighbors`` and ``to_block`` hop by hop, on a graph of just
those types of edge. Its blocks stay DGL's; those of graphrec are returned with their edges. Interleaved rounds,
processor time. Bar: 0.9 × the speed of the bare loop.
"""

from __future__ import annotations

import argparse
import tempfile
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import torch

from benchmarks.embedded_jobs import movielens
from graphrec.sampling.dgl_import import import_dgl
from graphrec.sampling.dgl_sampler import DGLSampler, to_dgl
from graphrec.sampling.from_store import graph_from_store
from graphrec.sampling.torch_sampler import TorchSampler
from graphrec.store.opening import open_store

if TYPE_CHECKING:
    from collections.abc import Callable

    import numpy.typing as npt

    from graphrec.sampling.heterograph import EdgeType, HeteroGraph
    from graphrec.sampling.sampler import Sampler

    Round = Callable[[list[npt.NDArray[np.int64]]], int]

HOPS: list[dict[EdgeType, int]] = [
    {("item", "taken_by", "user"): 20},
    {("entity", "entity_of", "item"): 10},
    {("entity", "related_to", "entity"): 5, ("entity", "related_from", "entity"): 5},
]


def bare(graph: HeteroGraph) -> Round:
    """Return the loop of DGL's manual."""
    dgl = import_dgl()
    types = [edge_type for hop in HOPS for edge_type in hop]
    whole = to_dgl(graph, types)
    fanouts = [{edge_type: hop.get(edge_type, 0) for edge_type in types} for hop in HOPS]

    def round_of(batches: list[npt.NDArray[np.int64]]) -> int:
        edges = 0
        for users in batches:
            targets: dict[str, Any] = {"user": torch.from_numpy(users).to(whole.idtype)}
            for fanout in fanouts:
                block = dgl.to_block(dgl.sampling.sample_neighbors(whole, targets, fanout), targets)
                targets = {label: block.srcnodes[label].data[dgl.NID] for label in block.srctypes}
                edges += block.num_edges()
        return edges

    return round_of


def sampler_loop(sampler: Sampler) -> Round:
    """Return the loop of a sampler of graphrec."""

    def round_of(batches: list[npt.NDArray[np.int64]]) -> int:
        rng, edges = np.random.default_rng(0), 0
        for users in batches:
            for block in sampler.blocks({"user": users}, HOPS, rng):
                edges += sum(len(source) for source, _ in block.edges.values())
        return edges

    return round_of


def main() -> None:
    """Time the loops in turn."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("path", type=Path, help="the folder movielens-1m")
    parser.add_argument("--rounds", type=int, default=9)
    parser.add_argument("--batches", type=int, default=12)
    options = parser.parse_args()
    tables, info = movielens(options.path)
    with tempfile.TemporaryDirectory() as name, open_store(f"{name}/store") as store:
        store.load(tables, info)
        graph = graph_from_store(store, cached=False)
    rng = np.random.default_rng(0)
    batches = [rng.permutation(graph.nodes["user"])[:512].astype(np.int64) for _ in range(options.batches)]
    loops = {
        "bare DGL": bare(graph),
        "graphrec, DGL": sampler_loop(DGLSampler(graph)),
        "graphrec, PyTorch": sampler_loop(TorchSampler(graph)),
    }
    edges = {name: loop(batches) for name, loop in loops.items()}
    seconds: dict[str, list[float]] = {name: [] for name in loops}
    for _ in range(options.rounds):
        for name, loop in loops.items():
            began = time.process_time()
            loop(batches)
            seconds[name].append(time.process_time() - began)
    for name, times in seconds.items():
        ratios = np.array(seconds["bare DGL"]) / np.array(times)
        milliseconds, n_edges = np.median(times) / len(batches) * 1e3, edges[name] / len(batches)
        print(
            f"{name}: {milliseconds:.1f} ms a batch of {n_edges:,.0f} edges,"
            f" {np.median(ratios):.2f} × the bare loop's speed ({ratios.min():.2f} to {ratios.max():.2f})"
        )


if __name__ == "__main__":
    main()
