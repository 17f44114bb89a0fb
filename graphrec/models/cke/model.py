"""CKE: an item's vector has a part that is learned from the knowledge graph."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar

import numpy as np
import torch
from typing_extensions import override

from graphrec.models.cke.config import CKEConfig
from graphrec.models.cke.task import CKETask
from graphrec.models.cke.users import vectors_of
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


class CKE(Recommender):
    """Score ⟨u, e_j⟩ with e_j = η_j + v_j: v_j is the item's vector in an embedding of the knowledge graph.

    Source: Zhang, Yuan, Lian, Xie, Ma, "Collaborative knowledge base embedding for recommender systems", KDD 2016, with
    the structural knowledge alone, as the paper of resolving takes it: no texts, no pictures. Two losses are learned
    together. Collaborative: −ln σ(⟨u, e_j⟩ − ⟨u, e_j'⟩) for an item j that the user took and a drawn one j'.
    Structural, by the Bayesian TransR of that paper: with f(h, r, t) = ‖v_h M_r + r − v_t M_r‖², small for what is
    true, −ln σ(f(h, r, t') − f(h, r, t)) for a fact and a drawn tail t'. (That paper writes the difference the other
    way round, and maximises it; what is meant is that a fact is nearer.) The second loss counts ``knowledge_weight``
    times: .2 in the paper of resolving.

    Choices where the papers leave room: both losses are means over the examples of a step, every positive and every
    fact once an epoch; one λ for all vectors and matrices, where CKE has one for each kind; what was drawn and is true
    as well does not count; M_r starts at the identity; Adam; with a validation part, training stops early by
    ``metric``.

    A user of the fit has the vector that was learned. One whom the fit did not see take anything has none, which CKE
    does not provide for: such a user is the mean of e_j over what was taken.
    """

    name: ClassVar[str] = "cke"
    Config: ClassVar[type[ModelConfig]] = CKEConfig
    learns_from_entities: ClassVar[bool] = True

    @override
    def learn(self, dataset: Dataset, context: FitContext) -> dict[str, float]:
        task = CKETask(dataset, self.config, context)
        metrics = fit_by_gradient(self, task, dataset, context)
        network = task.network.cpu()
        seen = torch.from_numpy(dataset.positives.counts > 0)
        with torch.no_grad():
            self._users = network.users * seen[:, None]
            self._items = network.of_items()
        return metrics

    @override
    def score(self, profiles: Profiles, items: torch.Tensor | None = None) -> torch.Tensor:
        rows = torch.from_numpy(profiles.known.astype(np.int64))
        learned = self._users[rows] * (rows >= 0)[:, None]
        active = torch.from_numpy(self.count_inputs(profiles) > 0)
        users = vectors_of(learned, profiles.items, self._items)
        scores = users @ self._items.T if items is None else pair_products(users, self._items, items)
        return scores * active[:, None]

    @override
    def count_inputs(self, profiles: Profiles) -> npt.NDArray[np.int64]:
        return profiles.items.counts

    @override
    def arrays(self) -> dict[str, npt.NDArray[Any]]:
        return {"users": self._users.numpy(), "items": self._items.numpy()}

    @override
    def restore(self, arrays: Mapping[str, npt.NDArray[Any]]) -> None:
        self._users, self._items = (torch.from_numpy(np.asarray(arrays[name])) for name in ("users", "items"))
