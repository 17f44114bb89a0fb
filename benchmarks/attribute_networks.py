"""Attribute networks as pairs of a user and a value, beside networks as item × item matrices.

    python -m benchmarks.attribute_networks [--items 100000] [--peer-items 10000] [--dimensions 96]

As many users as items, 24 draws each; an item has up to three of 20 genres, one director and five actors. Half of what
a user takes is popular, half is by people that the user likes. The peer is what the paper's formula says: scipy's TᵀT
and A Aᵀ, and their entrywise product kept as a matrix. Most pairs of items share a genre, so the peer runs on a smaller
catalogue, where both are measured. Every method runs in a process of its own, on one thread, processor time.
"""

from __future__ import annotations

import argparse
import json
import os
import resource
import subprocess
import sys
import time
from typing import TYPE_CHECKING, Any

import numpy as np

from graphrec.dataset.dataset import Dataset
from graphrec.dataset.ids import IdMap
from graphrec.dataset.incidence import Incidence
from graphrec.dataset.interactions import Interactions
from graphrec.dataset.kinds import ITEM_ATTRIBUTES
from graphrec.sampling.attribute_networks import attribute_networks
from graphrec.sampling.choosing import sampler_of
from graphrec.sampling.network_graph import network_graph, network_hops, network_rows
from graphrec.sampling.values_of_kind import values_by_kind

if TYPE_CHECKING:
    import numpy.typing as npt

GENRES, EACH, LIKED, BATCH = 20, 24, 2, 256


