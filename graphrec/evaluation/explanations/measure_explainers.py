"""Measure the reasons of any model by any explainers, all on the same pairs, beside Random."""

from __future__ import annotations

from dataclasses import dataclass, fields, replace
from itertools import combinations
from typing import TYPE_CHECKING, Literal

import numpy as np
import torch

from graphrec.errors import UsageError
from graphrec.evaluation.explanations.additivity import additivity
from graphrec.evaluation.explanations.agreement import agreement
from graphrec.evaluation.explanations.cost import cost
from graphrec.evaluation.explanations.fidelity import fidelity
from graphrec.evaluation.explanations.measures import RANDOM, ExplanationMeasures, MethodMeasures
from graphrec.evaluation.explanations.orders import Order, chances_of, order_of_weights
from graphrec.evaluation.explanations.pair_batches import batches, joined
from graphrec.evaluation.explanations.scores_before import scores_before
from graphrec.evaluation.explanations.shift import ListTask, shift
from graphrec.explainers.random_order import RandomOrder
from graphrec.progress import no_progress

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    import numpy.typing as npt

    from graphrec.dataset.incidence import Incidence
    from graphrec.dataset.profiles import Profiles
    from graphrec.evaluation.explanations.agreement import Agreement
    from graphrec.evaluation.explanations.cost import Cost
    from graphrec.evaluation.explanations.fidelity import Fidelity
    from graphrec.evaluation.explanations.pair_batches import PairBatch
    from graphrec.evaluation.explanations.scores_before import ScoresBefore
    from graphrec.explaining.explainer import Explainer
    from graphrec.models.model import Model
    from graphrec.progress import Progress

_TIES = 2**32
"""Added to the seed, so that ties are broken by other chance than Random is made of."""


@dataclass(frozen=True)
class Settings:
    """Settings of the measures.

    Attributes:
        sizes: numbers of reasons that are removed, and kept alone: k of every curve.
        shares: the same as shares of a pair's inputs, rounded up; ERASER's are .01, .05, .1, .2 and .5.
        ranks: rank forms too, which score the whole catalogue for every size of every pair.
        removed: n of shift@n.
        list_length: items of shift's recall.
        shift_of: whose evidence shift removes, ``hit`` or ``list``.
        depth: positions of agreement.
        persistence: p of rank-biased overlap.
        cost_users: users whose explanations are timed; 0 times none.
        seed: of Random and of ties.
    """

    sizes: tuple[int, ...] = tuple(range(1, 11))
    shares: tuple[float, ...] = ()
    ranks: bool = False
    removed: tuple[int, ...] = (1, 2, 3)
    list_length: int = 10
    shift_of: Literal["hit", "list"] = "hit"
    depth: int = 10
    persistence: float = 0.9
    cost_users: int = 0
    seed: int = 0


def measure(
    model: Model,
    explainers: Mapping[str, Explainer | Order],
    profiles: Profiles,
    items: torch.Tensor,
    *,
    taken: Incidence | None = None,
    held_out: Incidence | None = None,
    settings: Settings | None = None,
    progress: Progress = no_progress,
) -> ExplanationMeasures:
    """Measure every method, and Random, on the same pairs, batch by batch.

    A pair whose user has n inputs is measured up to n − 1 reasons, one with R listed reasons up to R; each figure
    says how many users it rests on. The cost grows with methods × pairs × sizes, the memory with a batch.

    Args:
        model: fitted.
        explainers: by name, prepared; or an order of the evidence [users, k, n] over the model's ``inputs`` slots
            of all users, such as reasons that were read back.
        profiles: of the users, in the model's numbering.
        items: int64 [users, k], what is explained; −1 where a user has fewer. The first is the user's best.
        taken: users × items, what is not recommended; else what the model is given.
        held_out: users × items, which shift needs; None measures no shift.
        settings: what is measured.
        progress: told how many users are done.

    Raises:
        UsageError: there is no pair, a method is called ``random``, or sizes make no sense.
    """
    chosen = settings or Settings()
    _refuse(explainers, items, chosen)
    task = _Task(model, profiles, items, profiles.items if taken is None else taken, held_out, chosen)
    methods: dict[str, Explainer | Order] = {**explainers, RANDOM: RandomOrder(seed=chosen.seed)}
    measures: list[_BatchMeasures] = []
    rows: list[npt.NDArray[np.int64]] = []
    done = 0
    for batch in batches(model, profiles, items, subsets=2 * max(len(chosen.sizes), len(chosen.shares))):
        measures.append(_measured(task, batch, methods))
        rows.append(batch.rows)
        done += len(batch.rows)
        progress("measuring reasons", done, len(items))
    whole = {name: _whole([part.methods[name] for part in measures], rows) for name in methods}
    agreements = {
        names: joined([part.agreements[names] for part in measures], rows) for names in measures[0].agreements
    }
    return ExplanationMeasures(
        {name: replace(of, cost=_cost(task, methods[name])) for name, of in whole.items()}, agreements
    )


