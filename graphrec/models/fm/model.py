"""FM: a factorisation machine on user, item and their attributes."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar

import numpy as np
import torch
from typing_extensions import override

from graphrec.models.fm.config import FMConfig
from graphrec.models.fm.feature_sums import Factors, feature_sums
from graphrec.models.fm.task import FMTask
from graphrec.models.gradient_fit import fit_by_gradient
from graphrec.models.pair_products import pair_products
from graphrec.models.recommender import Recommender

if TYPE_CHECKING:
    from collections.abc import Mapping

    import numpy.typing as npt

    from graphrec.dataset.dataset import Dataset
    from graphrec.dataset.incidence import Incidence
    from graphrec.dataset.profiles import Profiles
    from graphrec.models.config import ModelConfig
    from graphrec.models.fm.feature_sums import FeatureSums
    from graphrec.models.recommender import FitContext


class FM(Recommender):
    """Factorisation machine of second order over the features of a user and an item: ids and attributes.

    Source: Rendle, "Factorization machines", ICDM 2010; ``sides`` has the formula. All pairs of features interact,
    those of the item with each other too. It says why of nothing: the paper of RecoNet calls it not interpretable.

    A user is the id and the attributes, never the history: the history went into the vector of the id. Of a new user,
    and of a user without positives in the training data, only the attributes count; of one without any, what is left
    are the items' own biases, so that everyone is scored (``count_inputs`` counts the items' features as one input).

    RecoNet's paper took pyFM: stochastic gradient descent, and a λ that is adapted on a part of the training data
    (Rendle 2012). Here it is Adam, and one λ for all vectors, to be chosen on the validation part like every setting;
    the linear weights have none. Training is pyFM's classification, the logistic loss, on every positive
    and ``negatives`` items drawn against it, anew in every epoch (the paper does not say how it drew them); ``bpr``
    ranks the one above the others instead (Rendle et al., UAI 2009). With a validation part, training stops early by
    ``metric``.

    Without attributes and with ``loss=bpr`` this is BPR-MF with biases of items (Rendle, Freudenthaler, Gantner,
    Schmidt-Thieme, "BPR: Bayesian personalized ranking from implicit feedback", UAI 2009), term for term where
    ``negatives`` is 1: the ids of a user and an item are the only pair of features, w_0 and the user's weight cancel
    out, negatives are even, and one λ is on all vectors. So there is no second model of that name. implicit has BPR-MF,
    with wheels for every current Python, but draws negatives by popularity, and scores no new user.

    No kept library does this. Cornac has libFM: ids alone, ratings as numbers, under the GPL. myFM: Gibbs sampling,
    no ranking of a catalogue. LightFM: no interactions within a side, no wheels, does not build on Python 3.12.
    RecBole: an FM for click data, which requires older releases of ray. implicit: no attributes. fastFM and xLearn: no
    wheels for current Python. pyFM: no release at all.
    """

    name: ClassVar[str] = "fm"
    Config: ClassVar[type[ModelConfig]] = FMConfig
    Task: ClassVar[type[FMTask]] = FMTask

    @override
    def learn(self, dataset: Dataset, context: FitContext) -> dict[str, float]:
        task = self.Task(dataset, self.config, context)
        metrics = fit_by_gradient(self, task, dataset, context)
        self.restore(self.learned(task.network.cpu()))
        return metrics

    def learned(self, network: Any) -> dict[str, npt.NDArray[Any]]:
        """Return the arrays of a trained network, as ``arrays`` does."""
        with torch.no_grad():
            items = network.feature_sums_of("item", np.arange(len(network.vectors["item"])))
        learned = {
            "users": network.vectors["user"],
            "user_weights": network.weights["user"],
            "attributes": network.vectors["attribute"],
            "attribute_weights": network.weights["attribute"],
            "items": items.vectors,
            "item_weights": items.bias + network.bias,
        }
        return {name: tensor.detach().numpy() for name, tensor in learned.items()}

    @override
    def score(self, profiles: Profiles, items: torch.Tensor | None = None) -> torch.Tensor:
        of_users = self.user_sums(profiles)
        if items is not None:
            products = pair_products(of_users.vectors, self._items.vectors, items)
            return products + self._items.weights[items] + of_users.bias[:, None]
        return of_users.vectors @ self._items.vectors.T + self._items.weights + of_users.bias[:, None]

    def user_sums(self, profiles: Profiles) -> FeatureSums:
        """Return the feature sums of B users."""
        rows = torch.from_numpy(profiles.known.astype(np.int64))
        own = Factors(self._users.vectors[rows], self._users.weights[rows])
        return feature_sums(own, self._attributes, self._carried(profiles), within=self.config.within_sides)

    @override
    def count_inputs(self, profiles: Profiles) -> npt.NDArray[np.int64]:
        has_id = self._users.vectors[torch.from_numpy(profiles.known.astype(np.int64))].any(dim=1).numpy()
        inputs: npt.NDArray[np.int64] = 1 + has_id + self._carried(profiles).counts
        return inputs

    def _carried(self, profiles: Profiles) -> Incidence:
        """Return B × attributes: the users' own attributes that have learned parameters."""
        carried = profiles.user_attributes
        return carried.where(self._attributes.vectors.any(dim=1).numpy()[carried.indices])

    @override
    def arrays(self) -> dict[str, npt.NDArray[Any]]:
        return {
            "users": self._users.vectors[:-1].numpy(),
            "user_weights": self._users.weights[:-1].numpy(),
            "attributes": self._attributes.vectors.numpy(),
            "attribute_weights": self._attributes.weights.numpy(),
            "items": self._items.vectors.numpy(),
            "item_weights": self._items.weights.numpy(),
        }

    @override
    def restore(self, arrays: Mapping[str, npt.NDArray[Any]]) -> None:
        tensors = {name: torch.from_numpy(np.asarray(array, dtype=np.float32)) for name, array in arrays.items()}
        users, weights = tensors["users"], tensors["user_weights"]
        self._users = Factors(torch.nn.functional.pad(users, (0, 0, 0, 1)), torch.nn.functional.pad(weights, (0, 1)))
        """v and w of the users' ids, and one row of zeros more, that of new users (−1)."""
        self._attributes = Factors(tensors["attributes"], tensors["attribute_weights"])
        self._items = Factors(tensors["items"], tensors["item_weights"])
        """q and w_0 + b of the items."""
