"""The same data under other names and in another order."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pyarrow as pa

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

    from graphrec.dataset.dataset import Dataset


def renamed(ids: Any) -> Any:
    """Return other ids, which no model was fitted on, in the same order: an Arrow array of strings."""
    return pa.array([f"new {text}" for text in ids.to_pylist()])


def renumbered(dataset: Dataset, order: npt.NDArray[np.int64]) -> Dataset:
    """Return the same data with its items in another order, and with one item more, which no model was fitted on.

    Args:
        dataset: whose items are renumbered.
        order: [items], the old number of each item in the new order.
    """
    ids = pa.concat_arrays([dataset.items.ids.take(pa.array(order)), pa.array(["a new item"])])
    items = replace(dataset.items, ids=ids, columns={"name": ids})
    return dataset.aligned({"Item": items})
