"""What the scores of a step cost."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import torch

if TYPE_CHECKING:
    import numpy.typing as npt

    from graphrec.dataset.incidence import Incidence
    from graphrec.models.indgrm.batches import MaskedUsers
    from graphrec.models.indgrm.config import InDGRMConfig

_NEVER = -1e9
"""Score of what is no candidate. Finite, so that a user for whom nothing is left has a softmax too."""


@dataclass(frozen=True, eq=False)
class Targets:
    """What is to be found among the candidates of a step.

    Attributes:
        rows, columns: int64 [targets], the user and the candidate of each.
        counts: float32 [B], targets of each user.
        hidden: int64 [2, entries], the user and the candidate of what the encoder saw; None where it stays in the
            softmax.
        correction: −log q of what was drawn, float32 [C]; None for the catalogue.
    """

    rows: torch.Tensor
    columns: torch.Tensor
    counts: torch.Tensor
    hidden: torch.Tensor | None
    correction: torch.Tensor | None

    @classmethod
    def of(cls, batch: MaskedUsers, config: InDGRMConfig, device: torch.device) -> Targets:
        """Return the targets of a batch."""
        n_items, correction = batch.targets.n_columns, None
        place = np.arange(n_items)
        if batch.candidates is not None:
            place = np.full(n_items, -1)
            place[batch.candidates.items] = np.arange(len(batch.candidates.items))
            correction = torch.from_numpy(batch.candidates.correction).to(device)
        rows, columns = _pairs(batch.targets, place)
        hidden = None if config.inputs_in_softmax else torch.from_numpy(np.stack(_pairs(batch.seen, place)))
        return cls(
            torch.from_numpy(rows).to(device),
            torch.from_numpy(columns).to(device),
            torch.from_numpy(batch.targets.counts).to(device).float(),
            None if hidden is None else hidden.to(device),
            correction,
        )

    def cost(self, scores: torch.Tensor, config: InDGRMConfig) -> torch.Tensor:
        """Return the mean over users of what their scores [B, C] cost, users weighed by their targets.

        Σ_u n_u^power c_u / Σ_u n_u^power over users with n_u > 0 targets, where c_u is the mean over the targets of
        −log softmax(s), or ‖x − x̂‖² with x̂ the softmax of s, or the softmax of that.
        """
        scores = scores.float()
        if self.correction is not None:
            scores = scores + self.correction
        if self.hidden is not None:
            scores = scores.index_put(tuple(self.hidden), scores.new_tensor(_NEVER))
        each = self._of_likelihood(scores) if config.cost == "multinomial" else self._of_squares(scores, config)
        weights = self.counts.pow(config.user_weight) * (self.counts > 0)
        return (weights * each).sum() / weights.sum().clamp(min=1)

    def _of_likelihood(self, scores: torch.Tensor) -> torch.Tensor:
        return torch.logsumexp(scores, dim=1) - self._sums(scores) / self.counts.clamp(min=1)

    def _of_squares(self, scores: torch.Tensor, config: InDGRMConfig) -> torch.Tensor:
        generated = torch.softmax(scores, dim=1)
        if config.cost == "double-softmax":
            generated = torch.softmax(generated, dim=1)
        return generated.square().sum(dim=1) - 2 * self._sums(generated) + self.counts

    def _sums(self, values: torch.Tensor) -> torch.Tensor:
        """Return the sum over each user's targets, [B]."""
        return values.new_zeros(len(values)).index_add(0, self.rows, values[self.rows, self.columns])


def _pairs(incidence: Incidence, place: npt.NDArray[np.int64]) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.int64]]:
    """Return the row and the place of the column of each entry that has one, int64."""
    columns = place[incidence.indices]
    has_place = columns >= 0
    return incidence.row_of_entry[has_place], columns[has_place]
