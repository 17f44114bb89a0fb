"""The scores of one person by a saved EASE or RecoNet, without PyTorch.

Importing PyTorch takes longer than everything else that a command does for one person. What these two models compute
for one person is a sum of rows, or a mean of rows and a product; tests hold it equal to the models' own scores.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from typing import TYPE_CHECKING, Any, ClassVar, cast

import numpy as np

from graphrec.errors import InputError
from graphrec.explaining.factors import NO_FACTORS
from graphrec.models.ease_config import EASEConfig
from graphrec.models.reconet.config import RecoNetConfig
from graphrec.models.reconet.features import FeatureSets
from graphrec.models.saving import load_recommender, read_metadata
from graphrec.recommendation.one_person import Scored, Used

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    import numpy.typing as npt

    from graphrec.dataset.profiles import Profiles
    from graphrec.explaining.factors import Factors
    from graphrec.models.config import ModelConfig
    from graphrec.models.recommender import FitRecord, Recommender

    Arrays = Mapping[str, npt.NDArray[np.float32]]


class SavedScores(ABC):
    """The arrays of a saved fit, and the scores of one person that they give; an ``OnePerson``.

    A person's features are numbered as in RecoNet: items, then attributes. Made by ``load_scores``.

    Args:
        config: settings of the fit.

    Attributes:
        name: of the model.
        Config: type of its settings.
        record: of the fit.
        factors: none; neither model has any.
    """

    name: ClassVar[str]
    Config: ClassVar[type[ModelConfig]]
    factors: Factors = NO_FACTORS
    record: FitRecord

    def __init__(self, config: Any) -> None:
        self.config = config
        self._arrays: Arrays = {}

    def restore(self, arrays: Arrays) -> None:
        """Take up the arrays of a fit; raise ValueError or IndexError if they do not fit the items of its record."""
        self._arrays = arrays
        n_items = len(self.record.items)
        scores = self._scores(np.array([0, n_items - 1]))
        if scores.shape != (n_items,) or not np.isfinite(scores).all():
            raise ValueError(f"scores of the shape {scores.shape} for {n_items} items")

    def arrays(self) -> Arrays:
        """Return the arrays of the fit."""
        return self._arrays

    def inputs(self, profile: Profiles) -> Used:
        """Return what the model uses of a person."""
        features = self._features(profile).astype(np.int32)
        is_item = features < profile.items.n_columns
        attributes = features[~is_item] - np.int32(profile.items.n_columns)
        return Used(features[is_item], attributes, np.empty(0, dtype=np.int32))

    def scores(self, profile: Profiles) -> Scored:
        """Return the scores of a person."""
        return self._scored(self._features(profile))

    def scores_without(
        self, profile: Profiles, items: npt.NDArray[np.int32], attributes: npt.NDArray[np.int64]
    ) -> Scored:
        """Return the scores with these inputs switched off, and nothing else."""
        off = np.concatenate([items, attributes + profile.items.n_columns])
        features = self._features(profile)
        return self._scored(features[~np.isin(features, off)])

    def _scored(self, features: npt.NDArray[np.int64]) -> Scored:
        return Scored(len(features), self._scores(features) if len(features) else None)

    @abstractmethod
    def _features(self, profile: Profiles) -> npt.NDArray[np.int64]:
        """Return the inputs of a person, int64."""

    @abstractmethod
    def _scores(self, features: npt.NDArray[np.int64]) -> npt.NDArray[np.float32]:
        """Return the scores of a person with these inputs, float32 [items]."""


class SavedEASE(SavedScores):
    """The sum of the rows of B that belong to the items taken."""

    name = "ease"
    Config = EASEConfig

    def _features(self, profile: Profiles) -> npt.NDArray[np.int64]:
        return profile.items.indices.astype(np.int64)

    def _scores(self, features: npt.NDArray[np.int64]) -> npt.NDArray[np.float32]:
        scores: npt.NDArray[np.float32] = self._arrays["item_weights"][features].sum(axis=0)
        return scores


class SavedRecoNet(SavedScores):
    """W x, or W ReLU(V x), of the mean x of the features' vectors."""

    name = "reconet"
    Config = RecoNetConfig

    def _features(self, profile: Profiles) -> npt.NDArray[np.int64]:
        return FeatureSets.of(profile, self.config).joined()[0]

    def _scores(self, features: npt.NDArray[np.int64]) -> npt.NDArray[np.float32]:
        hidden = self._arrays["features"][features].mean(axis=0)
        if "hidden" in self._arrays:
            hidden = np.maximum(self._arrays["hidden"] @ hidden, 0)
        scores: npt.NDArray[np.float32] = self._arrays["output"] @ hidden
        return scores


def load_scores(folder: Path) -> SavedScores | None:
    """Load a saved fit of EASE or RecoNet; None where the folder holds another model, or none.

    None, too, for a fit that scores by dislikes.

    Raises:
        ModelError: as ``load_model``.
    """
    try:
        meta = read_metadata(folder)
    except InputError:
        return None
    if meta.get("negative_if"):
        return None
    kind = next((kind for kind in (SavedEASE, SavedRecoNet) if kind.name == meta.get("model")), None)
    # It has of a model what restoring and checking a fit needs.
    return None if kind is None else cast("SavedScores", load_recommender(folder, cast("type[Recommender]", kind)))
