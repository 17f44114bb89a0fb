"""Shift@n: the fall of recall@10 when evidence is removed from the input and the model recommends again.

Source: Liu et al., "Explainable Recommender Systems via Resolving Learning Representations", CIKM 2020, section 5.4.1:
shift = (recall − recall′) / recall, both means over users. The paper computes the importance of evidence "for each
user–item pair (u, t)" and removes it "from the original input", and leaves open of which of a user's ten pairs. Here:

* ``hit``, the default: the evidence of each recommended test item t in turn, and recall′ counts those t that are still
  among the ten when theirs is gone. Every pair is judged by its own explanation, and each explanation of use counts.
* ``list``: the evidence of the whole list, its weights summed over the ten, removed once for each user; recall′ is that
  of the new list, which may hold test items that the old one did not.

What is removed from the input is still the user's and is not recommended back. Who has no input left is recommended
nothing. Users without held-out items are left out.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal, NamedTuple

import numpy as np
import torch
from scipy import stats

from graphrec.evaluation.explanations.bands import CONFIDENCE, Band, json_value
from graphrec.evaluation.explanations.masks import without_top
from graphrec.evaluation.explanations.orders import chances_of, order_of_weights
from graphrec.evaluation.explanations.pair_scores import candidates_of, standings_of_pairs
from graphrec.explaining.input_switching import score_subsets
from graphrec.rankings.top_items import top_items

if TYPE_CHECKING:
    import numpy.typing as npt

    from graphrec.dataset.incidence import Incidence
    from graphrec.dataset.profiles import Profiles
    from graphrec.explaining.evidence import Slots
    from graphrec.explaining.explainer import Explainer
    from graphrec.models.model import Model


@dataclass(frozen=True, eq=False)
class Shift:
    """Recall of B users before and after the top n of the evidence is removed, for N values of n.

    Attributes:
        removed: n.
        before: float64 [B], recall@k; NaN for users without held-out items.
        after: float64 [B, N], recall′@k.
    """

    removed: tuple[int, ...]
    before: npt.NDArray[np.float64]
    after: npt.NDArray[np.float64]

    @property
    def shift(self) -> Band:
        """(recall − recall′) / recall of the means over users, [N].

        The interval is Student's on what each user adds to the ratio (linearised, Cochran, "Sampling Techniques",
        1977, equation 6.13). NaN where nobody is recommended a held-out item.
        """
        has_value = ~np.isnan(self.before)
        before, after = self.before[has_value], self.after[has_value]
        count, total = len(before), before.sum()
        if not total:
            nothing = np.full(len(self.removed), np.nan)
            return Band(nothing, nothing, nothing, np.full(len(self.removed), count))
        lost = before[:, None] - after
        mean = lost.sum(axis=0) / total
        error = np.sqrt(((lost - mean * before[:, None]) ** 2).sum(axis=0) * count / max(count - 1, 1)) / total
        half = stats.t.ppf((1 + CONFIDENCE) / 2, max(count - 1, 1)) * (error if count > 1 else np.nan)
        return Band(mean, mean - half, mean + half, np.full(len(self.removed), count))

    def to_dict(self) -> dict[str, Any]:
        """Return plain numbers and lists for JSON; null for NaN."""
        has_value = ~np.isnan(self.before)
        recall = self.before[has_value].mean() if has_value.any() else np.nan
        return {"removed": list(self.removed), "recall": json_value(recall), "shift": self.shift.to_dict()}


class ListTask(NamedTuple):
    """Users to make lists for, and what counts as a hit.

    Attributes:
        profiles: of B users.
        held_out: B × items, what recall counts.
        taken: B × items, what is not recommended.
    """

    profiles: Profiles
    held_out: Incidence
    taken: Incidence

    def rows(self, rows: npt.NDArray[Any]) -> ListTask:
        """Return the task of some users."""
        return ListTask(self.profiles.rows(rows), self.held_out.rows(rows), self.taken.rows(rows))


def shift(
    model: Model,
    explainer: Explainer,
    task: ListTask,
    removed: tuple[int, ...] = (1, 2, 3),
    *,
    k: int = 10,
    of: Literal["hit", "list"] = "hit",
    seed: int = 0,
) -> Shift:
    """Measure a batch of users.

    Args:
        model: fitted.
        explainer: whose evidence is removed.
        task: who is asked.
        removed: how much of it, n.
        k: items recommended.
        of: whose evidence, see the module.
        seed: of ties in the evidence.
    """
    relevant = task.held_out.counts
    items = _recommended(model.score(task.profiles), task, k)
    hit = _hits(items, task.held_out)
    removal = _Removal(model, explainer, task, removed, seed)
    after = removal.of_hits(items, hit) if of == "hit" else removal.of_list(items, hit)
    share = np.where(relevant > 0, relevant, np.nan)
    return Shift(removed, hit.sum(axis=1) / share, after / share[:, None])


@dataclass(frozen=True, eq=False)
class _Removal:
    """Whose evidence is removed, and how much of it; arguments as for ``shift``."""

    model: Model
    explainer: Explainer
    task: ListTask
    removed: tuple[int, ...]
    seed: int

    def of_hits(self, items: npt.NDArray[np.int64], hit: npt.NDArray[np.bool_]) -> npt.NDArray[np.float64]:
        """Return how many hits of each user survive the removal of their own evidence, [B, N]."""
        user, place = np.nonzero(hit)
        if not len(user):
            return np.zeros((len(items), len(self.removed)))
        own = self.task.rows(user)
        target = torch.from_numpy(items[user, place])[:, None]
        evidence = self.explainer.weigh(self.model, own.profiles, target)
        chances = chances_of(own.profiles, evidence, target, seed=self.seed)
        order = order_of_weights(evidence.weights, evidence.filled, chances)
        sizes = torch.tensor(self.removed)[None, None, :].expand(len(user), 1, -1)
        kept = without_top(order, evidence.filled, sizes)
        _, ranks = standings_of_pairs(self.model, own.profiles, evidence, kept, target, candidates_of(own.taken))
        still = ((ranks <= items.shape[1]) & kept.any(dim=3))[:, 0].numpy()
        left = np.zeros((len(items), len(self.removed)))
        np.add.at(left, user, still)
        return left

    def of_list(self, items: npt.NDArray[np.int64], hit: npt.NDArray[np.bool_]) -> npt.NDArray[np.float64]:
        """Return how many hits the new list of each user has, [B, N]."""
        left = np.zeros((len(hit), len(self.removed)))
        profiles, listed = self.task.profiles, torch.from_numpy(items)
        evidence = self.explainer.weigh(self.model, profiles, listed.clamp(min=0))
        whole = evidence.weights.masked_fill((listed < 0)[:, :, None], 0.0).sum(dim=1, keepdim=True)
        everything = torch.zeros((len(items), 1), dtype=torch.int64)
        order = order_of_weights(whole, evidence.filled, chances_of(profiles, evidence, everything, seed=self.seed))
        for column, size in enumerate(self.removed):
            sizes = torch.full((len(items), 1, 1), size)
            kept = without_top(order, evidence.filled, sizes)[:, 0]
            scores = _scores(self.model, profiles, evidence, kept)
            scores[~kept.any(dim=2)[:, 0]] = float("-inf")
            left[:, column] = _hits(_recommended(scores, self.task, items.shape[1]), self.task.held_out).sum(axis=1)
        return left


def _scores(model: Model, profiles: Profiles, slots: Slots, kept: torch.Tensor) -> torch.Tensor:
    """Return the scores of the catalogue with what is kept [B, 1, n], float32 [B, items]."""
    return score_subsets(model, profiles, slots, None, 1, lambda rows, _: kept[rows])[:, 0]


def _recommended(scores: torch.Tensor, task: ListTask, k: int) -> npt.NDArray[np.int64]:
    allowed = np.ones(scores.shape[1], dtype=np.bool_)
    return top_items(scores.numpy(), task.taken, allowed, k)[0]


def _hits(items: npt.NDArray[np.int64], held_out: Incidence) -> npt.NDArray[np.bool_]:
    """Return whether each recommended item [B, k] is held out for its user."""
    rows = np.repeat(np.arange(len(items)), items.shape[1])
    return held_out.has(rows, np.maximum(items, 0).ravel()).reshape(items.shape) & (items >= 0)
