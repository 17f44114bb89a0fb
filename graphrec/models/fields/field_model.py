"""The base of models of fields: training, scoring and saving; a model adds its arithmetic and its settings."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar

import numpy as np
import torch
from torch.nn import functional
from typing_extensions import override

from graphrec.models.fields.arithmetic import FieldCounts
from graphrec.models.fields.catalogue_scores import catalogue_scores, named_scores
from graphrec.models.fields.field_vectors import FieldVectors, field_vectors
from graphrec.models.fields.kinds import by_field, n_kinds
from graphrec.models.fields.task import FieldTask
from graphrec.models.gradient_fit import fit_by_gradient
from graphrec.models.recommender import Recommender

if TYPE_CHECKING:
    from collections.abc import Mapping

    import numpy.typing as npt

    from graphrec.dataset.dataset import Dataset
    from graphrec.dataset.profiles import Profiles
    from graphrec.models.fields.arithmetic import FieldArithmetic
    from graphrec.models.recommender import FitContext

_ARITHMETIC = "arithmetic."
"""What the names of the arithmetic's arrays begin with."""


class FieldModel(Recommender):
    """Scores from a vector for each field of a case: user id, item id, and each kind of attribute of user and item.

    A kind with several values is one field, the mean (``pooling``: or the sum) of their vectors. A user is the id and
    the attributes, never the history, which went into the vector of the id: of a new user, and of one without positives
    in the training data, only the attributes count, and everyone is scored (``count_inputs`` counts the items' fields
    as one input). In the same way an item that nobody took is scored by its attributes; ``id_dropout`` trains for
    both. Cost and memory grow with the number of kinds, for pairs of fields with its square.

    What depends on the user alone or on the item alone is computed once for each; items' parts when a fit is restored.

    Attributes:
        Arithmetic: the model's own.
    """

    Arithmetic: ClassVar[type[FieldArithmetic]]

    @override
    def learn(self, dataset: Dataset, context: FitContext) -> dict[str, float]:
        task = FieldTask(dataset, self.config, context, self.Arithmetic)
        metrics = fit_by_gradient(self, task, dataset, context)
        network = task.network.cpu().eval()
        with torch.no_grad():
            items = network.fields_of("item", np.arange(len(dataset.items)))
        tables = {
            "users": network.tables["user"],
            "attributes": network.tables["attribute"],
            "item_vectors": items.vectors,
            "item_weights": items.weights,
            **{_ARITHMETIC + name: part for name, part in network.arithmetic.state_dict().items()},
        }
        arrays = {name: tensor.detach().numpy() for name, tensor in tables.items()}
        self.restore({**arrays, "user_fields": network.fields["user"]})
        return metrics

    @override
    def score(self, profiles: Profiles, items: torch.Tensor | None = None) -> torch.Tensor:
        own = self._users[torch.from_numpy(profiles.known.astype(np.int64))]
        carried, width = by_field(profiles.user_attributes, self._user_fields), n_kinds(self._user_fields)
        with torch.no_grad():
            fields = field_vectors(own, self._attributes, carried, self.config.pooling, width)
            users = self._arithmetic.alone("user", fields)
        if items is None:
            return catalogue_scores(self._arithmetic, users, self._item_parts)
        return named_scores(self._arithmetic, users, self._item_parts, items)

    @override
    def count_inputs(self, profiles: Profiles) -> npt.NDArray[np.int64]:
        has_id = self._users[torch.from_numpy(profiles.known.astype(np.int64))].any(dim=1).numpy()
        carried = profiles.user_attributes
        inputs: npt.NDArray[np.int64] = 1 + has_id + carried.where(self._user_fields[carried.indices] >= 0).counts
        return inputs

    @override
    def arrays(self) -> dict[str, npt.NDArray[Any]]:
        return {
            "users": self._users[:-1].numpy(),
            "attributes": self._attributes.numpy(),
            "user_fields": self._user_fields,
            "item_vectors": self._items.vectors.numpy(),
            "item_weights": self._items.weights.numpy(),
            **{_ARITHMETIC + name: part.numpy() for name, part in self._arithmetic.state_dict().items()},
        }

    @override
    def restore(self, arrays: Mapping[str, npt.NDArray[Any]]) -> None:
        tensors = {name: torch.from_numpy(np.array(array)) for name, array in arrays.items()}
        self._users = functional.pad(tensors["users"], (0, 0, 0, 1))
        """v and w of the users' ids, and one row of zeros more, that of new users (−1)."""
        self._attributes = tensors["attributes"]
        self._user_fields = np.array(arrays["user_fields"], dtype=np.int64)
        vectors, weights = tensors["item_vectors"], tensors["item_weights"]
        self._items = FieldVectors(vectors, weights, torch.zeros_like(weights))
        counts = FieldCounts(1 + n_kinds(self._user_fields), vectors.shape[1])
        with torch.random.fork_rng(devices=[]):  # its start is random, and replaced
            self._arithmetic = self.Arithmetic(counts, self.config)
        self._arithmetic.load_state_dict(
            {name.removeprefix(_ARITHMETIC): part for name, part in tensors.items() if name.startswith(_ARITHMETIC)}
        )
        self._arithmetic.eval().requires_grad_(False)
        with torch.no_grad():
            self._item_parts = self._arithmetic.alone("item", self._items)
