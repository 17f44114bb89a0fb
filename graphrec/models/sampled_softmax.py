"""The softmax over a sample of the catalogue: items drawn with known chances, and what corrects for these chances.

The normaliser Σ_t exp(s_t) over the catalogue is replaced by a sum over some items. Those that are wanted are in it for
certain; every other item i is drawn with a chance q_i, and counts exp(s_i − log q_i), so that the sum is right on
average whatever the chances are (Bengio and Senécal, "Adaptive importance sampling to accelerate training of a neural
probabilistic language model", IEEE TNN 2008; for recommenders Yi et al., "Sampling-bias-corrected neural modeling for
large corpus item recommendations", RecSys 2019). Items are drawn without replacement, so that none is computed twice.

All rows of a step share what is drawn. What is wanted may be certain in two ways. All rows share one list, which has
the wanted items of them all (``SampledItems.beside``, and ``draw_beside`` for an exact number of others). Or each row
adds the scores of its own wanted items, which are hidden from it where they were drawn, so that no item counts twice.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import torch

from graphrec.arrays.sorted_keys import among, positions_of
from graphrec.dataset.incidence import Incidence
from graphrec.rankings.free_items import FreeItems

if TYPE_CHECKING:
    import numpy.typing as npt

    from graphrec.models.config import Chances


@dataclass(frozen=True, eq=False)
class SampledItems:
    """Items of a sampled softmax.

    Attributes:
        items: int64 [n], ascending, each once.
        correction: float32 [n], −log of the chance that the item is here; added to its score.
    """

    items: npt.NDArray[np.int64]
    correction: npt.NDArray[np.float32]

    def beside(self, wanted: npt.NDArray[np.int64]) -> SampledItems:
        """Return the wanted items, which are certain, in any order and number, and those here that are others."""
        certain = np.unique(wanted)
        is_other = ~among(certain, self.items)
        items = np.concatenate([certain, self.items[is_other]])
        correction = np.concatenate([np.zeros(len(certain), dtype=np.float32), self.correction[is_other]])
        order = np.argsort(items)
        return SampledItems(items[order], correction[order])

    def places(self, items: npt.NDArray[np.int64]) -> npt.NDArray[np.int64]:
        """Return where each item stands here, int64 [m]; −1 where it does not."""
        return positions_of(self.items, items)

    def among(self, incidence: Incidence) -> Incidence:
        """Return those entries of rows × items that are here, in the numbering of here: rows × n."""
        place = self.places(incidence.indices.astype(np.int64))
        is_here = place >= 0
        shape = (incidence.n_rows, len(self.items))
        return Incidence.from_pairs(incidence.row_of_entry[is_here], place[is_here], shape)


class ItemDraws:
    """Draws of distinct items, each with a chance that is known and above 0.

    In proportion to popularity, the draw is systematic: items lie in a random order on a line, each as long as its
    chance; a comb of teeth at distance 1, shifted at random, takes those it falls on. So an item is drawn with its
    chance exactly, and one that is popular enough always. One is added to the number of takers, so that an item that
    nobody took is pushed down like the others.

    Args:
        positives: users × items.
        count: items of a draw; all items where there are not more.
        chances: of an item to be drawn.
        rng: of the order.
    """

    def __init__(self, positives: Incidence, count: int, chances: Chances, rng: np.random.Generator) -> None:
        self._n_items, self._count = positives.n_columns, min(count, positives.n_columns)
        self._order: npt.NDArray[np.int64] | None = None
        if chances == "popularity":
            takers = np.bincount(positives.indices, minlength=self._n_items)
            of_items = inclusion_chances((1 + takers).astype(np.float64), self._count)
            self._order = rng.permutation(self._n_items)
            self._ends = np.cumsum(of_items[self._order])
            self._correction = -np.log(of_items).astype(np.float32)

    def draw(self, rng: np.random.Generator) -> SampledItems:
        """Return newly drawn items."""
        if self._order is None:
            items = np.sort(rng.choice(self._n_items, self._count, replace=False, shuffle=False))
            return SampledItems(items, np.full(self._count, -np.log(self._count / self._n_items), dtype=np.float32))
        teeth = np.arange(self._count) + rng.random()
        places = np.minimum(np.searchsorted(self._ends, teeth, side="right"), self._n_items - 1)
        items = np.unique(self._order[places])
        return SampledItems(items, self._correction[items])


def inclusion_chances(weights: npt.NDArray[np.float64], count: int) -> npt.NDArray[np.float64]:
    """Return min(1, c · weight) with the c for which the chances sum to ``count``.

    Args:
        weights: float64 [n], above 0.
        count: between 1 and n.
    """
    descending = np.sort(weights)[::-1]
    of_rest = np.cumsum(descending[::-1])[::-1]
    factors = (count - np.arange(count)) / of_rest[:count]
    factor = factors[np.argmax(factors * descending[:count] <= 1.0 + 1e-9)]
    chances: npt.NDArray[np.float64] = np.minimum(1.0, factor * weights)
    return chances


def draw_beside(
    wanted: npt.NDArray[np.int64], population: npt.NDArray[np.int64], count: int, rng: np.random.Generator
) -> SampledItems:
    """Return the wanted items, which are certain, and some of the others, each with the same chance.

    Args:
        wanted: int64, ascending, each once.
        population: int64, ascending, each once; the wanted items among them.
        count: items that are drawn, or all others where there are not more.
        rng: of the draw.
    """
    n_others = len(population) - len(wanted)
    places = positions_of(population, wanted)
    others = FreeItems(Incidence(np.array([0, len(wanted)]), places.astype(np.int32), len(population)))
    numbers = rng.choice(n_others, min(count, n_others), replace=False, shuffle=False)
    drawn = population[others.items(np.zeros_like(numbers), numbers)]
    items = np.concatenate([wanted, drawn])
    correction = np.zeros(len(items), dtype=np.float32)
    if len(drawn):
        correction[len(wanted) :] = -np.log(len(drawn) / n_others)
    order = np.argsort(items)
    return SampledItems(items[order], correction[order])


def grouped_logsumexp(values: torch.Tensor, group: torch.Tensor, n_groups: int) -> torch.Tensor:
    """Return log Σ exp of the values of each group, [groups]; −inf for one without values.

    Args:
        values: float32 [m].
        group: int64 [m].
        n_groups: how many there are.
    """
    lowest = values.new_full((n_groups,), float("-inf"))
    top = lowest.scatter_reduce(0, group, values.detach(), "amax")
    total = torch.zeros_like(lowest).index_add(0, group, (values - top.index_select(0, group)).exp())
    return total.log() + top
