"""Where the items that a softmax leaves out stand in a block of logits."""

from __future__ import annotations

import numpy as np
import torch

from graphrec.dataset.incidence import Incidence
from graphrec.models.masked_items import places_in_block


def test_rows_count_from_the_first_of_the_block() -> None:
    masked = Incidence.from_pairs(np.array([0, 1, 1, 3]), np.array([4, 0, 2, 1]), (4, 5))
    row, item = places_in_block(masked, slice(1, 4), torch.device("cpu"))
    assert row.tolist() == [0, 0, 2]
    assert item.tolist() == [0, 2, 1]
    assert row.dtype == item.dtype == torch.int64
    assert not len(places_in_block(masked, slice(2, 3), torch.device("cpu"))[0])
