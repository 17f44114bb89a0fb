"""The base of recommenders that learn a vector of each user: what they learn from is in the vector alone."""

from __future__ import annotations

from abc import abstractmethod
from typing import TYPE_CHECKING, Any

import numpy as np
import torch
from typing_extensions import override

from graphrec.models.gradient_fit import fit_by_gradient
from graphrec.models.pairs.scoring import pair_scores
from graphrec.models.pairs.task import PairTask
from graphrec.models.recommender import Recommender

if TYPE_CHECKING:
    from collections.abc import Mapping

    import numpy.typing as npt

    from graphrec.dataset.dataset import Dataset
    from graphrec.dataset.profiles import Profiles
    from graphrec.models.gradient_task import GradientTask
    from graphrec.models.pairs.heads import Head
    from graphrec.models.pairs.network import PairNetwork
    from graphrec.models.recommender import FitContext

_HEAD = "head."
"""What the names of the head's arrays begin with."""


class PairModel(Recommender):
    """Scores of users of the fit by learned vectors of users and items, and a head.

    Who has no positive in the training data has no vector and is scored zeros; a newcomer too. After training, the
    vectors that the head takes of users and items are kept, and nothing of what made them.
    """

    # --- what a model implements

    @abstractmethod
    def new_network(self, dataset: Dataset) -> PairNetwork:
        """Return the network, not trained.

        Raises:
            ModelError: the data lacks what the model learns from.
        """

    @abstractmethod
    def new_head(self) -> Head:
        """Return the head alone, not trained."""

    # --- what follows from it

    def new_task(self, dataset: Dataset, context: FitContext) -> GradientTask:
        """Return the training task of the network: that on sampled negatives, unless a model says otherwise."""
        return PairTask(dataset, self.config, context, self.new_network(dataset))

    @override
    def learn(self, dataset: Dataset, context: FitContext) -> dict[str, float]:
        task = self.new_task(dataset, context)
        metrics = fit_by_gradient(self, task, dataset, context)
        network: PairNetwork = task.network.cpu().eval()  # type: ignore[assignment]
        with torch.no_grad():
            users = network.user_vectors(np.arange(len(dataset.users)))
            items = network.item_vectors(np.arange(len(dataset.items)))
        self.restore(
            {
                "users": users.numpy(),
                "items": items.numpy(),
                "learned": dataset.positives.counts > 0,
                **{_HEAD + name: tensor.numpy() for name, tensor in network.head.state_dict().items()},
            }
        )
        return metrics

    @override
    def score(self, profiles: Profiles, items: torch.Tensor | None = None) -> torch.Tensor:
        known = torch.from_numpy(np.maximum(profiles.known, 0).astype(np.int64))
        with torch.no_grad():
            scores = pair_scores(self._head, self._users[known], self._items, items)
        return scores * torch.from_numpy(self.count_inputs(profiles) > 0)[:, None]

    @override
    def count_inputs(self, profiles: Profiles) -> npt.NDArray[np.int64]:
        """Return 1 for a user with a vector, and 0 for everybody else."""
        is_known = (profiles.known >= 0) & self._learned[profiles.known]
        return is_known.astype(np.int64)

    @override
    def arrays(self) -> dict[str, npt.NDArray[Any]]:
        return {
            "users": self._users.numpy(),
            "items": self._items.numpy(),
            "learned": self._learned,
            **{_HEAD + name: tensor.numpy() for name, tensor in self._head.state_dict().items()},
        }

    @override
    def restore(self, arrays: Mapping[str, npt.NDArray[Any]]) -> None:
        self._users, self._items = (
            torch.from_numpy(np.asarray(arrays[name], np.float32)) for name in ("users", "items")
        )
        self._learned = np.asarray(arrays["learned"], dtype=np.bool_)
        head = self.new_head()
        head.load_state_dict(
            {
                name.removeprefix(_HEAD): torch.from_numpy(np.array(array))
                for name, array in arrays.items()
                if name.startswith(_HEAD)
            }
        )
        self._head = head.eval()
