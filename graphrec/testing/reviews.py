"""The toy data with reviews that mention features, and the battery of models that learn from these."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
from typing_extensions import override

from graphrec.dataset.ids import IdMap
from graphrec.dataset.kinds import USER_FEATURES
from graphrec.dataset.mentions import Mentions
from graphrec.testing.explaining import ModelBattery
from graphrec.testing.scoring import RecommenderBattery
from graphrec.testing.toy import NEWCOMER, PICKY, toy

if TYPE_CHECKING:
    from collections.abc import Sequence

    from graphrec.dataset.dataset import Dataset
    from graphrec.dataset.incidence import Incidence
    from graphrec.dataset.profiles import Profiles
    from graphrec.models.model import Model

FEATURES = ("acting", "plot", "pace", "score", "effects", "stunts", "costumes")
"""Features of ``toy_with_reviews``; nobody mentions the last."""

Mention = tuple[str | None, str | None, str, float, int]
"""User, item, feature, mean sentiment, count; without an item a user's profile, without a user an item's."""


def with_mentions(dataset: Dataset, mentions: Sequence[Mention], features: Sequence[str]) -> Dataset:
    """Return a data set with these mentions and no others.

    Args:
        dataset: whose users and items mention and are mentioned.
        mentions: rows in any order.
        features: ids, those without mentions too.
    """
    users, items = dataset.users.ids.to_pylist(), dataset.items.ids.to_pylist()
    columns = (
        [-1 if user is None else users.index(user) for user, *_ in mentions],
        [-1 if item is None else items.index(item) for _, item, *_ in mentions],
        [list(features).index(feature) for _, _, feature, *_ in mentions],
        [sentiment for *_, sentiment, _ in mentions],
        [count for *_, count in mentions],
    )
    return dataset.changed(
        nodes={"Feature": IdMap.of("Feature", list(features), name=list(features))},
        mentions=Mentions.of(*(np.array(column) for column in columns)),
    )


def with_reviews(dataset: Dataset, seed: int = 0) -> Dataset:
    """Return a data set whose users mention one to three features of each item that they took.

    Of items with an even number mostly the first three features, of the others mostly the next three, so that features
    go with the two tastes of ``toy``. Who gave nothing but low ratings writes no review; the newcomer, who took
    nothing, has a profile.
    """
    rng = np.random.default_rng(seed)
    users, items = dataset.users.ids.to_pylist(), dataset.items.ids.to_pylist()
    seen = dataset.interactions
    mentions: list[Mention] = []
    for user, item, rating in zip(seen.user, seen.item, seen.rating, strict=True):
        if users[user] == PICKY:
            continue
        chances = np.where(np.arange(6) // 3 == item % 2, 0.3, 0.1 / 3)
        named = rng.choice(6, rng.integers(1, 4), replace=False, p=chances / chances.sum())
        sentiment = float(np.sign(rating - 2.5))
        mentions += [
            (users[user], items[item], FEATURES[feature], sentiment, int(rng.integers(1, 4))) for feature in named
        ]
    if NEWCOMER in users:
        mentions += [(NEWCOMER, None, "plot", 1.0, 2), (NEWCOMER, None, "effects", 1.0, 1)]
    return with_mentions(dataset, mentions, FEATURES)


def toy_with_reviews(seed: int = 0, *, n_users: int = 24, n_items: int = 12) -> Dataset:
    """Return the toy data with reviews."""
    return with_reviews(toy(seed, n_users=n_users, n_items=n_items), seed)


class ReviewRecommenderBattery(RecommenderBattery):
    """Assertions on anything that scores items, on data with reviews."""

    @override
    def make_dataset(self) -> Dataset:
        return toy_with_reviews()

    @override
    def dressed(self, dataset: Dataset) -> Dataset:
        return with_reviews(dataset)


class ReviewModelBattery(ModelBattery):
    """Assertions on a model that says why by the features that users mention, on data with reviews.

    Who takes nothing and has a profile is scored by it, so that ``cold_by_attributes`` holds; who is unknown to the fit
    lacks the vector of their own.
    """

    cold_by_attributes = True
    newcomers = False

    @override
    def make_dataset(self) -> Dataset:
        return toy_with_reviews()

    @override
    def dressed(self, dataset: Dataset) -> Dataset:
        return with_reviews(dataset)

    @override
    def score_without(self, model: Model, profile: Profiles, label: str, node: int) -> np.ndarray:
        if label == "User":
            other = replace(profile, known=np.full(len(profile), -1, dtype=np.int32))
        elif label == "Feature":
            counts, links = (
                {**part, USER_FEATURES: _without(part[USER_FEATURES], node)}
                for part in (profile.mention_counts, profile.links)
            )
            other = replace(profile, mention_counts=counts, links=links)
        else:
            return super().score_without(model, profile, label, node)
        scores: np.ndarray = model.score(other).numpy()[0]
        return scores


def _without(mentioned: Incidence, feature: int) -> Incidence:
    return mentioned.where(mentioned.indices != feature)
