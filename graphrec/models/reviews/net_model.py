"""The base of NAR, CAR, CNR and CER: training, scoring and saving; a model adds its network and its reasons."""

from __future__ import annotations

from abc import abstractmethod
from typing import TYPE_CHECKING, Any, ClassVar

import numpy as np
import torch
from typing_extensions import override

from graphrec.models.gradient_fit import fit_by_gradient
from graphrec.models.pairs.scoring import pair_scores
from graphrec.models.reviews.model import ReviewModel
from graphrec.models.reviews.network import ReviewNetwork, new_head
from graphrec.models.reviews.profiles import bags_of, learned_values, training_profiles
from graphrec.models.reviews.task import ReviewTask

if TYPE_CHECKING:
    from collections.abc import Mapping

    import numpy.typing as npt

    from graphrec.dataset.dataset import Dataset
    from graphrec.dataset.profiles import Profiles
    from graphrec.models.recommender import FitContext
    from graphrec.models.reviews.bags import Bags
    from graphrec.models.reviews.sides import Side

_SIDE, _HEAD = "user_side.", "head."
"""What the names of the arrays of parts begin with."""


class NetModel(ReviewModel):
    """Scores MLP((e_u ⊙ e_i) ⊕ (x_u ⊙ x_i)) (4, 5), x what becomes of the features of a user and an item.

    Of items the vectors e_i ⊕ x_i of the fit are kept. A user of the fit without positives has no e_u.
    """

    uses_dislikes: ClassVar[bool] = True

    # --- what a model implements

    @abstractmethod
    def new_sides(self, n_features: int) -> tuple[Side, Side]:
        """Return what makes x_u and what makes x_i, not trained."""

    # --- what a model may leave as it is

    def new_task(self, dataset: Dataset, context: FitContext, network: ReviewNetwork, shown: Bags) -> ReviewTask:
        """Return the training task; arguments as for ``ReviewTask``."""
        return ReviewTask(dataset, self.config, context, network, shown)

    # --- what follows from it

    @override
    def learn(self, dataset: Dataset, context: FitContext) -> dict[str, float]:
        values, profiles = learned_values(dataset, self.config), training_profiles(dataset)
        bags = bags_of(values, "user", profiles), bags_of(values, "item", profiles)
        network = ReviewNetwork(bags, self.new_sides(len(values.idf)), self.config)
        shown = bags_of(values, "user", training_profiles(context.fold_in or dataset))
        task = self.new_task(dataset, context, network, shown)
        metrics = fit_by_gradient(self, task, dataset, context)
        network.cpu().eval()
        with torch.no_grad():
            items = network.item_vectors(np.arange(len(dataset.items)))
        is_learned = torch.from_numpy(dataset.positives.counts > 0)
        self.restore(
            {
                "idf": values.idf,
                "users": (network.users.detach() * is_learned[:, None]).numpy(),
                "items": items.numpy(),
                **_named(_SIDE, network.user_side),
                **_named(_HEAD, network.head),
            }
        )
        return metrics

    @override
    def has_vector(self, known: npt.NDArray[np.int32]) -> npt.NDArray[np.bool_]:
        has: npt.NDArray[np.bool_] = super().has_vector(known) & self._is_learned[known]
        return has

    def own_vectors(self, profiles: Profiles) -> torch.Tensor:
        """Return e_u of B users, [B, d]; zeros for those without."""
        known = self.known_rows(profiles)
        return self._users[known.clamp(min=0)] * (known >= 0)[:, None]

    def user_vectors(
        self, known: torch.Tensor, features: torch.Tensor, own: torch.Tensor | None = None
    ) -> torch.Tensor:
        """Return e_u ⊕ x_u, [R, 2d]; arguments as for ``score_features``."""
        vectors = self._users[known.clamp(min=0)] * (known >= 0)[:, None]
        if own is not None:
            vectors = vectors * own[:, None]
        return torch.cat([vectors, self._side.of_numbers(vectors, features)], dim=1)

    @property
    @override
    def linear_in_features(self) -> bool:
        """Whether the head is linear: x_u is linear in f_u, and so is its product with x_i."""
        linear: bool = self.config.head == "linear"
        return linear

    @override
    def score_features(
        self,
        known: torch.Tensor,
        features: torch.Tensor,
        items: torch.Tensor | None = None,
        own: torch.Tensor | None = None,
    ) -> torch.Tensor:
        return pair_scores(self._head, self.user_vectors(known, features, own), self._items, items)

    @override
    def arrays(self) -> dict[str, npt.NDArray[Any]]:
        return {
            **super().arrays(),
            "users": self._users.numpy(),
            "items": self._items.numpy(),
            **_named(_SIDE, self._side),
            **_named(_HEAD, self._head),
        }

    @override
    def restore(self, arrays: Mapping[str, npt.NDArray[Any]]) -> None:
        super().restore(arrays)
        self._users, self._items = (torch.from_numpy(np.array(arrays[name], np.float32)) for name in ("users", "items"))
        """e_u, [users, d], zeros for those without; e_i ⊕ x_i, [items, 2d]."""
        self._is_learned = self._users.any(dim=1).numpy()
        self._side = _restored(self.new_sides(len(self.values.idf))[0], _SIDE, arrays)
        self._head = _restored(new_head(self.config), _HEAD, arrays)


def _named(prefix: str, module: torch.nn.Module) -> dict[str, npt.NDArray[Any]]:
    return {prefix + name: tensor.numpy() for name, tensor in module.state_dict().items()}


def _restored(module: Any, prefix: str, arrays: Mapping[str, npt.NDArray[Any]]) -> Any:
    """Return the module with its weights, which no gradient reaches any more."""
    own = {name.removeprefix(prefix): array for name, array in arrays.items() if name.startswith(prefix)}
    module.load_state_dict({name: torch.from_numpy(np.array(array)) for name, array in own.items()})
    return module.eval().requires_grad_(False)
