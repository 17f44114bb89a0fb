"""A model that somebody can work out by hand, and the models that every explainer is tried on."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Any, ClassVar

import numpy as np
import torch

from graphrec.dataset.incidence import Incidence
from graphrec.dataset.profiles import Profiles, profiles_of
from graphrec.explaining.evidence import history_evidence
from graphrec.explaining.explainable import PREFERRED
from graphrec.explaining.input_switching import measured_effects
from graphrec.models.ease import EASE
from graphrec.models.model import Model
from graphrec.models.reconet.model import RecoNet
from graphrec.testing.toy import toy

if TYPE_CHECKING:
    from collections.abc import Sequence

    from graphrec.dataset.dataset import Dataset

MODELS = ("ease", "reconet", "reconet + layer")


class Handmade(Model):
    """The score of item i is the sum, or the mean, of ``values[j, i]`` over the items j taken."""

    name: ClassVar[str] = "handmade"
    method: ClassVar[str] = "by hand"

    def __init__(self, values: Sequence[Sequence[float]], *, mean: bool = False) -> None:
        super().__init__()
        self.values, self.mean = np.array(values, dtype=np.float32), mean

    def score(self, profiles: Profiles, items: torch.Tensor | None = None) -> torch.Tensor:
        total = profiles.items.csr() @ self.values
        every = torch.from_numpy(total / np.maximum(profiles.items.counts, 1)[:, None] if self.mean else total).float()
        return every if items is None else every.gather(1, items)

    def count_inputs(self, profiles: Profiles) -> Any:
        return profiles.items.counts

    def evidence(self, profiles: Profiles, items: torch.Tensor, attribution: str = PREFERRED) -> Any:
        return history_evidence(profiles.items, self.values, items)

    def effects(self, profiles: Profiles, items: Any, scores: Any, evidence: Any, chosen: Any) -> torch.Tensor:
        return measured_effects(self, profiles, items, scores, evidence, chosen)

    def learn(self, dataset: Any, context: Any) -> dict[str, float]:
        return {}

    def arrays(self) -> dict[str, Any]:
        return {"values": self.values}

    def restore(self, arrays: Any) -> None:
        self.values = arrays["values"]


def taking(*histories: Sequence[int], items: int) -> Profiles:
    """Return users of whom nothing is known but these items."""
    rows = [row for row, history in enumerate(histories) for _ in history]
    return Profiles(
        known=np.full(len(histories), -1, dtype=np.int32),
        items=Incidence.from_pairs(
            np.array(rows), np.array([i for h in histories for i in h]), (len(histories), items)
        ),
    )


@cache
def fitted(name: str) -> tuple[Dataset, Model, Profiles]:
    """Return the toy data, a model fitted on it, and the profiles of all its users, with the few who have no input."""
    dataset = toy()
    small: dict[str, Any] = {"embedding_size": 8, "epochs": 8, "learning_rate": 0.02, "device": "cpu"}
    model: Model = {
        "ease": lambda: EASE(reg=5.0),
        "reconet": lambda: RecoNet(**small),
        "reconet + layer": lambda: RecoNet(hidden_size=12, **small),
    }[name]()
    model.fit(dataset)
    return dataset, model, profiles_of(*model.align(dataset), np.arange(len(dataset.users)))


def first_items(profiles: Profiles, k: int = 3) -> torch.Tensor:
    """Return the items 0 to k − 1 for every user."""
    return torch.arange(k).repeat(len(profiles), 1)
