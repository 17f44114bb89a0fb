"""The same data under other names and in another order."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pyarrow as pa

if TYPE_CHECKING:
    import numpy as np

    from graphrec.dataset.dataset import Dataset


def renamed(ids: Any) -> Any:
    """Return ids that nobody knows."""
    return pa.array([f"new {text}" for text in ids.to_pylist()])


def renumbered(dataset: Dataset, order: np.ndarray) -> Dataset:
    """Return the same data with its items in another order, and one more that no model knows."""
    ids = pa.concat_arrays([dataset.items.ids.take(pa.array(order)), pa.array(["unheard of"])])
    items = replace(dataset.items, ids=ids, columns={"name": ids})
    return dataset.aligned({"Item": items})
