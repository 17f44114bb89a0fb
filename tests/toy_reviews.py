"""Reviews in which people mention features, and a model of them that is small enough to reckon by hand.

The score is the item's popularity and Σ_k w_k f_u^k f_i^k, with w_k 1, −1, 1, … Its φ_u is w ⊙ f_u.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar

import numpy as np
import pyarrow as pa
import torch

from graphrec.dataset.dataset import Dataset
from graphrec.dataset.ids import IdMap
from graphrec.dataset.interactions import Interactions
from graphrec.dataset.mentions import Mentions
from graphrec.dataset.profiles import profiles_of
from graphrec.explaining.explainable import PREFERRED
from graphrec.loading.assemble import assemble
from graphrec.loading.columns import Column
from graphrec.loading.contract import LoaderReport
from graphrec.loading.delimited import read_delimited
from graphrec.loading.interactions import INTERACTED, interactions
from graphrec.loading.nodes import node_table
from graphrec.models.reviews.config import ReviewConfig
from graphrec.models.reviews.model import ReviewModel
from graphrec.models.reviews.values import FeatureValues, inverse_frequencies
from graphrec.schema.elements import EdgeKind
from graphrec.schema.property_graph import EVIDENCE_LABELS
from graphrec.tables.graph_tables import GraphTables
from graphrec.tables.records import DatasetInfo

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from pathlib import Path

    from graphrec.dataset.profiles import Profiles
    from graphrec.explaining.evidence import Evidence
    from graphrec.loading.contract import Loaded
    from graphrec.models.config import ModelConfig
    from graphrec.models.recommender import FitContext

NAME, ENTRY, LOADER = "toy-reviews", "tests.toy_reviews:ToyReviews", "tests.toy_reviews:load"
"""For the registries of models and loaders: a test puts them there."""


def build_reviews(rows: Iterable[tuple[str, str, str, int]]) -> Dataset:
    """Return a data set of reviews in which everything is praised; ids are numbered in alphabetical order."""
    users, items, features = (sorted({row[place] for row in rows if row[place]}) for place in range(3))
    user = np.array([users.index(row[0]) for row in rows])
    item = np.array([items.index(row[1]) if row[1] else -1 for row in rows])
    feature = np.array([features.index(row[2]) for row in rows])
    count = np.array([row[3] for row in rows])
    pairs = np.unique(np.stack([user, item])[:, item >= 0], axis=1).astype(np.int32)
    unknown, ones = np.full(pairs.shape[1], np.nan), np.ones(pairs.shape[1], dtype=np.float32)
    taken = Interactions(pairs[0], pairs[1], unknown.astype(np.float32), ones, unknown)
    nodes = {label: IdMap.of(label, ids) for label, ids in (("User", users), ("Item", items), ("Feature", features))}
    mentions = Mentions.of(user, item, feature, np.ones(len(count)), count)
    return Dataset(nodes, taken, mentions=mentions, fingerprint="toy")


def everybody(model: ToyReviews, dataset: Dataset) -> Profiles:
    data, known = model.align(dataset)
    return profiles_of(data, known, np.arange(len(data.users)))


class ToyReviews(ReviewModel):
    name: ClassVar[str] = NAME
    Config: ClassVar[type[ModelConfig]] = ReviewConfig
    method: ClassVar[str] = "products"

    def learn(self, dataset: Dataset, context: FitContext) -> dict[str, float]:
        data = profiles_of(dataset, np.arange(len(dataset.users), dtype=np.int32), np.arange(len(dataset.users)))
        self.values = FeatureValues(self.config, inverse_frequencies(dataset))
        self._items = self.values.dense("item", data)
        self._popularity = torch.from_numpy(
            np.bincount(dataset.positives.indices, minlength=len(dataset.items)).astype(np.float32)
        )
        self._weights = 1.0 - 2.0 * (torch.arange(self._items.shape[1]) % 2)
        return {"epochs": 1.0, "best_epoch": 1.0}

    def score_features(
        self,
        known: torch.Tensor,
        features: torch.Tensor,
        items: torch.Tensor | None = None,
        own: torch.Tensor | None = None,
    ) -> torch.Tensor:
        of_users = features * self._weights
        if items is None:
            return self._popularity + of_users @ self._items.T
        return self._popularity[items] + torch.einsum("rf,rkf->rk", of_users, self._items[items])

    def explanation_vectors(self, profiles: Profiles) -> torch.Tensor:
        return self.feature_values(profiles) * self._weights

    def evidence(self, profiles: Profiles, items: torch.Tensor, attribution: str = PREFERRED) -> Evidence:
        self.unit_of(attribution)
        slots = self.inputs(profiles)
        place = torch.from_numpy(np.maximum(slots.nodes, 0)).long()
        is_feature = torch.from_numpy(slots.labels == EVIDENCE_LABELS.index("Feature"))
        place = place * is_feature
        own = (self.explanation_vectors(profiles).gather(1, place) * is_feature)[:, None, :]
        theirs = self._items[items].gather(2, place[:, None, :].expand(-1, items.shape[1], -1))
        return slots.weighed(own * theirs)

    def arrays(self) -> dict[str, Any]:
        learned = {"items": self._items, "popularity": self._popularity, "weights": self._weights}
        return {**super().arrays(), **{name: tensor.numpy() for name, tensor in learned.items()}}

    def restore(self, arrays: Mapping[str, Any]) -> None:
        super().restore(arrays)
        self._items, self._popularity, self._weights = (
            torch.from_numpy(np.array(arrays[name])) for name in ("items", "popularity", "weights")
        )


def write_reviews(folder: Path, users: int = 40, items: int = 24, features: int = 15) -> Path:
    """Write reviews.csv, in which a user speaks of what both care for: two features of the user, three of the item."""
    rng = np.random.default_rng(0)
    likes = [rng.permutation(features)[:2] for _ in range(users)]
    topics = [rng.permutation(features)[:3] for _ in range(items)]
    lines = ["user,item,feature,count"]
    for user in range(users):
        for item in rng.permutation(items)[:9]:
            said = {*likes[user][: 1 + int(rng.integers(2))], topics[item][0], int(rng.integers(features))}
            lines += [f"u{user:02},i{item:02},f{feature:02},1" for feature in sorted(said)]
    folder.mkdir(parents=True)
    (folder / "reviews.csv").write_text("\n".join(lines) + "\n", encoding="utf-8")
    return folder


def load(path: Path) -> Loaded:
    """Load what ``write_reviews`` writes."""
    report = LoaderReport()
    columns = [Column(name, "id", required=True) for name in ("user", "item", "feature")]
    said = read_delimited(path / "reviews.csv", [*columns, Column("count", "integer", minimum=1)], report)
    taken = interactions(said.column("user"), said.column("item"), report)
    user, item, feature = (said.column(name).cast(pa.string()).combine_chunks() for name in said.column_names[:3])
    none = pa.array([], pa.string())
    nodes = {
        "User": node_table(none, none, taken.column("from"), report, label="User"),
        "Item": node_table(none, none, taken.column("to"), report, label="Item"),
        "Feature": pa.table({"id": feature.unique(), "name": feature.unique()}),
    }
    praise = pa.repeat(1.0, said.num_rows)
    mentioned = pa.table(
        {"from": user, "to": feature, "item": item, "sentiment": praise, "count": said.column("count")}
    )
    parts = [GraphTables(nodes, {INTERACTED: taken, EdgeKind("MENTIONED", "User", "Feature"): mentioned})]
    return assemble(parts, DatasetInfo("toy-reviews", "Toy reviews", "toy"), report, id_prefix="", co_purchases=0)
