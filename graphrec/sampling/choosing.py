"""The sampler that a machine gets: with DGL where that can be imported, with PyTorch alone elsewhere."""

from __future__ import annotations

import logging
from functools import cache
from typing import TYPE_CHECKING

from graphrec.errors import ModelError
from graphrec.sampling.dgl_import import dgl_has_wheel, import_dgl
from graphrec.sampling.dgl_sampler import DGLSampler
from graphrec.sampling.torch_sampler import TorchSampler

if TYPE_CHECKING:
    from graphrec.sampling.heterograph import HeteroGraph
    from graphrec.sampling.sampler import Sampler

_LOG = logging.getLogger(__name__)


def sampler_of(graph: HeteroGraph) -> Sampler:
    """Return a sampler with DGL, or where that cannot be imported one with PyTorch alone.

    The log tells once: as a warning where DGL should be there, otherwise for information.
    """
    try:
        import_dgl()
    except ModelError as error:
        _log_once(error.what, logging.WARNING if dgl_has_wheel() else logging.INFO)
        return TorchSampler(graph)
    return DGLSampler(graph)


@cache
def _log_once(reason: str, level: int) -> None:
    """Log it once in a process: a model of several networks makes several samplers."""
    _LOG.log(level, "sampling with PyTorch alone: %s", reason)
