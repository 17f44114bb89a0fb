"""What a batch of users took, as tensors of sparse rows."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import torch

if TYPE_CHECKING:
    from graphrec.dataset.incidence import Incidence


@dataclass(frozen=True, eq=False)
class TakenItems:
    """The rows x of B users, one entry for each taken item.

    Attributes:
        items: int64 [entries], row by row.
        starts: int64 [B], where each user's entries start.
        counts: float32 [B], how many items each user took.
        n_items: size of the catalogue.
    """

    items: torch.Tensor
    starts: torch.Tensor
    counts: torch.Tensor
    n_items: int

    @classmethod
    def of(cls, rows: Incidence, device: torch.device | None = None) -> TakenItems:
        """Return the rows of a matrix of B × items, on a device."""
        return cls(
            items=torch.from_numpy(rows.indices.astype(np.int64)).to(device),
            starts=torch.from_numpy(rows.indptr[:-1]).to(device),
            counts=torch.from_numpy(rows.counts.astype(np.float32)).to(device),
            n_items=rows.n_columns,
        )

    def __len__(self) -> int:
        return len(self.starts)

    @property
    def rows(self) -> torch.Tensor:
        """The user of each entry, int64 [entries]."""
        users = torch.arange(len(self), device=self.items.device)
        return users.repeat_interleave(self.counts.long(), output_size=len(self.items))

    def dense(self) -> torch.Tensor:
        """Return x, float32 [B, items], of zeros and ones."""
        x = torch.zeros(len(self), self.n_items, device=self.items.device)
        x[self.rows, self.items] = 1.0
        return x

    def normalised(self) -> torch.Tensor:
        """Return the value of each entry in x / ‖x‖₂, float32 [entries]."""
        return self.counts.rsqrt()[self.rows]
