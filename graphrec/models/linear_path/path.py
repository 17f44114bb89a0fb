"""EASE beside a model: what it adds to a score is share · x_u B."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from graphrec.models.ease_weights import gram_of, precision_of, require_invertible
from graphrec.models.linear_path.share import HeldOut, chosen_share
from graphrec.models.pair_products import sums_over_taken
from graphrec.models.row_sums import row_sums

if TYPE_CHECKING:
    from collections.abc import Mapping

    import numpy.typing as npt
    import torch
    from typing_extensions import Self

    from graphrec.dataset.dataset import Dataset
    from graphrec.dataset.incidence import Incidence
    from graphrec.models.linear_path.config import LinearPathConfig
    from graphrec.models.linear_path.share import ScoreProfiles
    from graphrec.models.recommender import FitContext

PREFIX = "linear_path."
"""What the names of the arrays begin with."""


@dataclass(frozen=True, eq=False)
class LinearPath:
    """The part of a score that is linear in the history: score = s_model + share · x_u B, B that of EASE.

    Source of B: ``graphrec.models.ease_weights``. A taken item j adds ``weights[j, i]`` to the score of item i,
    whatever else was taken, so that this is its exact part and its exact effect in what the path adds.

    Attributes:
        weights: share · B, float32 [items, items], 0 on the diagonal.
        share: 0 or more.
    """

    weights: npt.NDArray[np.float32]
    share: float

    @classmethod
    def fit(cls, dataset: Dataset, context: FitContext, config: LinearPathConfig, score: ScoreProfiles) -> Self | None:
        """Return the path that the settings ask for, None where they ask for none.

        Args:
            dataset: what is learned from.
            context: the validation part and the users' input there, to choose the share on.
            config: with ``linear_path``, ``linear_reg`` and ``metric``.
            score: the model's own scores after training: ``Profiles`` of B users to float32 [B, items].

        Raises:
            ModelError, UsageError: as for ``require_linear_path``.
        """
        if config.linear_path == "none":
            return None
        require_linear_path(dataset, context, config)
        context.progress("inverting", 0, 1)
        gram = gram_of(dataset.positives.csr(np.float64))
        weights = precision_of(gram, config.linear_reg, setting="linear_reg").weights()
        context.progress("inverting", 1, 1)
        share = config.linear_path
        if isinstance(share, str):
            share = chosen_share(score, weights, HeldOut.of(dataset, context), config.metric)
        return cls(np.float32(share) * weights, share)

    def scores(self, taken: Incidence, items: torch.Tensor | None = None) -> torch.Tensor:
        """Return what the path adds to scores, share · x_u B.

        Args:
            taken: B × items.
            items: int64 [B, k], the items to score for each user; None for all.

        Returns:
            float32 [B, items], or [B, k]; zeros for a user who took nothing.
        """
        return row_sums(taken, self.weights) if items is None else sums_over_taken(taken, self.weights, items)

    @property
    def metrics(self) -> dict[str, float]:
        """What a fit records: ``linear_share``."""
        return {"linear_share": self.share}

    def arrays(self) -> dict[str, npt.NDArray[Any]]:
        """Return what was learned, under names that begin with ``PREFIX``."""
        return {PREFIX + "weights": self.weights, PREFIX + "share": np.array([self.share])}

    @classmethod
    def restored(cls, arrays: Mapping[str, npt.NDArray[Any]]) -> Self | None:
        """Return the path that is among a model's arrays; None where there is none."""
        if PREFIX + "weights" not in arrays:
            return None
        weights = np.asarray(arrays[PREFIX + "weights"], dtype=np.float32)
        return cls(weights, float(arrays[PREFIX + "share"][0]))


def require_linear_path(dataset: Dataset, context: FitContext, config: LinearPathConfig) -> None:
    """Raise an error where the settings ask for a path that there cannot be: to be called before training.

    Args:
        dataset: what is learned from.
        context: the validation part.
        config: of the model.

    Raises:
        ModelError: the catalogue is too large for EASE.
        UsageError: the share is to be validated, and there is nobody to validate it on.
    """
    if config.linear_path == "none":
        return
    require_invertible(len(dataset.items), instead="set linear_path=none")
    if config.linear_path == "validated":
        HeldOut.of(dataset, context)
