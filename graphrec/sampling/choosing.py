"""The sampler that a machine gets: with DGL where that can be imported, with PyTorch alone elsewhere."""

from __future__ import annotations

import logging
from functools import cache
from typing import TYPE_CHECKING

from graphrec.errors import ModelError
from graphrec.sampling.dgl_import import import_dgl
from graphrec.sampling.dgl_sampler import DGLSampler
from graphrec.sampling.torch_sampler import TorchSampler

if TYPE_CHECKING:
    from graphrec.sampling.heterograph import HeteroGraph
    from graphrec.sampling.sampler import Sampler

_LOG = logging.getLogger(__name__)


def sampler_of(graph: HeteroGraph) -> Sampler:
    """Return a sampler with DGL, or where that cannot be imported one with PyTorch alone, as the log then says once."""
    try:
        import_dgl()
    except ModelError as error:
        _warn_once(error.what)
        return TorchSampler(graph)
    return DGLSampler(graph)


@cache
def _warn_once(reason: str) -> None:
    """Log it once a process: a model of several networks makes several samplers."""
    _LOG.warning("sampling with PyTorch alone: %s", reason)
