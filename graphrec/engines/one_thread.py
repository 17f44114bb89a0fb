"""One thread for arithmetic in a worker: workers share the cores of their machine."""

from __future__ import annotations

import os
import sys

_VARIABLES = ("OMP_NUM_THREADS", "MKL_NUM_THREADS", "OPENBLAS_NUM_THREADS")


def use_one_thread() -> None:
    """Have this process compute with one thread, whether PyTorch is imported already or will be."""
    os.environ.update(dict.fromkeys(_VARIABLES, "1"))
    torch = sys.modules.get("torch")
    if torch is not None:
        torch.set_num_threads(1)
