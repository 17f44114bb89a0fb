"""The base of autoencoders of users' rows."""

from __future__ import annotations

from abc import abstractmethod
from typing import TYPE_CHECKING, Any

import numpy as np
import torch
from typing_extensions import override

from graphrec.models.autoencoders.taken_items import TakenItems
from graphrec.models.autoencoders.task import JointTask
from graphrec.models.gradient_fit import fit_by_gradient
from graphrec.models.linear_path.path import LinearPath, require_linear_path
from graphrec.models.recommender import Recommender

if TYPE_CHECKING:
    from collections.abc import Mapping

    import numpy.typing as npt

    from graphrec.dataset.dataset import Dataset
    from graphrec.dataset.profiles import Profiles
    from graphrec.models.autoencoders.network import AutoencoderNetwork
    from graphrec.models.autoencoders.task import AutoencoderTask
    from graphrec.models.recommender import FitContext

_NETWORK, _ITEMS = "network.", "n_items"
"""What the names of the network's arrays begin with; and the name of the size of the catalogue."""


class Autoencoder(Recommender):
    """Encode what a user took, decode scores of all items: a newcomer is scored like anybody else, from the history.

    A ``graphrec.models.latent.LatentModel``. With ``linear_path`` the score is the decoder's plus a share of EASE's
    (``graphrec.models.linear_path``).
    """

    # --- what a model implements

    @abstractmethod
    def new_network(self, n_items: int) -> AutoencoderNetwork:
        """Return the network, not trained; what is random comes from PyTorch's generator."""

    # --- what follows from it

    def new_task(self, dataset: Dataset, context: FitContext, network: Any) -> AutoencoderTask:
        """Return the training task of a network of ``new_network``: that of one loss, unless a model says otherwise."""
        return JointTask(dataset, self.config, context, network)

    @override
    def learn(self, dataset: Dataset, context: FitContext) -> dict[str, float]:
        require_linear_path(dataset, context, self.config)
        task = self.new_task(dataset, context, self._drawn_network(len(dataset.items)))
        metrics = fit_by_gradient(self, task, dataset, context)
        self._network, self._n_items = task.network.cpu().eval(), len(dataset.items)
        self._linear = LinearPath.fit(dataset, context, self.config, self._decoded)
        return metrics if self._linear is None else {**metrics, **self._linear.metrics}

    def _drawn_network(self, n_items: int) -> AutoencoderNetwork:
        """Return the network as it starts, drawn from the seed; the caller's generator is left as it was."""
        with torch.random.fork_rng(devices=[]):
            torch.manual_seed(self.config.seed)
            return self.new_network(n_items)

    @override
    def score(self, profiles: Profiles, items: torch.Tensor | None = None) -> torch.Tensor:
        scores = self._decoded(profiles, items)
        return scores if self._linear is None else scores + self._linear.scores(profiles.items, items)

    @torch.no_grad()
    def _decoded(self, profiles: Profiles, items: torch.Tensor | None = None) -> torch.Tensor:
        """Return the scores without the linear path; zeros for a user without input."""
        scores = self._network.decode(self.user_latents(profiles), items)
        return scores * _has_input(profiles)

    @torch.no_grad()
    def user_latents(self, profiles: Profiles) -> torch.Tensor:
        """Return z of B users as scoring has it, float32 [B, d]: nothing drawn; 0 for a user without input."""
        return self._network.latents(TakenItems.of(profiles.items)) * _has_input(profiles)

    @torch.no_grad()
    def scores_of_latents(self, latents: torch.Tensor) -> torch.Tensor:
        """Return what the decoder makes of any z [B, d], float32 [B, items], without the linear path."""
        return self._network.decode(latents)

    def item_latents(self) -> torch.Tensor:
        """Return the vectors of items in the decoder, float32 [items, d']."""
        return self._network.item_vectors().detach().clone()

    @override
    def count_inputs(self, profiles: Profiles) -> npt.NDArray[np.int64]:
        return profiles.items.counts

    @override
    def arrays(self) -> dict[str, npt.NDArray[Any]]:
        weights = {_NETWORK + name: tensor.numpy() for name, tensor in self._network.state_dict().items()}
        linear = {} if self._linear is None else self._linear.arrays()
        return {**weights, _ITEMS: np.array([self._n_items]), **linear}

    @override
    def restore(self, arrays: Mapping[str, npt.NDArray[Any]]) -> None:
        self._n_items = int(arrays[_ITEMS][0])
        self._network = self._drawn_network(self._n_items).eval()
        self._network.load_state_dict(
            {
                name.removeprefix(_NETWORK): torch.from_numpy(array)
                for name, array in arrays.items()
                if name.startswith(_NETWORK)
            }
        )
        self._linear = LinearPath.restored(arrays)


def _has_input(profiles: Profiles) -> torch.Tensor:
    """Return [B, 1], whether each user took anything."""
    return torch.from_numpy(profiles.items.counts > 0)[:, None]
