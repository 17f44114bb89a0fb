"""Models of Cornac as rows of a recipe, for ``benchmarks.cornac_peer``: they learn from a data set, and score.

Cornac's models run as they are released; only settings that a row names differ from Cornac's own. Items are numbered as
Cornac does it: those of training first, and an item that nobody took there gets the least score of all, unless the
model scores it by itself (VBPR, by its features).

An opinion of Cornac's is a word, and mentions keep the mean sentiment alone: the word is "good", "neutral" or "bad" by
its sign. A feature mentioned n times is n tuples. Cornac holds a review by its interaction, so that EFM and MTER learn
from reviews of training pairs, and not from those of 1 to 3 stars or of other people, which graphrec's models read too.
"""

from __future__ import annotations

import contextlib
import io
from abc import abstractmethod
from typing import TYPE_CHECKING, Any, ClassVar, Literal

import numpy as np
import torch
from typing_extensions import override

from graphrec.models.config import ModelConfig
from graphrec.models.recommender import Recommender
from graphrec.models.reviews.config import ReviewConfig
from graphrec.models.reviews.profiles import learned_values, training_profiles

if TYPE_CHECKING:
    from collections.abc import Mapping

    import numpy.typing as npt

    from graphrec.dataset.dataset import Dataset
    from graphrec.dataset.mentions import Mentions
    from graphrec.dataset.profiles import Profiles
    from graphrec.models.recommender import FitContext

OPINIONS = np.array(["bad", "neutral", "good"])
"""Opinions by the sign of the sentiment, −1, 0 and 1."""

Tuples = list[tuple[int, int, list[tuple[int, str, float]]]]
"""User, item, and what the review says: feature, opinion, sentiment."""


def sentiment_tuples(mentions: Mentions) -> Tuples:
    """Return the reviews that have a user and an item; users, items and features by their positions."""
    of_pair = np.flatnonzero((mentions.user >= 0) & (mentions.item >= 0))
    rows = mentions.where(np.repeat(of_pair, mentions.count[of_pair]))
    words = OPINIONS[np.sign(rows.sentiment).astype(np.int64) + 1]
    said = list(zip(rows.feature.tolist(), words.tolist(), rows.sentiment.tolist(), strict=True))
    pairs = np.stack([rows.user, rows.item], axis=1)
    starts = np.flatnonzero(np.r_[True, (pairs[1:] != pairs[:-1]).any(axis=1)][: len(pairs)])
    ends = [*starts[1:].tolist(), len(said)]
    return [
        (user, item, said[start:end])
        for (user, item), start, end in zip(pairs[starts].tolist(), starts.tolist(), ends, strict=False)
    ]


def items_of_training_first(dataset: Dataset) -> npt.NDArray[np.int64]:
    """Return int64 [items], all items in Cornac's order."""
    taken = np.bincount(dataset.interactions.item, minlength=len(dataset.items))
    return np.argsort(taken == 0, kind="stable")


class CornacModel(Recommender):
    """A model of Cornac. It has learned the scores of everybody whom it knows; a newcomer is recommended nothing."""

    @abstractmethod
    def new_model(self, settings: dict[str, Any]) -> Any:
        """Return Cornac's model, not fitted.

        Args:
            settings: ``verbose``, ``seed`` and those that were given.
        """

    def modalities(self, dataset: Dataset, train: Any, order: npt.NDArray[np.int64]) -> dict[str, Any]:  # noqa: ARG002
        """Return what Cornac's model learns from beside interactions.

        Args:
            dataset: what may be seen.
            train: its interactions, as Cornac holds them.
            order: int64 [items], the items in Cornac's order.
        """
        return {}

    @override
    def learn(self, dataset: Dataset, context: FitContext) -> dict[str, float]:
        from cornac.data import Dataset as CornacDataset

        taken, order = dataset.interactions, items_of_training_first(dataset)
        users = {user: user for user in range(len(dataset.users))}
        items = {item: place for place, item in enumerate(order[: len(np.unique(taken.item))].tolist())}
        rows = zip(taken.user.tolist(), taken.item.tolist(), taken.rating.tolist(), strict=True)
        train = CornacDataset.build(rows, global_uid_map=users, global_iid_map=items, seed=self.config.seed)
        train.add_modalities(**self.modalities(dataset, train, order))
        items.update((item, place) for place, item in enumerate(order.tolist()))  # those that training lacks, too
        given = self.config.model_dump(exclude_none=True, exclude={"profile"})
        with contextlib.redirect_stdout(io.StringIO()), torch.random.fork_rng(devices=[]):
            model = self.new_model({"verbose": False, **given}).fit(train)
        self._scores = np.empty((len(users), len(order)), dtype=np.float32)
        for user in users:
            self._scores[user, order] = model.rank(user, np.arange(len(order)))[1]
        context.progress("training", 1, 1)
        return {}

    @override
    def score(self, profiles: Profiles, items: torch.Tensor | None = None) -> torch.Tensor:
        scores = torch.from_numpy(self._scores[np.maximum(profiles.known, 0)])
        return scores if items is None else scores.gather(1, items)

    @override
    def count_inputs(self, profiles: Profiles) -> npt.NDArray[np.int64]:
        return np.where(profiles.known >= 0, profiles.items.counts, 0).astype(np.int64)

    @override
    def arrays(self) -> dict[str, npt.NDArray[Any]]:
        return {"scores": self._scores}

    @override
    def restore(self, arrays: Mapping[str, npt.NDArray[Any]]) -> None:
        self._scores = np.asarray(arrays["scores"], dtype=np.float32)


