"""CML: the items nearest to a user in a metric space are recommended."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar

import numpy as np
import torch
from typing_extensions import override

from graphrec.models.cml.config import CMLConfig
from graphrec.models.cml.network import CMLNetwork, squared_distances
from graphrec.models.cml.task import CMLTask
from graphrec.models.gradient_fit import fit_by_gradient
from graphrec.models.pair_products import pair_products
from graphrec.models.recommender import Recommender

if TYPE_CHECKING:
    from collections.abc import Mapping

    import numpy.typing as npt

    from graphrec.dataset.dataset import Dataset
    from graphrec.dataset.profiles import Profiles
    from graphrec.models.config import ModelConfig
    from graphrec.models.recommender import FitContext


class CML(Recommender):
    """Places of users and items in a unit ball, taken items nearer than others; the score is −‖u − v‖².

    Source: Hsieh, Yang, Cui, Lin, Belongie, Estrin, "Collaborative Metric Learning", WWW 2017. With attributes, a
    network learns from an item's attributes where it is, and pulls it there (the paper's feature loss); the same for a
    user's attributes.

    Choices where the paper leaves room: the items compared with are drawn once for a batch, not for each example; the
    covariance penalty is the sum of the squared covariances of different dimensions; Adam; with a validation part,
    training stops early by ``metric``.

    A user of the fit has the place that training gave it. One without interactions in the fit has no such place: it
    stands at the mean place of what it took, which the paper does not define, or without history where its attributes
    say.
    """

    name: ClassVar[str] = "cml"
    Config: ClassVar[type[ModelConfig]] = CMLConfig

    @override
    def learn(self, dataset: Dataset, context: FitContext) -> dict[str, float]:
        task = CMLTask(dataset, self.config, context)
        metrics = fit_by_gradient(self, task, dataset, context)
        self._network = task.network.cpu().eval()
        self._seen = dataset.positives.counts > 0
        return metrics

    @override
    def score(self, profiles: Profiles, items: torch.Tensor | None = None) -> torch.Tensor:
        with torch.no_grad():
            places = self._places(profiles)
            if items is None:
                scores = -squared_distances(places, self._network.items)
            else:
                lengths = self._network.items.square().sum(dim=1)[items] + places.square().sum(dim=1)[:, None]
                products = pair_products(places, self._network.items.detach(), items)
                scores = -(lengths - 2 * products).clamp_(min=0)
        return scores * torch.from_numpy(self.count_inputs(profiles) > 0)[:, None]

    def _places(self, profiles: Profiles) -> torch.Tensor:
        """Return the place of each of B users, [B, r]; the centre for a user without any input."""
        n_taken = profiles.items.counts
        own = n_taken > 0
        own[own] = self._seen[profiles.known[own]] & (profiles.known[own] >= 0)
        mean = torch.from_numpy(profiles.items.csr() @ self._network.items.numpy())
        places = mean / torch.from_numpy(np.maximum(n_taken, 1)).to(mean)[:, None]
        places[torch.from_numpy(own)] = self._network.users[torch.from_numpy(profiles.known[own]).long()]
        cold = (n_taken == 0) & (self.count_inputs(profiles) > 0)
        if cold.any():
            predicted = self._network.attribute_places(profiles.user_attributes.rows(np.flatnonzero(cold)))
            places[torch.from_numpy(cold)] = predicted / predicted.norm(dim=1, keepdim=True).clamp(min=1)
        return places

    @override
    def count_inputs(self, profiles: Profiles) -> npt.NDArray[np.int64]:
        own = profiles.user_attributes.counts if self.config.attribute_weight else 0
        counts: npt.NDArray[np.int64] = profiles.items.counts + own
        return counts

    @override
    def arrays(self) -> dict[str, npt.NDArray[Any]]:
        weights = {name: tensor.numpy() for name, tensor in self._network.state_dict().items()}
        return {**weights, "seen": self._seen}

    @override
    def restore(self, arrays: Mapping[str, npt.NDArray[Any]]) -> None:
        weights = {name: torch.from_numpy(array) for name, array in arrays.items() if name != "seen"}
        attributes = len(weights["attributes"]) if "attributes" in weights else 0
        self._network = CMLNetwork((len(weights["users"]), len(weights["items"]), attributes), self.config).eval()
        self._network.load_state_dict(weights)
        self._seen = np.asarray(arrays["seen"])
