"""What holds for the measurements of inputs: effects, held effects, their sums, and exact Shapley values."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import torch

from graphrec.dataset.profiles import profiles_of
from graphrec.explainers.shapley import enumerated_shapley
from graphrec.explaining.input_switching import measured_effects, score_subsets
from graphrec.explaining.selection import choose
from graphrec.testing.switching import some_users

if TYPE_CHECKING:
    from graphrec.dataset.dataset import Dataset
    from graphrec.models.model import Model

MEASURES = ("effect", "held_effect")
FEW = 10
"""Most inputs of users whose Shapley values are enumerated."""


class MeasuresBattery:
    """Assertions on what a model says of its measurements. A measure that it does not list is not tested for sums."""

    def test_held_scores_with_all_inputs_are_the_scores(self, model: Model, dataset: Dataset) -> None:
        """Hold denominators and lengths: with all inputs on, the scores; only a model that normalises has others."""
        profiles, slots = some_users(model, dataset)
        on = slots.filled[:, None, :]
        items = _items(len(profiles))
        whole = model.score(profiles)
        torch.testing.assert_close(model.score_held(profiles, slots, on)[:, 0], whole, atol=1e-5, rtol=1e-5)
        held = model.score_held(profiles, slots, on.float(), items)
        torch.testing.assert_close(held, model.score_with(profiles, slots, on.float(), items), atol=1e-5, rtol=1e-5)
        single = on & ~torch.eye(on.shape[2], dtype=torch.bool)
        held, again = (score(profiles, slots, single) for score in (model.score_held, model.score_with))
        torch.testing.assert_close(model.score_held(profiles, slots, single, items), held.gather(2, _each(items, held)))
        assert ((held - again).abs().max() > 1e-4) == model.normalises, "score_held is for models that normalise"

    def test_held_effects_are_what_scoring_again_measures(self, model: Model, dataset: Dataset) -> None:
        """A held effect is the score less the held score without that input, NaN for what is no input.

        Where nothing is normalised it is the effect.
        """
        aligned, known = model.align(dataset)
        everybody = profiles_of(aligned, known, np.arange(len(dataset.users)))
        profiles = everybody.rows(np.flatnonzero(model.count_inputs(everybody) > 0))
        items = _items(len(profiles))
        scores = model.score(profiles, items)
        evidence = model.evidence(profiles, items)
        width = evidence.labels.shape[1]
        chosen = choose(evidence, evidence.filled, reasons=width, against=width)
        found = model.held_effects(profiles, items, scores, evidence, chosen)
        if model.normalises:
            expected = measured_effects(model, profiles, items, scores, evidence, chosen, held=True)
        else:
            expected = model.effects(profiles, items, scores, evidence, chosen)
        assert chosen.valid.sum() > 20
        torch.testing.assert_close(found[chosen.valid], expected[chosen.valid], atol=2e-5, rtol=1e-4, equal_nan=True)

    def test_what_may_be_added_up_adds_up(self, model: Model, dataset: Dataset) -> None:
        """Switch several inputs off together: for a measure that the model lists, the sum of what each one costs."""
        assert set(model.additive_measures) <= set(MEASURES if model.normalises else MEASURES[:1])
        profiles, slots = some_users(model, dataset)
        users, width = slots.labels.shape
        off = torch.from_numpy(np.random.default_rng(3).random((users, 8, width)) < 0.5) & slots.filled[:, None, :]
        single = torch.eye(width, dtype=torch.bool)[None] & slots.filled[:, None, :]
        kept = slots.filled[:, None, :] & ~torch.cat([single, off], dim=1)
        whole = model.score(profiles)[:, None, :]
        for measure in model.additive_measures:
            score = model.score_held if measure == "held_effect" else model.score_with
            costs = whole - score(profiles, slots, kept)
            sums = torch.bmm(off.float(), costs[:, :width])
            scale = float(costs.abs().max())
            torch.testing.assert_close(costs[:, width:], sums, atol=1e-4 * scale, rtol=1e-4)

    def test_exact_shapley_values_are_those_of_enumeration(self, model: Model, dataset: Dataset) -> None:
        """Compare the closed form, where the model offers one, with all subsets of short histories."""
        aligned, known = model.align(dataset)
        everybody = profiles_of(aligned, known, np.arange(len(dataset.users)))
        items = _items(len(everybody))
        exact = model.exact_shapley(everybody, items)
        assert (exact is not None) == model.has_exact_shapley
        if exact is None:
            return
        slots = model.inputs(everybody)
        assert exact.shape == (*items.shape, slots.labels.shape[1])
        assert exact.dtype == torch.float32
        assert not exact.masked_select(~slots.filled[:, None, :]).any()
        torch.testing.assert_close(exact.sum(dim=2), model.score(everybody, items), atol=1e-5, rtol=1e-5)
        few = np.flatnonzero(model.count_inputs(everybody) <= FEW)
        assert len(few) > 3
        some = everybody.rows(few)
        enumerated = enumerated_shapley(model, some, items[few]).weights
        torch.testing.assert_close(exact[few][:, :, : enumerated.shape[2]], enumerated, atol=1e-5, rtol=1e-5)

    def test_held_scores_in_blocks(self, model: Model, dataset: Dataset) -> None:
        """Score one user at a time: the same as all at once."""
        profiles, slots = some_users(model, dataset)
        kept = slots.filled[:, None, :] & ~torch.eye(slots.labels.shape[1], dtype=torch.bool)
        together = model.score_held(profiles, slots, kept)
        for row in range(len(profiles)):
            one = slice(row, row + 1)
            alone = score_subsets(
                model,
                profiles.rows(np.array([row])),
                slots.rows(one),
                None,
                kept.shape[1],
                lambda _, part, row=row: kept[row, None, part],  # type: ignore[misc]
                held=True,
            )
            torch.testing.assert_close(alone[0], together[row], atol=1e-5, rtol=1e-5)


def _items(users: int) -> torch.Tensor:
    return torch.tensor([[4, 0, 7]]).repeat(users, 1)


def _each(items: torch.Tensor, scores: torch.Tensor) -> torch.Tensor:
    """Return the items [B, k] as an index into scores [B, M, items], [B, M, k]."""
    return items[:, None, :].expand(-1, scores.shape[1], -1)
