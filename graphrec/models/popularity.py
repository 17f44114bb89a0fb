"""Popularity: the items that most users took, for everyone. The weakest baseline of a personal recommender."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar

import numpy as np
import torch
from typing_extensions import override

from graphrec.models.recommender import Recommender

if TYPE_CHECKING:
    from collections.abc import Mapping

    import numpy.typing as npt

    from graphrec.dataset.dataset import Dataset
    from graphrec.dataset.profiles import Profiles
    from graphrec.models.recommender import FitContext


class Popularity(Recommender):
    """Score of an item = the number of users who took it, for everyone the same, known or not.

    It has nothing to say why: no input of a user changes it. What it goes by, the crowd, is there for every user, so
    that ``count_inputs`` is 1 throughout and a user without any input is scored too.
    """

    name: ClassVar[str] = "popularity"

    @override
    def learn(self, dataset: Dataset, context: FitContext) -> dict[str, float]:
        taken = dataset.positives
        self._counts = np.bincount(taken.indices, minlength=taken.n_columns).astype(np.float32)
        context.progress("counting", 1, 1)
        return {}

    @override
    def score(self, profiles: Profiles, items: torch.Tensor | None = None) -> torch.Tensor:
        if items is not None:
            return torch.from_numpy(self._counts)[items]
        return torch.from_numpy(self._counts).repeat(len(profiles), 1)

    @override
    def count_inputs(self, profiles: Profiles) -> npt.NDArray[np.int64]:
        return np.ones(len(profiles), dtype=np.int64)

    @override
    def arrays(self) -> dict[str, npt.NDArray[Any]]:
        return {"counts": self._counts}

    @override
    def restore(self, arrays: Mapping[str, npt.NDArray[Any]]) -> None:
        self._counts = np.asarray(arrays["counts"], dtype=np.float32)