@dataclass(frozen=True, eq=False)
class _Task:
    """A model with the users and items to measure, and the settings."""

    model: Model
    profiles: Profiles
    items: torch.Tensor
    taken: Incidence
    held_out: Incidence | None
    settings: Settings


@dataclass(frozen=True, eq=False)
class _BatchMeasures:
    """The measures of one batch."""

    methods: dict[str, MethodMeasures]
    agreements: dict[tuple[str, str], Agreement]


def _measured(task: _Task, batch: PairBatch, methods: Mapping[str, Explainer | Order]) -> _BatchMeasures:
    before = scores_before(task.model, batch.profiles, batch.slots, batch.items, task.taken.rows(batch.rows))
    orders, measures = {}, {}
    for name, method in methods.items():
        orders[name], measures[name] = _of_method(task, batch, before, method)
    agreements = {
        (first, second): agreement(
            orders[first], orders[second], depth=task.settings.depth, p=task.settings.persistence
        ).where(before.measured.numpy())
        for first, second in combinations(orders, 2)
    }
    return _BatchMeasures(measures, agreements)


def _of_method(
    task: _Task, batch: PairBatch, before: ScoresBefore, method: Explainer | Order
) -> tuple[Order, MethodMeasures]:
    settings, model, slots = task.settings, task.model, batch.slots
    sums = moved = None
    if isinstance(method, Order):
        order = _part(method, batch)
    else:
        weights = method.weigh(model, batch.profiles, batch.valid_items).weights
        chances = chances_of(batch.profiles, slots, batch.valid_items, seed=settings.seed + _TIES)
        order = order_of_weights(weights, slots.filled, chances)
        constants = None if model.constants is None else model.constants[batch.valid_items]
        sums = additivity(weights, before, constants)
        if task.held_out is not None:
            moved = shift(
                model,
                method,
                ListTask(batch.profiles, task.held_out.rows(batch.rows), task.taken.rows(batch.rows)),
                settings.removed,
                k=settings.list_length,
                of=settings.shift_of,
                seed=settings.seed + _TIES,
            )

    def curves(sizes: tuple[int, ...] | tuple[float, ...]) -> Fidelity:
        return fidelity(model, batch.profiles, slots, order, before, sizes, ranks=settings.ranks)

    by_share = curves(settings.shares) if settings.shares else None
    return order, MethodMeasures(curves(settings.sizes), by_share, sums, moved)


def _part(order: Order, batch: PairBatch) -> Order:
    """Return an order of all users for those of a batch, whose slots may be fewer."""
    rows = torch.from_numpy(batch.rows)
    return Order(order.ranks[rows, :, : batch.slots.labels.shape[1]], order.lengths[rows])


def _whole(parts: Sequence[MethodMeasures], rows: Sequence[npt.NDArray[np.int64]]) -> MethodMeasures:
    """Return what was measured in batches as one."""
    whole = {
        field.name: joined([getattr(part, field.name) for part in parts], rows)
        for field in fields(parts[0])
        if getattr(parts[0], field.name) is not None
    }
    return MethodMeasures(**whole)


def _cost(task: _Task, method: Explainer | Order) -> Cost | None:
    """Time some users, spread over all that have inputs and as many items as are asked about."""
    whole = (task.items >= 0).all(dim=1).numpy() & (task.model.count_inputs(task.profiles) > 0)
    able, count = np.flatnonzero(whole), task.settings.cost_users
    if isinstance(method, Order) or not count or not len(able):
        return None
    some = able[np.linspace(0, len(able) - 1, min(count, len(able))).astype(np.int64)]
    return cost(task.model, method, task.profiles.rows(some), task.items[some])


def _refuse(explainers: Mapping[str, Explainer | Order], items: torch.Tensor, settings: Settings) -> None:
    if not (items >= 0).any():
        raise UsageError("there is no pair of user and item to measure", remedy="Give at least one")
    if RANDOM in explainers:
        raise UsageError(
            f"a method is called {RANDOM!r}, which is the control's name",
            remedy="Leave it out: Random is always measured",
        )
    if not settings.sizes or min(settings.sizes) < 1:
        raise UsageError(f"{settings.sizes} are no numbers of reasons to remove", remedy="Give one or more, from 1")
    if any(not 0 < share < 1 for share in settings.shares):
        raise UsageError(f"{settings.shares} are no shares of the inputs", remedy="Give numbers between 0 and 1")
