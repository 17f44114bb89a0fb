"""Models made of several networks that are trained apart and scored together."""

from __future__ import annotations

from abc import abstractmethod
from typing import TYPE_CHECKING, Any

import numpy as np
from typing_extensions import override

from graphrec.dataset.profiles import profiles_of
from graphrec.errors import UsageError
from graphrec.models.gradient_fit import training_metrics
from graphrec.models.model import Model
from graphrec.models.training import identity_of, train
from graphrec.models.validation import validation_value

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    import numpy.typing as npt
    from typing_extensions import Self

    from graphrec.dataset.dataset import Dataset
    from graphrec.dataset.incidence import Incidence
    from graphrec.models.checkpoint import State
    from graphrec.models.recommender import FitContext
    from graphrec.models.training import TrainingTask


def seed_of_member(seed: int, member: int) -> int:
    """Return the seed of a member; the first one's is the model's own, so that one member is the plain model."""
    return seed if not member else int(np.random.SeedSequence([seed, member]).generate_state(1, np.uint64)[0] >> 1)


class Ensemble(Model):
    """A model whose scores and weights are the means of those of ``config.members`` networks of different seeds."""

    @override
    def learn(self, dataset: Dataset, context: FitContext) -> dict[str, float]:
        configs = self.member_configs()
        fits = [
            self._fit_member(member, config, dataset, context, alone=len(configs) == 1)
            for member, config in enumerate(configs)
        ]
        self.restore(self.joined([arrays for arrays, _, _ in fits]))
        metrics = training_metrics([state for _, state, _ in fits], fits[0][2])
        together = self._validated(context.fold_in or dataset, context.validation)
        if together is not None:
            metrics[f"validation_{self.config.metric}"] = together
        return metrics

    @classmethod
    def mean_of(cls, models: Sequence[Self]) -> Self:
        """Return the model whose scores and weights are the means of those of fitted models.

        Args:
            models: fitted on the same data with the same settings but for the seed.

        Raises:
            UsageError: they are numbered differently, or their settings differ in more than the seed.
        """
        first = models[0]
        alike = [model.config.model_copy(update={"seed": first.config.seed}) == first.config for model in models]
        if not all(alike) or any(not model.record.items.ids.equals(first.record.items.ids) for model in models):
            raise UsageError(
                "these models have no mean: their settings or their items differ",
                remedy="Fit them on the same data, with settings that differ by the seed alone",
            )
        mean = cls(first.config.model_copy(update={"members": first.config.members * len(models)}))
        mean.restore(cls.joined([model.arrays() for model in models]))
        mean.record = first.record
        return mean

    def _fit_member(
        self, member: int, config: Any, dataset: Dataset, context: FitContext, *, alone: bool
    ) -> tuple[dict[str, npt.NDArray[Any]], State, float | None]:
        """Train one network; return its arrays, the state of its training, and the loss that no knowledge has."""
        task = self.training_task(config, dataset, context)
        checkpoint = context.checkpoint
        state = train(
            task,
            config,
            identity={**identity_of(self, dataset, context.validation, context.fold_in), "member": member},
            checkpoint=checkpoint / f"member-{member}" if checkpoint and not alone else checkpoint,
            progress=context.progress,
        )
        return self.arrays_of(task), state, task.loss_without_knowledge()

    def _validated(self, dataset: Dataset, validation: Incidence | None) -> float | None:
        """Return the validation value of all members together."""
        everyone = np.arange(len(dataset.users), dtype=np.int32)

        def score(users: npt.NDArray[np.int64]) -> npt.NDArray[np.float32]:
            scores: npt.NDArray[np.float32] = self.score(profiles_of(dataset, everyone, users)).numpy()
            return scores

        return validation_value(self.config.metric, lambda: score, dataset.taken, validation)

    def member_configs(self) -> list[Any]:
        """Return the settings of each network: the model's, with a seed of its own."""
        return [
            self.config.model_copy(update={"seed": seed_of_member(self.config.seed, member)})
            for member in range(self.config.members)
        ]

    # --- what an ensemble implements

    @abstractmethod
    def training_task(self, config: Any, dataset: Dataset, context: FitContext) -> TrainingTask:
        """Return the training task of one member.

        Args:
            config: the model's, with the member's own seed.
            dataset: what is learned from.
            context: with the validation part.
        """

    @abstractmethod
    def arrays_of(self, task: Any) -> dict[str, npt.NDArray[Any]]:
        """Return the arrays of one member, as ``arrays`` does for a model of one."""

    @classmethod
    @abstractmethod
    def joined(cls, parts: Sequence[Mapping[str, npt.NDArray[Any]]]) -> dict[str, npt.NDArray[Any]]:
        """Return the arrays of the model that scores as models of as many members each do on average."""


def numbered(members: Sequence[Mapping[str, npt.NDArray[Any]]]) -> dict[str, npt.NDArray[Any]]:
    """Return the arrays of several members as one dictionary, whose names begin with a member's number and a dot."""
    return {f"{number}.{name}": array for number, arrays in enumerate(members) for name, array in arrays.items()}


def by_member(arrays: Mapping[str, npt.NDArray[Any]]) -> list[dict[str, npt.NDArray[Any]]]:
    """Return the arrays of each member, from what ``numbered`` returned."""
    count = 1 + max(int(name.partition(".")[0]) for name in arrays)
    members: list[dict[str, npt.NDArray[Any]]] = [{} for _ in range(count)]
    for key, array in arrays.items():
        number, _, name = key.partition(".")
        members[int(number)][name] = array
    return members
