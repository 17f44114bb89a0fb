"""Models of review features small enough to work out by hand: a linear head, and one with a hidden layer."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar

import numpy as np
import torch

from graphrec.dataset.ids import IdMap
from graphrec.dataset.incidence import Incidence
from graphrec.dataset.kinds import ITEM_FEATURES, USER_FEATURES
from graphrec.dataset.mentions import Mentions
from graphrec.dataset.profiles import Profiles
from graphrec.explaining.explainable import PREFERRED
from graphrec.models.reviews.config import ReviewConfig
from graphrec.models.reviews.model import ReviewModel
from graphrec.models.reviews.values import inverse_frequencies
from graphrec.testing.toy import build

if TYPE_CHECKING:
    from collections.abc import Sequence

    from graphrec.dataset.dataset import Dataset


class LinearHead(ReviewModel):
    """The score of item i is b_i + Σ_k f_u^k w_ki."""

    name: ClassVar[str] = "linear-head"
    method: ClassVar[str] = "by hand"
    Config = ReviewConfig
    linear_in_features = True

    def learn(self, dataset: Dataset, context: Any) -> dict[str, float]:
        """Make up weights: those of the features that are mentioned of an item, with their sentiment."""
        rng = np.random.default_rng(self.config.seed)
        of_items = dataset.item_features
        weights = np.zeros((of_items.n_columns, of_items.n_rows), dtype=np.float32)
        weights[of_items.indices, of_items.row_of_entry] = rng.uniform(0.2, 1, size=of_items.n_entries)
        bias = rng.uniform(0, 0.5, size=of_items.n_rows).astype(np.float32)
        self.restore({"idf": inverse_frequencies(dataset), "weights": weights, "bias": bias})
        return {}

    def score_features(self, known: Any, features: Any, items: Any = None, own: Any = None) -> torch.Tensor:
        scores = features @ self.weights + self.bias
        return scores if items is None else scores.gather(1, items)

    def explanation_vectors(self, profiles: Profiles) -> torch.Tensor:
        return self.feature_values(profiles)

    def evidence(self, profiles: Profiles, items: torch.Tensor, attribution: str = PREFERRED) -> Any:
        slots = self.inputs(profiles)
        of_item = self.weights[torch.from_numpy(np.maximum(slots.nodes, 0)).long()][:, None]
        weights = of_item.expand(-1, items.shape[1], -1, -1).gather(
            3, items[:, :, None, None].expand(-1, -1, slots.nodes.shape[1], 1)
        )[..., 0]
        return slots.weighed(weights * torch.from_numpy(slots.labels == 3)[:, None, :])

    def arrays(self) -> dict[str, Any]:
        return {**super().arrays(), "weights": self.weights.numpy(), "bias": self.bias.numpy()}

    def restore(self, arrays: Any) -> None:
        super().restore(arrays)
        self.weights, self.bias = (torch.from_numpy(np.asarray(arrays[name])) for name in ("weights", "bias"))


class HiddenHead(LinearHead):
    """The score of item i is b_i + Σ_h v_hi tanh(Σ_k a_kh f_u^k)."""

    name: ClassVar[str] = "hidden-head"
    linear_in_features = False

    def learn(self, dataset: Dataset, context: Any) -> dict[str, float]:
        super().learn(dataset, context)
        rng = np.random.default_rng(self.config.seed)
        inner = rng.normal(size=(len(self.weights), 16)) * 0.3
        self.restore({**self.arrays(), "inner": inner.astype(np.float32), "outer": (inner.T @ self.weights.numpy())})
        return {}

    def score_features(self, known: Any, features: Any, items: Any = None, own: Any = None) -> torch.Tensor:
        scores = torch.tanh(features @ self.inner) @ self.outer + self.bias
        return scores if items is None else scores.gather(1, items)

    def arrays(self) -> dict[str, Any]:
        more = {name: getattr(self, name).numpy() for name in ("inner", "outer") if hasattr(self, name)}
        return {**super().arrays(), **more}

    def restore(self, arrays: Any) -> None:
        super().restore(arrays)
        for name in ("inner", "outer"):
            if name in arrays:
                setattr(self, name, torch.from_numpy(np.asarray(arrays[name], dtype=np.float32)))


def by_hand(weights: Sequence[Sequence[float]], bias: Sequence[float] | None = None) -> LinearHead:
    """Return a linear head with these weights, features × items."""
    table = np.array(weights, dtype=np.float32)
    model = LinearHead(largest=5.0)
    zeros = np.zeros(table.shape[1], dtype=np.float32)
    model.restore(
        {
            "idf": np.ones(len(table), np.float32),
            "weights": table,
            "bias": zeros if bias is None else np.array(bias, np.float32),
        }
    )
    return model


def mentioning(*users: Sequence[int], items: Sequence[Sequence[int]], features: int, known: int = -1) -> Profiles:
    """Return users who mentioned each of these features once, and items of which these are mentioned.

    One mention is worth 1 + 4 tanh(1/2) = 2.848.
    """
    mine, of_items = _incidence(users, features), _incidence(items, features)
    return Profiles(
        known=np.full(len(users), known, dtype=np.int32),
        items=Incidence.empty(len(users), len(items)),
        links={USER_FEATURES: mine, ITEM_FEATURES: of_items},
        mention_counts={USER_FEATURES: mine, ITEM_FEATURES: of_items},
    )


def _incidence(rows: Sequence[Sequence[int]], columns: int) -> Incidence:
    pairs = np.array([(row, column) for row, of in enumerate(rows) for column in of], dtype=np.int64).reshape(-1, 2)
    return Incidence.from_pairs(pairs[:, 0], pairs[:, 1], (len(rows), columns), np.ones(len(pairs), np.float32))


def reviewed(seed: int = 0, users: int = 30, items: int = 24, features: int = 16) -> Dataset:
    """Return users who wrote of three items each, with two to four features in every review."""
    rng = np.random.default_rng(seed)
    rows, taken = [], {}
    for user in range(users):
        chosen = rng.choice(items, size=3, replace=False)
        taken[f"u{user:02}"] = {f"i{item:02}": 5.0 for item in chosen}
        for item in chosen:
            spoken = rng.choice(features, size=rng.integers(2, 5), replace=False)
            rows += [(user, item, feature, 1.0, rng.integers(1, 4)) for feature in spoken]
    data = build(taken, [f"i{item:02}" for item in range(items)])
    names = IdMap.of("Feature", [f"f{feature:02}" for feature in range(features)])
    return data.changed(nodes={"Feature": names}, mentions=Mentions.of(*np.array(rows).T))
