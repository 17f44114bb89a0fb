"""The base of everything that scores items for users, with or without explanations.

The base class owns ids, validation of inputs and the record of a fit; ``graphrec.models.saving`` owns folders,
``graphrec.recommendation`` filtering, ranking and batching.
"""

from __future__ import annotations

import logging
import math
import time
from abc import ABC, abstractmethod
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, ClassVar

import numpy as np

from graphrec.dataset.kinds import NODES
from graphrec.dataset.node_ids import NodeIds
from graphrec.dataset.profiles import profiles_of
from graphrec.dataset.visible_reviews import VisibleReviews
from graphrec.errors import ModelError, UsageError
from graphrec.models.config import ModelConfig
from graphrec.progress import no_progress
from graphrec.training_warnings import LEAKING, training_warnings

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    import numpy.typing as npt
    import torch
    from typing_extensions import Self

    from graphrec.dataset.dataset import Dataset
    from graphrec.dataset.incidence import Incidence
    from graphrec.dataset.profiles import Profiles
    from graphrec.progress import Progress
    from graphrec.training_warnings import Warned

_LOG = logging.getLogger(__name__)

USING_DISLIKES = ("car", "cer", "cnr", "ease", "elsa", "item-item", "nar", "ncf", "vbpr")
"""Names of the models that come with graphrec and use explicit dislikes: those that say so (``uses_dislikes``)."""


@dataclass(frozen=True)
class FitContext:
    """The inputs of a fit beside the data.

    Attributes:
        validation: users × items held out, for early stopping; None to train for all epochs.
        checkpoint: folder for checkpoints to resume from; None to keep none.
        progress: told how far training has come.
        fold_in: the users' input at validation, where training may not see all of it; None where
            it is what is learned from.
    """

    validation: Incidence | None = None
    checkpoint: Path | None = None
    progress: Progress = no_progress
    fold_in: Dataset | None = None


@dataclass(frozen=True, eq=False)
class FitRecord(NodeIds):
    """The record of a fit.

    Attributes:
        nodes: the numbering inside, by label; of users the ids alone, of other nodes what telling reasons needs.
        data: fingerprint of the data.
        split: fingerprint of the split, or ``none``.
        positive_if: which interactions were positive.
        negative_if: which were explicit dislikes; empty where none were offered.
        visible: which mentions of features the split left to learn from; who asks later sees the same.
        interactions: how many the data had; None of fits from before 0.8.
        metrics: what was measured, such as ``validation_recall@50`` and ``seconds``; finite numbers alone, so that what
            could not be measured is absent.
        versions: of graphrec and what it stands on.
    """

    data: str
    split: str
    positive_if: str
    metrics: Mapping[str, float] = field(default_factory=dict)
    versions: Mapping[str, str] = field(default_factory=dict)
    visible: VisibleReviews = field(default_factory=VisibleReviews)
    interactions: int | None = None
    negative_if: str = ""

    @property
    def warnings(self) -> tuple[Warned, ...]:
        """What the metrics say against the fit: that it is leaking, learned nothing, or is not better than popularity.

        Empty where it is better, and where nothing was measured that could tell.
        """
        return training_warnings(self.metrics)


