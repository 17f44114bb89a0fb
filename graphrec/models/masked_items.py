"""Items that a softmax leaves out, as places in a block of logits."""

from __future__ import annotations

from typing import TYPE_CHECKING

import torch

if TYPE_CHECKING:
    from graphrec.dataset.incidence import Incidence


def places_in_block(masked: Incidence, rows: slice, device: torch.device) -> tuple[torch.Tensor, torch.Tensor]:
    """Return the (row, item) of each entry of some rows, two int64 [entries]; rows count from the first of the block.

    Args:
        masked: rows × items.
        rows: of the block, without a step.
        device: of the logits.
    """
    entries = slice(masked.indptr[rows.start], masked.indptr[rows.stop])
    row = torch.from_numpy(masked.row_of_entry[entries] - rows.start).to(device)
    return row, torch.from_numpy(masked.indices[entries]).to(device, torch.int64)