def catalogue(items: int, seed: int = 0) -> Dataset:
    """Return a data set of so many items and users, with some twenty interactions each."""
    rng = np.random.default_rng(seed)
    sizes = {"genre": GENRES, "director": max(items // 5, 1), "actor": max(items * 3 // 5, 1)}
    first = dict(zip(sizes, np.cumsum([0, *sizes.values()]), strict=False))
    share = 1 / np.arange(1, GENRES + 1)
    carried = {
        "genre": rng.choice(GENRES, (items, 3), p=share / share.sum()),
        "director": rng.integers(0, sizes["director"], (items, 1)),
        "actor": rng.integers(0, sizes["actor"], (items, 5)),
    }
    columns = np.concatenate([carried[kind] + first[kind] for kind in sizes], axis=1)
    n_values = sum(sizes.values())
    links = Incidence.from_pairs(np.repeat(np.arange(items), 9), columns.ravel(), (items, n_values))
    popularity = 1 / (np.arange(items) + 100.0)
    popular = rng.choice(items, (items, EACH // 2), p=popularity / popularity.sum())
    keys = _keys(popular, _of_liked_people(links, first["director"], rng, (items, EACH // 2)), items)
    user, item = (ends.astype(np.int32) for ends in np.divmod(keys, items))
    ones = np.ones(len(keys), dtype=np.float32)
    kinds = np.repeat(list(sizes), list(sizes.values())).tolist()
    nodes = {
        "User": IdMap.of("User", [f"u{n}" for n in range(items)]),
        "Item": IdMap.of("Item", [f"i{n}" for n in range(items)]),
        "Attribute": IdMap.of("Attribute", [f"a{n}" for n in range(n_values)], owner=["item"] * n_values, kind=kinds),
    }
    return Dataset(nodes, Interactions(user, item, ones, ones, np.zeros(len(keys))), {ITEM_ATTRIBUTES: links})


def _of_liked_people(
    links: Incidence, first: int, rng: np.random.Generator, shape: tuple[int, int]
) -> npt.NDArray[np.int64]:
    """Return items by one of the directors and actors that each user likes; −1 where such a person has none."""
    carriers = links.csr(np.int8).tocsc()
    liked = rng.integers(first, links.n_columns, (shape[0], LIKED))
    person = np.take_along_axis(liked, rng.integers(0, LIKED, shape), axis=1)
    counts = np.diff(carriers.indptr)[person]
    places = carriers.indptr[person] + rng.integers(0, np.maximum(counts, 1))
    found = carriers.indices[np.minimum(places, links.n_entries - 1)].astype(np.int64)
    return np.where(counts > 0, found, -1)


def _keys(popular: npt.NDArray[np.int64], liked: npt.NDArray[np.int64], items: int) -> npt.NDArray[np.int64]:
    taken = np.concatenate([popular, liked], axis=1)
    return np.unique((np.arange(items)[:, None] * items + taken)[taken >= 0])


def as_pairs(data: Dataset, vectors: npt.NDArray[np.float32]) -> dict[str, Any]:
    """Build networks of pairs, multiply, and draw in-subgraphs of batches."""
    before = _peak()
    started = time.process_time()
    networks = attribute_networks(data)
    seconds = {"build": time.process_time() - started}
    seconds["product"], checks = _multiplied(lambda network, x: network.product(x), networks, vectors)
    peak = _peak()
    graph = network_graph(data, networks)
    sampler, rng = sampler_of(graph), np.random.default_rng(0)
    batches = [rng.permutation(len(data.items))[:BATCH] for _ in range(6)]
    edges, took = 0, []
    for batch in batches:
        started = time.process_time()
        blocks = sampler.blocks({"item": batch}, network_hops([network.kind for network in networks]), rng)
        edges += sum(network_rows(graph, blocks, network.kind).n_entries for network in networks)
        took.append(time.process_time() - started)
    seconds["batch"] = float(np.median(took[1:]))
    sizes = {network.kind: network.pairs.nnz for network in networks}
    return {**seconds, "peak": peak - before, "entries": sizes, "sums": checks, "edges": edges / len(batches)}


def as_matrices(data: Dataset, vectors: npt.NDArray[np.float32]) -> dict[str, Any]:
    """Build networks as item × item matrices, and multiply."""
    before = _peak()
    started = time.process_time()
    took = data.positives.csr(np.float32)
    together = (took.T @ took).tocsr()
    together.setdiag(0)
    together.eliminate_zeros()
    networks = []
    for values in values_by_kind(data, None, 1.0):
        carries = values.carried.csr(np.float32)
        networks.append(together.multiply(carries @ carries.T).tocsr())
    seconds = {"build": time.process_time() - started}
    seconds["product"], checks = _multiplied(lambda network, x: network @ x, networks, vectors)
    return {**seconds, "peak": _peak() - before, "sums": checks, "entries": [int(n.nnz) for n in networks]}


def _multiplied(multiply: Any, networks: list[Any], vectors: npt.NDArray[np.float32]) -> tuple[float, list[float]]:
    """Return the seconds of the product with all networks, the median of three, and the sums of the results."""
    seconds, sums = [], []
    for _ in range(3):
        started = time.process_time()
        sums = [float(multiply(network, vectors).sum(dtype=np.float64)) for network in networks]
        seconds.append(time.process_time() - started)
    return float(np.median(seconds)), sums


def _peak() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


METHODS = {"pairs": as_pairs, "matrices": as_matrices}


def main() -> None:
    """Measure each method in a process of its own."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--items", type=int, default=100_000)
    parser.add_argument("--peer-items", type=int, default=10_000)
    parser.add_argument("--dimensions", type=int, default=96)
    parser.add_argument("--method", choices=METHODS)
    options = parser.parse_args()
    if options.method:
        data = catalogue(options.items)
        vectors = np.random.default_rng(1).random((options.items, options.dimensions), dtype=np.float32)
        found = METHODS[options.method](data, vectors)
        print(json.dumps({"interactions": data.positives.n_entries, **found}))
        return
    for items, method in ((options.items, "pairs"), (options.peer_items, "pairs"), (options.peer_items, "matrices")):
        settings = ["--items", str(items), "--dimensions", str(options.dimensions), "--method", method]
        call = [sys.executable, "-m", "benchmarks.attribute_networks", *settings]
        environment = {**os.environ, "OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1"}
        done = subprocess.run(call, check=True, capture_output=True, text=True, env=environment)
        found = json.loads(done.stdout)
        print(
            f"{method}, {items:,} items, {found['interactions']:,} interactions: {found['build']:.2f} s to build, "
            f"{found['product']:.3f} s a product with {options.dimensions} dimensions, {found['peak']:,.0f} MB above "
            f"the data; entries {found['entries']}; sums {found['sums']}"
        )
        if "batch" in found:
            print(f"  in-subgraphs of {BATCH} items: {found['batch']:.3f} s, {found['edges']:,.0f} edges")


if __name__ == "__main__":
    main()
