"""What a model loses when dimensions of its components are pruned at one threshold or another.

Source: InDGRM, 6.2.4, Tables 10 and 11. A fit is pruned as it scores; nothing is learned anew.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol, runtime_checkable

from graphrec.errors import UsageError
from graphrec.evaluation.evaluating import evaluate

if TYPE_CHECKING:
    from collections.abc import Sequence

    import numpy as np
    import numpy.typing as npt
    from typing_extensions import Self

    from graphrec.dataset.splitting import SplitData
    from graphrec.models.recommender import Recommender
    from graphrec.rankings.candidates import Candidates


@runtime_checkable
class Prunable(Protocol):
    """What a model offers whose components keep dimensions of their own."""

    def pruned(self, below: float, *, relative: bool = True) -> Self:
        """Return the same fit without the dimensions of each component whose variance is below a threshold.

        Args:
            below: the threshold; 0 keeps all.
            relative: whether it is a share of the component's mean variance, else a variance.
        """

    def dimensions(self) -> list[int]:
        """Return how many dimensions each component keeps."""


@dataclass(frozen=True)
class Threshold:
    """Where dimensions are pruned.

    Attributes:
        below: dimensions with a smaller variance are.
        relative: whether that is a share of the component's mean variance, else a variance.
    """

    below: float
    relative: bool = True


@dataclass(frozen=True, eq=False)
class Pruned:
    """A fit at one threshold.

    Attributes:
        dimensions: that each component keeps.
        users: int64 [cases], positions in the data.
        values: float64 [cases], the metric of every ranking.
    """

    dimensions: tuple[int, ...]
    users: npt.NDArray[np.int64]
    values: npt.NDArray[np.float64]


def prune(
    model: Recommender,
    data: SplitData,
    thresholds: Sequence[Threshold],
    metric: str,
    *,
    candidates: Candidates | None = None,
) -> list[Pruned]:
    """Return what a fit reaches on the test part of its split at each threshold.

    Args:
        model: fitted, with components that can be pruned.
        data: a data set that a split has cut.
        thresholds: where to prune.
        metric: such as ``ndcg@10``.
        candidates: what is ranked; everything if left out.

    Raises:
        UsageError: the model has no such components.
    """
    if not isinstance(model, Prunable):
        raise UsageError(
            f"{model.name} has no components whose dimensions could be pruned",
            remedy="Name a row whose model has some, such as indgrm",
        )
    found = []
    for threshold in thresholds:
        one = model.pruned(threshold.below, relative=threshold.relative)
        evaluation = evaluate(one, data, metric, candidates=candidates)
        found.append(Pruned(tuple(one.dimensions()), evaluation.users, evaluation.of(metric)))
    return found
