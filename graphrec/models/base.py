"""What every model shares. A model file holds its own arithmetic and nothing else.

The base class owns ids, validation of inputs, the record of a fit, and saving; ``graphrec.recommend`` owns filtering,
ranking and batching; ``graphrec.explain`` owns choosing and ranking reasons; the stores own writing.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, ClassVar

import numpy as np

from graphrec.dataset.profiles import profiles_of
from graphrec.errors import ModelError, UsageError
from graphrec.models.config import ModelConfig
from graphrec.store.base import silent
from graphrec.tables.explanations import joined

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    import numpy.typing as npt
    import torch
    from typing_extensions import Self

    from graphrec.dataset.dataset import Dataset
    from graphrec.dataset.ids import IdMap
    from graphrec.dataset.incidence import Incidence
    from graphrec.dataset.profiles import Profiles
    from graphrec.explain.choose import Chosen
    from graphrec.explain.evidence import Evidence
    from graphrec.store.base import Progress
    from graphrec.tables.explanations import Explanations


@dataclass(frozen=True)
class Fitting:
    """What a model may use while it is fitted, beside the data.

    Attributes:
        validation: users × items held out, for early stopping; None to train for all epochs.
        checkpoint: folder for checkpoints to resume from; None to keep none.
        progress: told how far training has come.
    """

    validation: Incidence | None = None
    checkpoint: Path | None = None
    progress: Progress = silent


@dataclass(frozen=True, eq=False)
class FitRecord:
    """What a fitted model knows of its making.

    Attributes:
        users, items, attributes, entities: the numbering inside.
        data: fingerprint of the data.
        split: fingerprint of the split, or ``none``.
        positive_if: which interactions were positive.
        metrics: what was measured, such as ``validation_recall@50`` and ``seconds``.
        versions: of graphrec and what it stands on.
    """

    users: IdMap
    items: IdMap
    attributes: IdMap
    entities: IdMap
    data: str
    split: str
    positive_if: str
    metrics: Mapping[str, float] = field(default_factory=dict)
    versions: Mapping[str, str] = field(default_factory=dict)


class Model(ABC):
    """A recommender that can say why.

    Subclasses implement the underscored methods on arrays in their own numbering.

    Args:
        config: validated settings; or give them by name.

    Attributes:
        name: registered name.
        Config: type of the settings.
        method: what ``EXPLAINS.method`` says of this model's reasons.
        weight_unit: unit of the weights: score, attention, affiliation or perturbation.
        max_hops: entity hops that a reason's data path may take.
        effect_note: why effects may be null, for ``Run.notes``; empty if they never are.
    """

    name: ClassVar[str]
    Config: ClassVar[type[ModelConfig]] = ModelConfig
    method: ClassVar[str]
    weight_unit: ClassVar[str] = "score"
    max_hops: ClassVar[int] = 1
    effect_note: ClassVar[str] = ""

    def __init__(self, config: ModelConfig | None = None, **settings: Any) -> None:
        if config is not None and settings:
            raise TypeError("give a config or settings by name, not both")
        self.config: Any = config if config is not None else self.Config.read(settings)
        self._record: FitRecord | None = None

    # --- fitting

    def fit(
        self,
        dataset: Dataset,
        *,
        validation: Incidence | None = None,
        checkpoint: Path | None = None,
        progress: Progress = silent,
    ) -> Self:
        """Learn from a data set, forgetting whatever was learned before.

        Args:
            dataset: what may be seen; ``dataset.positives`` is learned from.
            validation: users × items held out, for early stopping.
            checkpoint: folder to resume from and to write checkpoints to, where the model is trained in epochs.
            progress: told how far training has come.

        Raises:
            ModelError: there is nothing to learn from, the model cannot hold data of this size, or training ended in
                weights that are no finite numbers.
        """
        from graphrec.models.versions import versions

        if not dataset.positives.n_entries:
            raise ModelError(
                "there is no positive interaction to learn from",
                remedy=f"The data holds {len(dataset.interactions):,} interactions, none with "
                f"{dataset.positive_if.text or 'any value'}",
            )
        self._record = None
        metrics = self._fit(dataset, Fitting(validation, checkpoint, progress))
        self._refuse_not_finite()
        self._record = FitRecord(
            users=dataset.users,
            items=dataset.items,
            attributes=dataset.attributes,
            entities=dataset.entities,
            data=dataset.fingerprint,
            split=dataset.split,
            positive_if=dataset.positive_if.text,
            metrics=metrics,
            versions=versions(),
        )
        return self

    def _refuse_not_finite(self) -> None:
        for name, array in self._arrays().items():
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

    # --- asking

    def align(self, dataset: Dataset) -> tuple[Dataset, npt.NDArray[np.int32]]:
        """Return a data set in this model's numbering, and for each of its users the row in the training data or −1."""
        record = self.record
        aligned = dataset.aligned(record.items, record.attributes, record.entities)
        return aligned, record.users.positions(dataset.users.ids)

    def score(self, dataset: Dataset, users: str | Sequence[str]) -> npt.NDArray[np.float32]:
        """Return the scores of all items that the model knows, in the order of ``record.items``.

        Args:
            dataset: what is known of the users.
            users: one id, or several.

        Returns:
            float32 [items] for one id, [users, items] for several.

        Raises:
            UnknownIdError: a user that the data set does not have.
        """
        single = isinstance(users, str)
        aligned, known = self.align(dataset)
        positions = dataset.users.require([users] if isinstance(users, str) else list(users))
        scores = self._score(profiles_of(aligned, known, positions)).numpy()
        return scores[0] if single else scores

    def recommend(
        self, dataset: Dataset, users: str | Sequence[str] | None = None, k: int = 10, *, reasons: int = 10
    ) -> Explanations:
        """Return the k best items that each user has not taken, with their reasons, as one pair of tables.

        For a whole catalogue of users, ``graphrec.recommend.batches.recommend`` yields the same batch by batch.

        Args:
            dataset: what is known of the users.
            users: one id, several, or None for all.
            k: items a user.
            reasons: supporting reasons an item, at most.

        Raises:
            UnknownIdError: a user that the data set does not have.
        """
        from graphrec.recommend.batches import recommend
        from graphrec.recommend.request import Request

        asked = (users,) if isinstance(users, str) else users
        request = Request(k=k, reasons=reasons, users=None if asked is None else tuple(asked))
        return joined(recommend(self, dataset, request))

    def explain(
        self,
        dataset: Dataset,
        users: str | Sequence[str],
        items: str | Sequence[str],
        *,
        reasons: int = 10,
        against: int = 0,
    ) -> Explanations:
        """Return the reasons for given pairs of user and item, recommended or not; ``rank`` is 1 throughout.

        Args:
            dataset: what is known of the users.
            users: one id, or one for each item.
            items: one id, or one for each user.
            reasons: supporting reasons a pair, at most.
            against: opposing reasons a pair, at most.

        Raises:
            UnknownIdError: a user or an item that is not known.
            UsageError: as many users as items are needed.
        """
        from graphrec.recommend.batches import explain
        from graphrec.recommend.request import Request

        pairs = [[one] if isinstance(one, str) else list(one) for one in (users, items)]
        if len(pairs[0]) != len(pairs[1]):
            raise UsageError(
                f"{len(pairs[0])} users and {len(pairs[1])} items are no pairs", remedy="Give one item for each user"
            )
        who, what = dataset.users.require(pairs[0]), self.record.items.require(pairs[1])
        request = Request(reasons=reasons, against=against)
        return joined(explain(self, dataset, who, what[:, None].astype(np.int64), request))

    # --- what a model implements

    @abstractmethod
    def _fit(self, dataset: Dataset, fitting: Fitting) -> dict[str, float]:
        """Learn, and return what was measured on the way."""

    @abstractmethod
    def _score(self, profiles: Profiles) -> torch.Tensor:
        """Return float32 [B, items] on the CPU. A profile without any input gives a row of zeros."""

    @abstractmethod
    def _weigh(self, profiles: Profiles, items: torch.Tensor) -> Evidence:
        """Weigh all evidence of B users for k items each.

        Args:
            profiles: of B users, with at least one input each.
            items: int64 [B, k].

        Returns:
            The evidence; a user's taken items fill the first slots in ascending order.
        """

    @abstractmethod
    def _effects(
        self, profiles: Profiles, items: torch.Tensor, scores: torch.Tensor, evidence: Evidence, chosen: Chosen
    ) -> torch.Tensor:
        """Measure the chosen evidence: score before minus score with this input alone switched off.

        Args:
            profiles: of B users.
            items: int64 [B, k].
            scores: float32 [B, k], of these items.
            evidence: as ``_weigh`` returned it.
            chosen: the slots to measure.

        Returns:
            float32 [B, k, R]; NaN where nothing can be removed.
        """

    @abstractmethod
    def _inputs(self, profiles: Profiles) -> npt.NDArray[np.int64]:
        """Return [B], how many inputs the model has for each user; with none it recommends nothing."""

    @abstractmethod
    def _arrays(self) -> dict[str, npt.NDArray[Any]]:
        """Return everything that was learned."""

    @abstractmethod
    def _restore(self, arrays: Mapping[str, npt.NDArray[Any]]) -> None:
        """Take up what ``_arrays`` returned."""
