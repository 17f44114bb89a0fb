"""Shapley values: the gain of score from an input, averaged over all orders of inputs.

Exact, where the model has a closed form (``Explainable.exact_shapley``), and sampled elsewhere. Source: Shapley, "A
Value for n-Person Games", 1953; sampling of orders: Castro, Gómez, Tejada, "Polynomial calculation
of the Shapley value based on sampling", 2009; each order beside its reverse: Mitchell, Cooper, Frank, Holmes, "Sampling
Permutations for Shapley Value Estimation", JMLR 2022, section 2.3.
"""

from __future__ import annotations

from math import factorial
from typing import TYPE_CHECKING, ClassVar

import numpy as np
import torch
from pydantic import Field
from typing_extensions import override

from graphrec.arrays.bounded_blocks import row_blocks
from graphrec.errors import UsageError
from graphrec.explainers.removal import SINGLE_INPUT
from graphrec.explaining.explainer import Claim, Explainer, ExplainerConfig
from graphrec.explaining.input_switching import score_subsets
from graphrec.explaining.seeded_draws import slot_keys, uniform, user_keys

if TYPE_CHECKING:
    from graphrec.dataset.profiles import Profiles
    from graphrec.explaining.evidence import Evidence, Slots
    from graphrec.explaining.explainable import Explainable

MOST_ENUMERATED = 16
"""Most inputs whose 2ⁿ subsets are enumerated."""


class ShapleyConfig(ExplainerConfig):
    """Settings of Shapley values.

    Attributes:
        permutations: orders to average over, an even number: every order comes with its reverse. Scores a user: as
            many, times the user's inputs. A model with a closed form needs none.
    """

    permutations: int = Field(100, ge=2, multiple_of=2, description="orders to average over, an even number")


