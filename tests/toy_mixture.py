"""The model of ``clustered`` with a mapping of its two dimensions to its two groups, and components that can be pruned.

z is the mean of the groups of what was taken. Cluster 1 is linked to group 1 by (.25, −.05), cluster 2 to group 2 by
(0, 1.5), and o_u^(g) · z is added to the scores of films as far as they are of group g. Variances are (1, .01) in
component 1 and (.4, .2) in component 2, so that in units of their means, .505 and .3, they are 1.98, .02, 1.33 and .67.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar

import numpy as np
import torch

from tests.clustered import Clustered, ClusteredConfig

if TYPE_CHECKING:
    from collections.abc import Mapping

    import numpy.typing as npt
    from typing_extensions import Self

    from graphrec.dataset.dataset import Dataset
    from graphrec.dataset.profiles import Profiles
    from graphrec.models.recommender import FitContext

MAPPING = [[[0.25, -0.05], [0.0, 0.0]], [[0.0, 0.0], [0.0, 1.5]]]
VARIANCES = torch.tensor([[1.0, 0.01], [0.4, 0.2]])


class MixtureConfig(ClusteredConfig):
    """Settings: where dimensions are pruned."""

    below: float = 0.0
    relative: bool = True


class Mixture(Clustered):
    """The model; its mapping is what is said above."""

    name: ClassVar[str] = "mixture"
    Config = MixtureConfig

    _mapping: npt.NDArray[np.float32]

    def learn(self, dataset: Dataset, context: FitContext) -> dict[str, float]:
        self._mapping = np.array(MAPPING, dtype=np.float32)
        return super().learn(dataset, context)

    def score(self, profiles: Profiles, items: torch.Tensor | None = None) -> torch.Tensor:
        through = (self.mapping_of(profiles) * self._latents(profiles)[:, None]).sum(dim=2)
        added = through @ torch.from_numpy(self._groups).T
        return super().score(profiles, items) + (added if items is None else added.gather(1, items))

    def mapping_of(self, profiles: Profiles) -> torch.Tensor:
        kept = torch.from_numpy(self._mapping) * self._kept()[:, None]
        return torch.einsum("bk,kgd->bgd", torch.from_numpy(self.gates(profiles.items)), kept)

    def cluster_mapping(self) -> torch.Tensor:
        return torch.from_numpy(self._mapping)

    def without_mapping(self) -> Self:
        return self._copied(self.config.model_dump(), np.zeros_like(self._mapping))

    def pruned(self, below: float, *, relative: bool = True) -> Self:
        return self._copied({**self.config.model_dump(), "below": below, "relative": relative}, self._mapping)

    def dimensions(self) -> list[int]:
        return [int(count) for count in self._kept().sum(dim=1)]

    def _kept(self) -> torch.Tensor:
        unit = VARIANCES.mean(dim=1, keepdim=True) if self.config.relative else 1
        return (self.config.below * unit <= VARIANCES).float()

    def _latents(self, profiles: Profiles) -> torch.Tensor:
        sums = np.asarray(profiles.items.pattern.csr() @ self._groups)
        return torch.from_numpy((sums / np.maximum(profiles.items.counts, 1)[:, None]).astype(np.float32))

    def _copied(self, settings: Mapping[str, Any], mapping: npt.NDArray[np.float32]) -> Self:
        copy = type(self)(**settings)
        copy.restore({"groups": self._groups, "mapping": mapping})
        copy.record = self.record
        return copy

    def arrays(self) -> dict[str, npt.NDArray[Any]]:
        return {**super().arrays(), "mapping": self._mapping}

    def restore(self, arrays: Mapping[str, npt.NDArray[Any]]) -> None:
        super().restore(arrays)
        self._mapping = np.asarray(arrays["mapping"])
