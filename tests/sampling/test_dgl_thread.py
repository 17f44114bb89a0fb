"""What DGL draws depends on the seed alone: on no thread, and on no number of threads."""

from __future__ import annotations

import os
import subprocess
import sys
import threading
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING

import numpy as np
import pytest
import torch

from graphrec.sampling import dgl_sampler
from graphrec.sampling.dgl_import import import_dgl
from graphrec.sampling.dgl_sampler import DGLSampler
from graphrec.sampling.dgl_thread import run_in_dgl_thread
from tests.sampling.dgl_here import need_dgl
from tests.sampling.toy import ENTITY_OF, RELATED, TAKEN_BY, TOOK, random_graph

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

HOPS = [{TAKEN_BY: 5}, {ENTITY_OF: 3, TOOK: 2}, {RELATED: 2}]
USERS = np.arange(400)

Drawn = list[list[int]]


@pytest.fixture(scope="module")
def sampler() -> DGLSampler:
    need_dgl()
    return DGLSampler(random_graph(users=400, items=80))


@pytest.fixture
def torch_threads() -> Iterator[None]:
    before = torch.get_num_threads()
    yield
    torch.set_num_threads(before)


def draws(sampler: DGLSampler, threads: int | None = None) -> Drawn:
    """Return all nodes and edges of three calls of ``blocks``, in their order."""
    if threads:
        torch.set_num_threads(threads)
    rng, drawn = np.random.default_rng(5), []
    for _ in range(3):
        for block in sampler.blocks({"user": USERS}, HOPS, rng):
            drawn += [nodes.tolist() for nodes in block.sources.values()]
            drawn += [end.tolist() for edges in block.edges.values() for end in edges]
    return drawn


def elsewhere(work: Callable[[], Drawn]) -> Drawn:
    """Return what a fresh thread returns."""
    with ThreadPoolExecutor(1) as fresh:
        return fresh.submit(work).result()


def test_every_thread_draws_the_same(sampler: DGLSampler) -> None:
    expected = draws(sampler)
    assert elsewhere(lambda: draws(sampler)) == elsewhere(lambda: draws(sampler)) == draws(sampler) == expected
    assert draws(DGLSampler(sampler.graph)) == expected, "of the same graph"


def test_two_threads_at_once_draw_the_same(sampler: DGLSampler) -> None:
    """Each has its own ``rng``; neither comes between the other's seed and draws."""
    both = threading.Barrier(2)

    def draw() -> Drawn:
        both.wait()
        return draws(sampler)

    with ThreadPoolExecutor(2) as two:
        first, second = two.submit(draw), two.submit(draw)
    assert first.result() == second.result() == draws(sampler)


@pytest.mark.usefixtures("torch_threads")
def test_the_number_of_threads_changes_nothing(sampler: DGLSampler) -> None:
    expected = draws(sampler, 1)
    assert draws(sampler, 2) == expected
    assert elsewhere(lambda: draws(sampler, 2)) == elsewhere(lambda: draws(sampler, 1)) == expected


@pytest.mark.usefixtures("torch_threads")
def test_dgl_by_itself_draws_otherwise_in_another_thread(sampler: DGLSampler, monkeypatch: pytest.MonkeyPatch) -> None:
    """Why there is a thread for it; where DGL mends this, the thread may go."""
    dgl = import_dgl()

    def here(seed: int, draw: Callable[[], object]) -> object:
        dgl.seed(seed)
        return draw()

    monkeypatch.setattr(dgl_sampler, "run_in_dgl_thread", here)
    assert draws(sampler, 1) == draws(sampler, 1)
    assert elsewhere(lambda: draws(sampler, 1)) != draws(sampler, 1)


PROGRAM = """
import hashlib, sys
import torch
from tests.sampling.test_dgl_thread import draws, elsewhere
from tests.sampling.toy import random_graph
from graphrec.sampling.dgl_sampler import DGLSampler

threads, where = int(sys.argv[1]), sys.argv[2]
torch.set_num_threads(threads)
sampler = DGLSampler(random_graph(users=400, items=80))
drawn = draws(sampler) if where == "here" else elsewhere(lambda: draws(sampler))
print(hashlib.sha256(repr(drawn).encode()).hexdigest())
"""


@pytest.mark.usefixtures("sampler")
def test_processes_draw_the_same() -> None:
    """Whichever thread is first in them, and however many OpenMP may use."""

    def found(threads: int, where: str) -> str:
        environment = {**os.environ, "OMP_NUM_THREADS": str(threads)}
        command = [sys.executable, "-c", PROGRAM, str(threads), where]
        return subprocess.run(command, env=environment, capture_output=True, text=True, check=True).stdout

    first = found(1, "here")
    assert len(first.strip()) == 64
    assert found(2, "elsewhere") == first


def test_an_error_comes_back_and_the_thread_goes_on(sampler: DGLSampler) -> None:
    def fails() -> None:
        raise ZeroDivisionError("while drawing")

    with pytest.raises(ZeroDivisionError, match="while drawing"):
        run_in_dgl_thread(0, fails)
    assert draws(sampler) == draws(sampler)


@pytest.mark.usefixtures("sampler", "torch_threads")
def test_the_thread_is_one_and_dgl_has_no_others_in_it() -> None:
    torch.set_num_threads(2)
    names = {run_in_dgl_thread(0, lambda: threading.current_thread().name) for _ in range(3)}
    assert names == {f"dgl-{os.getpid()}_0"}
    assert run_in_dgl_thread(0, import_dgl().utils.get_num_threads) == 1
