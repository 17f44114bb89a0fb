"""The one thread in which DGL draws.

DGL gives each thread a generator of its own, and ``dgl.seed`` sets both its seed and its sequence, the latter from how
many threads of the process drew before this one. So the same seed draws otherwise in another thread, and where several
OpenMP threads share the rows, by which of them came first. DGL has no way to set the sequence. Here all draws are made
in one thread for the whole process, without OpenMP: whoever asks, and however many threads PyTorch may use, the same
seed gives the same.

What is left: a program that draws with DGL by itself before it first draws through graphrec makes this thread a later
one, as does a process that is forked off after drawing; it then draws the same as another that did so too.
"""

from __future__ import annotations

import os
from concurrent.futures import ThreadPoolExecutor
from functools import cache
from typing import TYPE_CHECKING, TypeVar

import torch

from graphrec.sampling.dgl_import import import_dgl

if TYPE_CHECKING:
    from collections.abc import Callable

T = TypeVar("T")


def run_in_dgl_thread(seed: int, draw: Callable[[], T]) -> T:
    """Call ``draw`` with DGL seeded and return its result; one call at a time, others wait.

    Args:
        seed: of DGL's generator, from 0 to 2³¹ − 1.
        draw: what draws with DGL; it must not call this function.

    Raises:
        ModelError: DGL cannot be imported.
    """
    dgl = import_dgl()

    def seeded() -> T:
        dgl.seed(seed)
        return draw()

    return _thread(os.getpid()).submit(seeded).result()


@cache
def _thread(process: int) -> ThreadPoolExecutor:
    """Return the thread of a process; one that was forked off has no threads and needs its own."""
    return ThreadPoolExecutor(1, thread_name_prefix=f"dgl-{process}", initializer=_without_openmp)


def _without_openmp() -> None:
    """Keep DGL to this thread; after PyTorch, which sets the number of OpenMP threads where it is first used in one."""
    torch.get_num_threads()
    import_dgl().utils.set_num_threads(1)