class Shapley(Explainer):
    """Shapley values; the baseline is the score of the empty set, 0.

    Exact where the model offers a closed form, and then without errors; sampled elsewhere (``sample``). The weights sum
    to the score either way.
    """

    name: ClassVar[str] = "shapley"
    Config: ClassVar[type[ExplainerConfig]] = ShapleyConfig

    @override
    def weigh(self, model: Explainable, profiles: Profiles, items: torch.Tensor) -> Evidence:
        exact = model.exact_shapley(profiles, items)
        return self.sample(model, profiles, items) if exact is None else model.inputs(profiles).weighed(exact)

    def sample(self, model: Explainable, profiles: Profiles, items: torch.Tensor) -> Evidence:
        """Sample the Shapley values of all inputs of B users for k items each, whatever the model offers.

        The weights sum to the score, whatever the number of orders: in each order the additions telescope. The first
        orders of a longer sample are those of a shorter one; all items of a user share them. Errors: ``_errors``.

        Args:
            model: fitted.
            profiles: of B users.
            items: int64 [B, k].

        Returns:
            Weights and errors, float32 [B, k, n] each, in the unit of the score.
        """
        slots = model.inputs(profiles)
        users, width = slots.labels.shape
        weights, errors = torch.zeros(users, items.shape[1], width), torch.zeros(users, items.shape[1], width)
        for rows in row_blocks(users, self.config.permutations * width * (items.shape[1] + 1)):
            block_profiles = profiles.rows(np.arange(users)[rows])
            weights[rows], errors[rows] = self._block(model, block_profiles, slots.rows(rows), items[rows])
        return slots.weighed(weights, errors)

    def _block(
        self, model: Explainable, profiles: Profiles, slots: Slots, items: torch.Tensor
    ) -> tuple[torch.Tensor, torch.Tensor]:
        """Return weights and standard errors of some users; each takes orders × inputs scores."""
        width, orders = slots.labels.shape[1], self.config.permutations
        places = self._places(profiles, slots)

        def on_inputs(rows: slice, part: slice) -> torch.Tensor:
            subset = torch.arange(part.start, part.stop)
            return torch.le(places[rows, subset // width], (subset % width)[None, :, None])

        reached = score_subsets(model, profiles, slots, items, orders * width, on_inputs)
        reached = reached.view(len(items), orders, width, items.shape[1])
        with_it = places.clamp(max=width - 1)[:, :, :, None].expand_as(reached)
        before = torch.cat([reached.new_zeros(len(items), orders, 1, items.shape[1]), reached], dim=2)
        added = reached.gather(2, with_it) - before.gather(2, with_it)
        of_pairs = added.view(len(items), orders // 2, 2, width, items.shape[1]).mean(dim=2).permute(1, 0, 3, 2)
        of_pairs = of_pairs * slots.filled[:, None, :]
        return of_pairs.mean(dim=0), _errors(of_pairs, slots.filled)

    def _places(self, profiles: Profiles, slots: Slots) -> torch.Tensor:
        """Return each input's place in each order, int64 [B, orders, n] from 0; padding comes after all."""
        half = np.arange(self.config.permutations // 2)[None, :, None]
        drawn = uniform(self.config.seed, user_keys(profiles, slots)[:, None, None], half, slot_keys(slots)[:, None, :])
        filled = slots.labels >= 0
        drawn[np.broadcast_to(~filled[:, None, :], drawn.shape)] = 2.0
        forward = torch.from_numpy(drawn).argsort(dim=2).argsort(dim=2)
        last = slots.filled.sum(dim=1)[:, None, None] - 1
        padding = slots.labels.shape[1]
        both = torch.stack([forward, last - forward], dim=2).flatten(1, 2)
        return both.masked_fill(~slots.filled[:, None, :], padding)

    @override
    def claim(self, model: Explainable) -> Claim:
        orders = self.config.permutations
        errors = "standard error beside each" if orders > 2 else "too few for a standard error"
        origin = (
            "exact, in closed form" if model.has_exact_shapley else f"averaged over {orders} sampled orders; {errors}"
        )
        return Claim("score", f"Weights are Shapley values, {origin}; {SINGLE_INPUT}")


def _errors(of_pairs: torch.Tensor, filled: torch.Tensor) -> torch.Tensor:
    """Return the standard errors of the means of pairs: √(s̃² / P), s̃² = (2 P s² + 2 n s̄²) / (2 P + 2 n).

    An order and its reverse depend on each other, pairs of them do not. s² is the variance of an input's additions
    among the P pairs. An input adds most where few are on before it, and comes first once in n orders. As long as 2 P
    orders are fewer than that, most inputs' s² lack what varies most: they would be too small for nearly all, and far
    too large for the rest. So s² is drawn towards its mean s̄² over the n inputs, which has seen every place in every
    order; with many orders it is the input's own.

    Args:
        of_pairs: means of the additions in an order and in its reverse, [P, B, k, n], 0 in padding.
        filled: bool [B, n].

    Returns:
        float32 [B, k, n], 0 in padding; NaN where P is 1.
    """
    pairs = len(of_pairs)
    if pairs < 2:
        return torch.zeros_like(of_pairs[0]).masked_fill(filled[:, None, :], float("nan"))
    inputs = filled.sum(dim=1)[:, None, None]
    own = of_pairs.var(dim=0)
    shared = own.sum(dim=2, keepdim=True) / inputs.clamp(min=1)
    variance = (pairs * own + inputs * shared) / (pairs + inputs)
    return (variance / pairs).sqrt() * filled[:, None, :]


def enumerated_shapley(model: Explainable, profiles: Profiles, items: torch.Tensor) -> Evidence:
    """Return Shapley values of any model from all 2ⁿ subsets, φ_i = Σ_{S∌i} |S|! (n − |S| − 1)! / n! (v(S ∪ i) − v(S)).

    Padding is an input that never adds anything, which changes no other input's value.

    Args:
        model: fitted.
        profiles: of B users, with at most ``MOST_ENUMERATED`` inputs each.
        items: int64 [B, k].

    Raises:
        UsageError: a user has more inputs.
    """
    slots = model.inputs(profiles)
    width = slots.labels.shape[1]
    if width > MOST_ENUMERATED:
        raise UsageError(
            f"a user has {width} inputs, and 2^{width} subsets are too many",
            remedy=f"Subsets of {MOST_ENUMERATED} inputs at most are enumerated; sample them: Shapley(permutations=…)",
        )
    subsets = (torch.arange(2**width)[:, None] >> torch.arange(width)) & 1 == 1
    filled = slots.filled[:, None, :]
    values = score_subsets(model, profiles, slots, items, 2**width, lambda rows, part: subsets[part] & filled[rows])
    size = subsets.sum(dim=1)
    share = torch.tensor([factorial(s) * factorial(width - s - 1) / factorial(width) for s in range(width)])
    weights = torch.zeros(*items.shape, width)
    for slot in range(width):
        without = torch.nonzero(~subsets[:, slot])[:, 0]
        added = values[:, without + 2**slot] - values[:, without]
        weights[:, :, slot] = (added * share[size[without]][None, :, None]).sum(dim=1)
    return slots.weighed(weights)
