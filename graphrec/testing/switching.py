"""What holds for scores with inputs switched off or weakened."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pytest
import torch

from graphrec.dataset.incidence import Incidence
from graphrec.dataset.item_sets import ItemSets
from graphrec.dataset.profiles import profiles_of
from graphrec.errors import UsageError
from graphrec.explaining.joint_effects import scores_without_sets
from graphrec.schema.property_graph import EVIDENCE_LABELS

if TYPE_CHECKING:
    from graphrec.dataset.dataset import Dataset
    from graphrec.dataset.profiles import Profiles
    from graphrec.explaining.evidence import Slots
    from graphrec.models.model import Model

STEP = 2e-3
"""Of finite differences."""


class SwitchingBattery:
    """Assertions on the strengths of inputs."""

    def test_strengths_of_0_and_1_are_off_and_on(self, model: Model, dataset: Dataset) -> None:
        """Score with strengths 0 and 1: the very numbers of off and on."""
        profiles, slots = some_users(model, dataset)
        kept = torch.from_numpy(np.random.default_rng(5).random((len(profiles), 7, slots.labels.shape[1])) < 0.6)
        kept &= slots.filled[:, None, :]
        items = torch.tensor([[4, 0, 7]]).repeat(len(profiles), 1)
        for named in (None, items):
            by_switch = model.score_with(profiles, slots, kept, named)
            assert torch.equal(model.score_with(profiles, slots, kept.float(), named), by_switch)
        whole = model.score_with(profiles, slots, slots.filled[:, None, :].float())
        torch.testing.assert_close(whole[:, 0], model.score(profiles), atol=2e-5, rtol=1e-5)
        assert not model.score_with(profiles, slots, torch.zeros(kept.shape)).any()

    def test_items_that_go_are_as_good_as_never_taken(self, model: Model, dataset: Dataset) -> None:
        """Score without the first and the last item of each user, with what only they carry: as of another user.

        Where no item is an input, nothing changes: reviews stay, which profiles do not hold one by one.
        """
        aligned, known = model.align(dataset)
        everybody = profiles_of(aligned, known, np.arange(len(dataset.users)))
        profiles = everybody.rows(np.flatnonzero(everybody.items.counts > 2)[:6])
        taken, n_users = profiles.items, len(profiles)
        ends = np.concatenate([taken.indices[taken.indptr[:-1]], taken.indices[taken.indptr[1:] - 1]])
        sets = ItemSets(
            np.arange(n_users), Incidence.from_pairs(np.tile(np.arange(n_users), 2), ends, (n_users, taken.n_columns))
        )
        found = scores_without_sets(model, profiles, None, sets, attributes="go")
        expected = model.score(profiles.with_inputs(np.arange(n_users), sets.rest(profiles), {}))
        torch.testing.assert_close(found, expected, atol=2e-5, rtol=1e-5)
        has_items = (model.inputs(profiles).labels == EVIDENCE_LABELS.index("Item")).any()
        assert ((found - model.score(profiles)).abs().max() > 1e-6) == has_items

    def test_strengths_out_of_range_are_refused(self, model: Model, dataset: Dataset) -> None:
        """Refuse strengths below 0, above 1, and NaN."""
        profiles, slots = some_users(model, dataset)
        for wrong in (-0.1, 1.5, float("nan")):
            strengths = slots.filled[:, None, :].float()
            strengths[0, 0, 0] = wrong
            with pytest.raises(UsageError, match="the strength of an input is"):
                model.score_with(profiles, slots, strengths)

    def test_a_strength_between_0_and_1_lies_between_or_is_refused(self, model: Model, dataset: Dataset) -> None:
        """Half is neither on nor off; where nothing jumps, nearly on scores nearly as on."""
        profiles, slots = some_users(model, dataset)
        on = slots.filled[:, None, :].float().repeat(1, 4, 1)
        on[:, 1, 0] = 1 - 1e-6
        on[:, 2, 0] = 0.5
        on[:, 3, 0] = 0
        try:
            scores = model.score_with(profiles, slots, on)
        except UsageError as refusal:
            assert f"{model.name} has inputs that are on or off" in str(refusal)  # noqa: PT017 - either is right
            assert not model.differentiable
            return
        if model.differentiable:
            torch.testing.assert_close(scores[:, 1], scores[:, 0], atol=1e-4, rtol=1e-4)
        for setting in (0, 3):
            assert (scores[:, 2] - scores[:, setting]).abs().max() > 1e-6
        items = torch.tensor([[4, 0, 7]]).repeat(len(profiles), 1)
        named = model.score_with(profiles, slots, on, items)
        torch.testing.assert_close(named, scores[:, :, [4, 0, 7]], atol=2e-5, rtol=1e-5)

    @pytest.mark.parametrize("named", [True, False])
    def test_gradients_are_those_of_finite_differences(self, model: Model, dataset: Dataset, named: bool) -> None:
        """Compare gradients with finite differences, where the model is differentiable."""
        profiles, slots = some_users(model, dataset)
        draw = np.random.default_rng(11)
        shape = (len(profiles), 2, slots.labels.shape[1])
        filled = slots.filled[:, None, :].numpy()
        start, towards = (
            torch.from_numpy((draw.uniform(low, high, shape) * filled).astype(np.float32))
            for low, high in ((0.3, 0.9), (-1, 1))
        )
        items = torch.tensor([[4, 0, 7]]).repeat(len(profiles), 1) if named else None
        strengths = start.clone().requires_grad_(True)
        if not model.differentiable:
            with pytest.raises(UsageError, match="cannot be differentiated"):
                model.score_with(profiles, slots, strengths, items)
            return
        scores = model.score_with(profiles, slots, strengths, items)
        mixing = torch.from_numpy(draw.standard_normal(scores.shape).astype(np.float32))
        (gradient,) = torch.autograd.grad((scores * mixing).sum(), strengths)
        assert torch.isfinite(gradient).all()
        with torch.no_grad():
            ahead, here, behind = (
                (model.score_with(profiles, slots, start + side * STEP * towards, items) * mixing)
                .double()
                .sum(dim=(1, 2))
                for side in (1, 0, -1)
            )
        sides = torch.stack([(ahead - here) / STEP, (here - behind) / STEP])
        slopes = (gradient * towards).double().sum(dim=(1, 2))
        largest = float(sides.abs().max())
        assert largest > 1e-3
        # a ReLU may bend within the step: the slope is then between those of both sides
        outside = (sides.amin(dim=0) - slopes).clamp(min=0) + (slopes - sides.amax(dim=0)).clamp(min=0)
        assert (outside <= 4e-3 * largest + 4e-3 * sides.abs().amin(dim=0)).all()


def some_users(model: Model, dataset: Dataset) -> tuple[Profiles, Slots]:
    """Return six users with two inputs or more, and their inputs."""
    aligned, known = model.align(dataset)
    everybody = profiles_of(aligned, known, np.arange(len(dataset.users)))
    profiles = everybody.rows(np.flatnonzero(model.count_inputs(everybody) > 1)[:6])
    return profiles, model.inputs(profiles)