class VBPRSettings(ModelConfig):
    """Settings of VBPR.

    Attributes:
        profile: how mentions become the features of an item, as in graphrec's models; not one of Cornac's.
        k: length of the vectors of users and items.
        k2: length of the vectors of features.
        n_epochs: passes over the training data.
    """

    profile: Literal["paper", "tfidf"] = "paper"
    k: int | None = None
    k2: int | None = None
    n_epochs: int | None = None


class CornacVBPR(CornacModel):
    """Cornac's VBPR; what reviews mention of an item stands in the place of its picture."""

    name: ClassVar[str] = "cornac-vbpr"
    Config: ClassVar[type[ModelConfig]] = VBPRSettings

    @override
    def new_model(self, settings: dict[str, Any]) -> Any:
        from cornac.models import VBPR

        return VBPR(**settings)

    @override
    def modalities(self, dataset: Dataset, train: Any, order: npt.NDArray[np.int64]) -> dict[str, Any]:
        from cornac.data import ImageModality

        values = learned_values(dataset, ReviewConfig.read({"profile": self.config.profile}))
        return {"item_image": ImageModality(features=values.dense("item", training_profiles(dataset)).numpy()[order])}


class NeuMFSettings(ModelConfig):
    """Settings of NeuMF.

    Attributes:
        num_epochs: passes over the training data.
        lr: of Adam.
        reg: weight decay.
    """

    num_epochs: int | None = None
    lr: float | None = None
    reg: float | None = None


class CornacNeuMF(CornacModel):
    """Cornac's NeuMF, on PyTorch."""

    name: ClassVar[str] = "cornac-neumf"
    Config: ClassVar[type[ModelConfig]] = NeuMFSettings

    @override
    def new_model(self, settings: dict[str, Any]) -> Any:
        from cornac.models import NeuMF

        return NeuMF(backend="pytorch", **settings)


class CornacSentimentModel(CornacModel):
    """A model of Cornac that learns from sentiments on features."""

    @override
    def modalities(self, dataset: Dataset, train: Any, order: npt.NDArray[np.int64]) -> dict[str, Any]:
        from cornac.data import SentimentModality

        modality = SentimentModality(data=sentiment_tuples(dataset.mentions))
        return {"sentiment": modality.build(train.uid_map, train.iid_map, train.dok_matrix)}


class EFMSettings(ModelConfig):
    """Settings of EFM.

    Attributes:
        alpha: what features count in a ranking, beside the rating.
        num_most_cared_aspects: features of a user that count.
        max_iter: passes over the training data.
    """

    alpha: float | None = None
    num_most_cared_aspects: int | None = None
    max_iter: int | None = None


class CornacEFM(CornacSentimentModel):
    """Cornac's EFM."""

    name: ClassVar[str] = "cornac-efm"
    Config: ClassVar[type[ModelConfig]] = EFMSettings

    @override
    def new_model(self, settings: dict[str, Any]) -> Any:
        from cornac.models import EFM

        return EFM(**settings)


class MTERSettings(ModelConfig):
    """Settings of MTER.

    Attributes:
        max_iter: steps of the optimiser, of 1,000 pairs of items and 50 numbers of each tensor.
        lr: of AdaGrad.
        lambda_reg: weight of the penalty of large parameters.
    """

    max_iter: int | None = None
    lr: float | None = None
    lambda_reg: float | None = None


class CornacMTER(CornacSentimentModel):
    """Cornac's MTER."""

    name: ClassVar[str] = "cornac-mter"
    Config: ClassVar[type[ModelConfig]] = MTERSettings

    @override
    def new_model(self, settings: dict[str, Any]) -> Any:
        from cornac.models import MTER

        return MTER(**settings)