class Recommender(ABC):
    """A model that learns from a data set and scores all items for any user.

    A recommender that can also say why is a ``graphrec.models.model.Model``. Subclasses implement ``learn``, ``score``,
    ``count_inputs``, ``arrays`` and ``restore`` on arrays in their own numbering.

    Args:
        config: validated settings; or give them by name.

    Attributes:
        name: registered name.
        Config: type of the settings.
        learns_from_entities: whether the model is made for a knowledge graph; ``data_note`` says where there was none.
        uses_dislikes: whether the model learns from explicit dislikes, or scores by them (``Dataset.negatives``);
            ``fit`` refuses data that offers them to one that does not.
        most_items: items that the model can hold, for one with a dense matrix of items × items; ``fit`` refuses a
            larger catalogue. None for a model whose memory grows with the items, not with their square.
    """

    name: ClassVar[str]
    Config: ClassVar[type[ModelConfig]] = ModelConfig
    learns_from_entities: ClassVar[bool] = False
    uses_dislikes: ClassVar[bool] = False
    most_items: ClassVar[int | None] = None

    def __init__(self, config: ModelConfig | None = None, **settings: Any) -> None:
        self.config: Any = self.Config.from_arguments(config, settings, type(self).__name__)
        self._record: FitRecord | None = None

    def __repr__(self) -> str:
        defaults = type(self.config).model_fields
        settings = ", ".join(
            f"{name}={value!r}" for name, value in self.config if name in defaults and value != defaults[name].default
        )
        return f"{type(self).__name__}({settings})" + ("" if self._record else ", not fitted")

    # --- fitting

    def fit(
        self,
        dataset: Dataset,
        *,
        validation: Incidence | None = None,
        fold_in: Dataset | None = None,
        checkpoint: Path | None = None,
        progress: Progress = no_progress,
        compare: bool = True,
    ) -> Self:
        """Learn from a data set, forgetting whatever was learned before; warn in the log of what learned nothing.

        Args:
            dataset: what may be seen; ``dataset.positives`` is learned from.
            validation: users × items held out, for early stopping.
            fold_in: the users' input at validation, where training may not see all of it
                (``SplitData.fold_in``); numbered as ``dataset``.
            checkpoint: folder to resume from and to write checkpoints to, where the model is trained in epochs.
            progress: told how far training has come.
            compare: measure the model beside popularity on the validation part; ``False`` saves the scoring of its
                users, 5,000 at most. Without a validation part there is nothing to compare on, and a warning can only
                come from the training loss.

        Raises:
            ModelError: there is nothing to learn from, the model cannot hold data of this size, or training ended in
                weights that are no finite numbers.
            InputError: an interaction is positive and a dislike.
            UsageError: the data offers dislikes, and the model cannot use any.
        """
        from graphrec.dataset.dataset import Dataset
        from graphrec.models.beside_popularity import beside_popularity
        from graphrec.models.versions import versions

        if not isinstance(dataset, Dataset):
            raise UsageError(
                f"a model is fitted on a data set, not on {type(dataset).__name__}",
                remedy="Make one: gr.Dataset.from_pandas(frame, …) or gr.Dataset.from_store(store)",
            )
        if not dataset.positives.n_entries:
            raise ModelError(
                "there is no positive interaction to learn from",
                remedy=f"The data holds {len(dataset.interactions):,} interactions, none with "
                f"{dataset.positive_if.text or 'any value'}",
            )
        self._require_room(len(dataset.items))
        if dataset.negative_if.text:
            self._require_use_of_dislikes(dataset)
        self._record = None
        begun = time.perf_counter()
        metrics = self.learn(dataset, FitContext(validation, checkpoint, progress, fold_in))
        seconds = round(time.perf_counter() - begun, 3)
        metrics |= {LEAKING: 1.0} if dataset.leaking else {}
        self._refuse_not_finite()
        if compare and self.name != "popularity":
            metrics |= beside_popularity(self, dataset, fold_in or dataset, validation)
        self._record = FitRecord(
            nodes={label: ids.with_columns(NODES[label].kept) for label, ids in dataset.nodes.items()},
            data=dataset.fingerprint,
            split=dataset.split,
            positive_if=dataset.positive_if.text,
            metrics={name: value for name, value in {**metrics, "seconds": seconds}.items() if math.isfinite(value)},
            versions=versions(),
            visible=dataset.visible,
            interactions=len(dataset.interactions),
            negative_if=dataset.negative_if.text,
        )
        for warning in self._record.warnings:
            _LOG.warning("%s: %s", self.name, warning.full)
        return self

    def _require_room(self, n_items: int) -> None:
        if self.most_items is not None and n_items > self.most_items:
            raise ModelError(
                f"{self.name} holds a dense matrix of items × items, and {n_items:,} items are too many for it: "
                f"{8 * n_items**2 / 1e9:,.1f} GB",
                remedy=f"It takes at most {self.most_items:,}; train elsa, whose memory grows with the items, "
                "or load fewer items",
            )

    def _require_use_of_dislikes(self, dataset: Dataset) -> None:
        if not self.uses_dislikes:
            raise UsageError(
                f"{self.name} cannot use dislikes, and the data says that {dataset.negative_if.text} is one",
                remedy=f"Leave negative_if out, or train one that can: {', '.join(USING_DISLIKES)}",
            )
        _ = dataset.negatives  # raises where an interaction is positive as well

    def _refuse_not_finite(self) -> None:
        for name, array in self.arrays().items():
            if array.dtype.kind == "f" and not np.isfinite(array).all():
                raise ModelError(
                    f"training ended in weights that are no finite numbers ({name})",
                    remedy="Take a smaller learning_rate, or other settings",
                )

    @property
    def record(self) -> FitRecord:
        """The record of the fit; raises ModelError before there is one."""
        if self._record is None:
            raise ModelError(f"this {self.name} model has not been fitted", remedy="Call fit(dataset) first")
        return self._record

    @record.setter
    def record(self, record: FitRecord) -> None:
        """Take up the record of a fit that is restored."""
        self._record = record

    # --- asking

    @property
    def data_note(self) -> str:
        """What the data lacked that the model is made for, and what it did instead, as a sentence; else empty.

        ``train`` says it, and so do the notes of every run. A fitted model is asked.
        """
        if not self.learns_from_entities or len(self.record.nodes["Entity"]):
            return ""
        return (
            f"The data has no entities, so that {self.name} learned from interactions without a knowledge graph. Load "
            "one, or train resolved or reconet, which take attributes of items."
        )

    def align(self, dataset: Dataset) -> tuple[Dataset, npt.NDArray[np.int32]]:
        """Return a data set in this model's numbering, and for each of its users the row in the training data or −1."""
        record = self.record
        aligned = dataset.aligned({label: ids for label, ids in record.nodes.items() if label != "User"})
        return aligned, record.users.positions(dataset.users.ids)

    def score_users(self, dataset: Dataset, users: str | Sequence[str]) -> npt.NDArray[np.float32]:
        """Return the scores of all items that the model knows, in the order of ``record.items``.

        Args:
            dataset: the data that holds the users' input.
            users: one id, or several.

        Returns:
            float32 [items] for one id, [users, items] for several.

        Raises:
            UnknownIdError: a user that the data set does not have.
        """
        single = isinstance(users, str)
        aligned, known = self.align(dataset)
        positions = dataset.users.require([users] if isinstance(users, str) else list(users))
        scores: npt.NDArray[np.float32] = self.score(profiles_of(aligned, known, positions)).numpy()
        return scores[0] if single else scores

    # --- what a recommender implements

    @abstractmethod
    def learn(self, dataset: Dataset, context: FitContext) -> dict[str, float]:
        """Learn, and return the metrics of the training."""

    @abstractmethod
    def score(self, profiles: Profiles, items: torch.Tensor | None = None) -> torch.Tensor:
        """Score all items for B users, or some items of each.

        Args:
            profiles: of B users.
            items: int64 [B, k], the items to score for each user, none twice or any number of times; None for the
                whole catalogue. The cost grows with k and not with the catalogue, unless the model says otherwise.

        Returns:
            float32 [B, items], or [B, k], on the CPU. A profile without any input gives a row of zeros.
        """

    @abstractmethod
    def count_inputs(self, profiles: Profiles) -> npt.NDArray[np.int64]:
        """Return [B], how many inputs there are for each user; a user without any is recommended nothing."""

    @abstractmethod
    def arrays(self) -> dict[str, npt.NDArray[Any]]:
        """Return all learned arrays."""

    @abstractmethod
    def restore(self, arrays: Mapping[str, npt.NDArray[Any]]) -> None:
        """Restore the model from the result of ``arrays``."""
