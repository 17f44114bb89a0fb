"""What needs no model: chance, and counts of who mentions what and about which items.

With n_uk mentions of feature k by user u, n_ik in reviews of item i, and p(k) the share of k in all pairs of a user
and a feature that the user mentions:
p(k|u) = (n_uk + a p(k)) / (n_u + a), p(k|i) = (n_ik + b p(k)) / (n_i + b). A user and an item that say independently
of each other what a review will mention give p(k|u,i) ∝ p(k|u) p(k|i) / p(k).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

import numpy as np
from pydantic import Field
from scipy import sparse
from typing_extensions import override

from graphrec.dataset.kinds import ITEM_FEATURES, USER_FEATURES
from graphrec.evaluation.explanations.feature_methods.method import FeatureMethod, MethodConfig
from graphrec.explaining.seeded_draws import uniform

if TYPE_CHECKING:
    import numpy.typing as npt

    from graphrec.evaluation.explanations.feature_methods.cases import FeatureCases
    from graphrec.models.model import Model

    Values = npt.NDArray[np.float64]


class RandomFeatures(FeatureMethod):
    """Every feature in an order by chance, another one for every case."""

    name: ClassVar[str] = "random"

    @override
    def score(self, cases: FeatureCases, model: Model | None = None) -> npt.NDArray[np.float32]:
        item = cases.items[:, :1] if cases.items.shape[1] == 1 else np.full((len(cases), 1), -1)
        drawn = uniform(self.config.seed, cases.users[:, None], item, np.arange(cases.n_features)[None, :])
        return drawn.astype(np.float32)


class PopularFeatures(FeatureMethod):
    """The features that most users mention, the same for all."""

    name: ClassVar[str] = "popularity"

    @override
    def score(self, cases: FeatureCases, model: Model | None = None) -> npt.NDArray[np.float32]:
        return np.broadcast_to(_mentioned(cases.mentioned_by), (len(cases), cases.n_features)).astype(np.float32)


class OwnCounts(FeatureMethod):
    """The features that the user mentions most, and no others."""

    name: ClassVar[str] = "own_counts"

    @override
    def score(self, cases: FeatureCases, model: Model | None = None) -> npt.NDArray[np.float32]:
        return _mentioned(_own(cases)).astype(np.float32)


class OwnThenPopular(FeatureMethod):
    """The features that the user mentions most, of equal ones and behind them those that most users mention."""

    name: ClassVar[str] = "own_then_popularity"

    @override
    def score(self, cases: FeatureCases, model: Model | None = None) -> npt.NDArray[np.float32]:
        popularity = (
            0.5 * cases.mentioned_by / max(cases.mentioned_by.max(initial=0), 1.0)
        )  # never makes up one mention
        return _mentioned(_own(cases) + popularity).astype(np.float32)


class ItemCountsConfig(MethodConfig):
    """Settings of counts of an item's reviews.

    Attributes:
        item: b, mentions that the share of everybody's counts as; with 0 only what is mentioned of the item is listed.
    """

    item: float = Field(0.0, ge=0, description="mentions that everybody's share counts as, beside an item's")


class ItemCounts(FeatureMethod):
    """The features that reviews of the item mention most, p(k|i)."""

    name: ClassVar[str] = "item_counts"
    Config: ClassVar[type[MethodConfig]] = ItemCountsConfig
    asks_items = True

    @override
    def score(self, cases: FeatureCases, model: Model | None = None) -> npt.NDArray[np.float32]:
        return _mentioned(shares_of_items(cases, self.config.item)).astype(np.float32)


class OwnCountsConfig(MethodConfig):
    """Settings of smoothed counts of a user.

    Attributes:
        own: a, mentions that the share of everybody's counts as.
    """

    own: float = Field(50.0, gt=0, description="mentions that everybody's share counts as, beside a user's")


class SmoothedOwnCounts(FeatureMethod):
    """The user's share of mentions, drawn to everybody's the less the user says, p(k|u)."""

    name: ClassVar[str] = "smoothed_own_counts"
    Config: ClassVar[type[MethodConfig]] = OwnCountsConfig

    @override
    def score(self, cases: FeatureCases, model: Model | None = None) -> npt.NDArray[np.float32]:
        return _mentioned(shares_of_users(cases, self.config.own)).astype(np.float32)


class OwnItemConfig(OwnCountsConfig, ItemCountsConfig):
    """Settings of counts of both: ``own`` and ``item`` as there."""

    item: float = Field(20.0, gt=0, description="mentions that everybody's share counts as, beside an item's")


class OwnItemCounts(FeatureMethod):
    """Counts of the user and of the item together, p(k|u) p(k|i) / p(k)."""

    name: ClassVar[str] = "own_item_counts"
    Config: ClassVar[type[MethodConfig]] = OwnItemConfig
    asks_items = True

    @override
    def score(self, cases: FeatureCases, model: Model | None = None) -> npt.NDArray[np.float32]:
        return _mentioned(expected_shares(cases, self.config.own, self.config.item)).astype(np.float32)


def shares_of_users(cases: FeatureCases, own: float) -> Values:
    """Return p(k|u), float64 [B, F]; ``own`` is a, above 0."""
    counts = _own(cases)
    smoothed: Values = (counts + own * _shares(cases)) / (counts.sum(axis=1, keepdims=True) + own)
    return smoothed


def shares_of_items(cases: FeatureCases, item: float) -> Values:
    """Return p(k|i), the mean over the items of each case, float64 [B, F]; 0 for a case without items.

    Args:
        cases: with items.
        item: b; with 0 an item of which nothing is mentioned has no shares.
    """
    counts = cases.profiles.mention_counts[ITEM_FEATURES].csr(np.float64)
    total = np.asarray(counts.sum(axis=1)).ravel() + item
    inverse = np.divide(1.0, total, out=np.zeros_like(total), where=total > 0)
    row, place = np.nonzero(cases.items >= 0)
    each = 1.0 / np.bincount(row, minlength=len(cases))[row]
    shown = sparse.csr_matrix((each, (row, cases.items[row, place])), shape=(len(cases), counts.shape[0]))
    shown = shown @ sparse.diags(inverse)
    smoothed: Values = (shown @ counts).toarray() + item * np.outer(shown.sum(axis=1), _shares(cases))
    return smoothed


def expected_shares(cases: FeatureCases, own: float, item: float) -> Values:
    """Return p(k|u) p(k|i) / p(k), float64 [B, F]; 0 for what nobody mentions."""
    everybody = _shares(cases)
    together = shares_of_users(cases, own) * shares_of_items(cases, item)
    return np.divide(together, everybody, out=np.zeros_like(together), where=everybody > 0)


def _own(cases: FeatureCases) -> Values:
    counts: Values = cases.profiles.mention_counts[USER_FEATURES].csr(np.float64).toarray()
    return counts


def _shares(cases: FeatureCases) -> Values:
    shares: Values = cases.mentioned_by / max(cases.mentioned_by.sum(), 1.0)
    return shares


def _mentioned(counts: Values) -> Values:
    """Return counts, and −inf in the place of none: a list names what is mentioned."""
    return np.where(counts > 0, counts, -np.inf)
