"""A model of attribute networks that is small enough to reckon by hand, and offers what such a model has to offer.

Between two items stands how many users took both. In the network of a kind it counts in full where they share a value
of the kind, and a tenth where both carry values and share none. A user attends to a network by how many pairs of taken
items share a value of it, one more, among the networks in which an item carries anything.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar

import numpy as np
import pyarrow as pa
import torch
from pydantic import Field

from graphrec.explaining.evidence import Evidence, history_slots
from graphrec.explaining.explainable import PREFERRED
from graphrec.explaining.input_switching import measured_effects
from graphrec.models.config import ModelConfig
from graphrec.models.model import Model

if TYPE_CHECKING:
    from collections.abc import Mapping

    from graphrec.dataset.dataset import Dataset
    from graphrec.dataset.profiles import Profiles
    from graphrec.explaining.selection import ChosenReasons
    from graphrec.models.recommender import FitContext

NAME = "toy-networks"
ENTRY = "tests.toy_networks:ToyNetworks"
"""For the registry of models: a test puts it there."""


class ToyConfig(ModelConfig):
    attributes: str = Field("", description="kinds of attributes, by commas; all if left out")


class ToyNetworks(Model):
    name: ClassVar[str] = NAME
    Config: ClassVar[type[ModelConfig]] = ToyConfig
    method: ClassVar[str] = "networks"
    attributions: ClassVar[Mapping[str, str]] = {"overlap": "perturbation"}

    def learn(self, dataset: Dataset, context: FitContext) -> dict[str, float]:
        carried = dataset.item_attributes.csr().toarray() > 0
        kinds = np.array(dataset.attributes.columns["kind"].to_pylist(), dtype=str)
        every = sorted(set(kinds[carried.any(axis=0)]))
        wanted = [kind for kind in self.config.attributes.split(",") if kind] or every
        self.networks = tuple(wanted)
        by_kind = [carried[:, kinds == kind].astype(np.float32) for kind in wanted]
        self._shared = np.stack([of @ of.T > 0 for of in by_kind])
        self._has = np.stack([of.any(axis=1) for of in by_kind])
        taken = dataset.positives.csr().toarray()
        self._both = (taken.T @ taken).astype(np.float32)
        np.fill_diagonal(self._both, 0)
        return {}

    def _weights(self) -> Any:
        """Return [2, K, items, items]: through shared values, and through neighbours."""
        near = self._has[:, :, None] & self._has[:, None, :] & ~self._shared
        return np.stack([self._both * self._shared, 0.1 * self._both * near]).astype(np.float32)

    def attention(self, profiles: Profiles, items: torch.Tensor) -> torch.Tensor:
        taken = profiles.items.csr().toarray()
        pairs = 1 + np.einsum("bi,kij,bj->bk", taken, self._shared.astype(np.float32), taken)
        at_item = pairs[:, None, :] * self._has.T[items.numpy()]
        total = at_item.sum(axis=2, keepdims=True)
        return torch.from_numpy(np.divide(at_item, total, out=np.zeros_like(at_item), where=total > 0)).float()

    def user_vectors(self, profiles: Profiles) -> torch.Tensor:
        every = torch.arange(len(self._both))[None, :].expand(len(profiles), -1)
        return self.attention(profiles, every).mean(dim=1)

    def _terms(self, profiles: Profiles, items: torch.Tensor) -> torch.Tensor:
        """Return what comes through each network, float32 [B, k, K]."""
        taken, weights = profiles.items.csr().toarray(), self._weights().sum(axis=0)
        sums = np.einsum("bj,kji->bik", taken, weights)
        return self.attention(profiles, items) * torch.from_numpy(sums).gather(
            1, items[:, :, None].expand(-1, -1, len(self.networks))
        )

    def score(self, profiles: Profiles, items: torch.Tensor | None = None) -> torch.Tensor:
        if items is None:
            items = torch.arange(len(self._both))[None, :].expand(len(profiles), -1)
        return self._terms(profiles, items).sum(dim=2)

    def score_without_network(self, profiles: Profiles, items: torch.Tensor, kind: str) -> torch.Tensor:
        return self.score(profiles, items) - self._terms(profiles, items)[:, :, self.networks.index(kind)]

    def count_inputs(self, profiles: Profiles) -> Any:
        return profiles.items.counts

    def evidence(self, profiles: Profiles, items: torch.Tensor, attribution: str = PREFERRED) -> Evidence:
        slots, attention = history_slots(profiles.items), self.attention(profiles, items)
        ways = [f"{way}:{kind}" for way in ("attribute", "neighbours") for kind in self.networks]
        weights = self._weights().reshape(len(ways), *self._both.shape)
        if self.unit_of(attribution) == "perturbation":
            weights = (weights > 0).astype(np.float32)
            attention = torch.ones_like(attention)
        between = weights[:, np.maximum(slots.nodes, 0)[:, None, :], items.numpy()[:, :, None]]
        between = (
            between
            * (slots.nodes >= 0)[:, None, :]
            * torch.cat([attention] * 2, dim=2).numpy().transpose(2, 0, 1)[:, :, :, None]
        )
        width = slots.labels.shape[1]
        return Evidence(
            np.tile(slots.labels, len(ways)),
            np.tile(slots.nodes, len(ways)),
            np.tile(slots.grounds, len(ways)),
            np.repeat(np.arange(len(ways), dtype=np.int32), width)[None, :].repeat(len(profiles), axis=0),
            pa.array(ways),
            torch.from_numpy(np.concatenate(list(between), axis=2).astype(np.float32)),
        )

    def effects(
        self, profiles: Profiles, items: torch.Tensor, scores: torch.Tensor, evidence: Evidence, chosen: ChosenReasons
    ) -> torch.Tensor:
        return measured_effects(self, profiles, items, scores, evidence, chosen)

    def arrays(self) -> dict[str, Any]:
        names = np.frombuffer(",".join(self.networks).encode(), dtype=np.uint8)
        return {"both": self._both, "shared": self._shared, "has": self._has, "networks": names}

    def restore(self, arrays: Mapping[str, Any]) -> None:
        self._both, self._shared, self._has = arrays["both"], arrays["shared"], arrays["has"]
        self.networks = tuple(arrays["networks"].tobytes().decode().split(","))
