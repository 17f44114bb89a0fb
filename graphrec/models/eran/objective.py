"""The losses of eRAN: softmax over the catalogue for what was masked, and the paper's ranking loss."""

from __future__ import annotations

from typing import TYPE_CHECKING

import torch
from torch.nn import functional

from graphrec.models.eran.items import ItemVectors, attention

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

    from graphrec.dataset.incidence import Incidence


def masked_loss(
    scores: torch.Tensor, shown: Incidence, masked: Incidence, columns: npt.NDArray[np.int64]
) -> torch.Tensor:
    """Return the mean over users of the mean of −log p over the masked items, what was shown being no candidate.

    Args:
        scores: [B, T], of the candidates.
        shown: B × items.
        masked: B × items; each of them is a candidate.
        columns: int64 [items], the column of each item in the scores, −1 where it is no candidate.
    """
    device = scores.device
    row, column = (torch.from_numpy(part).to(device) for part in (masked.row_of_entry, columns[masked.indices]))
    known = columns[shown.indices] >= 0
    hidden = torch.zeros(scores.shape, dtype=torch.bool, device=device)
    hidden[
        torch.from_numpy(shown.row_of_entry[known]).to(device),
        torch.from_numpy(columns[shown.indices][known]).to(device),
    ] = True
    logs = torch.log_softmax(scores.masked_fill(hidden, float("-inf")), dim=1)
    share = 1 / torch.from_numpy(masked.counts).to(device).float()
    return -(logs[row, column] * share[row]).sum() / len(scores)


def pair_loss(
    vectors: torch.Tensor, users: torch.Tensor | None, first: torch.Tensor, second: torch.Tensor, negative: torch.Tensor
) -> torch.Tensor:
    """Return the mean of −log σ(‖h_ui − h_un‖² − ‖h_ui − h_uj‖²): (11) as BPR.

    As printed, log σ of the same difference is minimised, which has the right direction, but no lower bound, and hardly
    any gradient where a pair is violated.

    Args:
        vectors: h, [K, U, d].
        users: z, [B, d]; None for even attention.
        first: i, int64 [B], positions among the U items, as the next two.
        second: j.
        negative: n.
    """
    looking = None if users is None else users[:, None]

    def seen(place: torch.Tensor) -> torch.Tensor:
        own = vectors[:, place]
        weights = attention(looking, ItemVectors(own[:, :, None], own.new_zeros(1, 1)))
        return (weights[:, :, 0] * own).sum(dim=0)

    one, near, far = seen(first), seen(second), seen(negative)
    return functional.softplus(((one - near) ** 2).sum(dim=1) - ((one - far) ** 2).sum(dim=1)).mean()
