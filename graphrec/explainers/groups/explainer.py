"""Groups: joint effects of taken items that have something in common."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

import numpy as np
import torch
from typing_extensions import override

from graphrec.arrays.bounded_blocks import uneven_blocks
from graphrec.errors import UsageError
from graphrec.explainers.groups.config import GroupsConfig
from graphrec.explainers.groups.group_reasons import group_reasons
from graphrec.explainers.groups.grouping import grouping_of
from graphrec.explainers.groups.taken_groups import taken_groups
from graphrec.explainers.removal import SINGLE_INPUT
from graphrec.explaining.explainer import Claim, Explainer, ExplainerConfig
from graphrec.explaining.explanation import Explanation
from graphrec.explaining.joint_effects import joint_effects
from graphrec.explaining.selection import choose_strongest

if TYPE_CHECKING:
    from collections.abc import Sequence

    from typing_extensions import Self

    from graphrec.dataset.dataset import Dataset
    from graphrec.dataset.profiles import Profiles
    from graphrec.explainers.groups.grouping import Grouping
    from graphrec.explainers.groups.taken_groups import TakenGroups
    from graphrec.explaining.evidence import Evidence
    from graphrec.explaining.explainable import Explainable
    from graphrec.explaining.explanation import RecommendedBatch


class Groups(Explainer):
    """The score minus the score without a group of taken items: all horror films, all by one director, these five.

    A group's joint effect is measured by scoring again without all its members (``joint_effects``). It is not the sum
    of their effects: two films by one director stand in for each other. Groups may overlap, so that joint effects of
    several groups are not added up either. Members share the joint effect of their group evenly as their weights.

    A user's group is what the user took of it. It is left out where it has fewer than ``smallest`` or more than
    ``largest`` members, and where it is all that the user took.
    """

    name: ClassVar[str] = "groups"
    Config: ClassVar[type[ExplainerConfig]] = GroupsConfig
    users_at_once: ClassVar[int] = 256

    @override
    def prepare(self, model: Explainable, dataset: Dataset) -> Self:
        self._grouping = grouping_of(self.config, model, model.align(dataset)[0])
        return self

    @property
    def grouping(self) -> Grouping:
        """The groups of the catalogue.

        Raises:
            UsageError: ``prepare`` was not called.
        """
        if not hasattr(self, "_grouping"):
            raise UsageError("the groups have not been gathered", remedy="Call prepare(model, dataset) first")
        return self._grouping

    @override
    def refuse_hiding_all(self, protect: Sequence[str]) -> None:
        if all(kind == "attribute" and named in protect for kind, named in self.config.kinds):
            raise UsageError(
                f"groups are by {', '.join(self.config.by.split(','))} alone, which is protected, so that there would "
                "be no reason to show",
                remedy="Group by something else, or leave it out of what is protected",
            )

    def groups_of(self, profiles: Profiles) -> TakenGroups:
        """Return the groups of B users, by user and then group."""
        return taken_groups(
            profiles.items, self.grouping.items, smallest=self.config.smallest, largest=self.config.largest
        )

    def joint_effects(
        self, model: Explainable, profiles: Profiles, items: torch.Tensor, scores: torch.Tensor, taken: TakenGroups
    ) -> torch.Tensor:
        """Return the joint effect of P groups for the k items of their users, float32 [P, k].

        Args:
            model: fitted.
            profiles: of B users.
            items: int64 [B, k].
            scores: float32 [B, k], of these items.
            taken: groups of these users.
        """
        return joint_effects(model, profiles, items, scores, taken.sets, attributes=self.config.attributes)

    @override
    def weigh(self, model: Explainable, profiles: Profiles, items: torch.Tensor) -> Evidence:
        """Weigh each taken item by its parts of the joint effects of all its groups; other inputs weigh 0."""
        slots = model.inputs(profiles)
        weights = torch.zeros(*items.shape, slots.labels.shape[1])
        per_item = self.grouping.items.counts[profiles.items.indices]
        in_groups = np.bincount(profiles.items.row_of_entry, weights=per_item, minlength=len(profiles)).astype(np.int64)
        for block in uneven_blocks(in_groups * items.shape[1]):
            part = profiles.rows(np.arange(block.start, block.stop))
            weights[block, :, : part.items.counts.max(initial=0)] = self._weights(model, part, items[block])
        return slots.weighed(weights)

    def _weights(self, model: Explainable, profiles: Profiles, items: torch.Tensor) -> torch.Tensor:
        """Return the weights of the taken items of some users, float32 [B, k, most items]."""
        taken = self.groups_of(profiles)
        effects = self.joint_effects(model, profiles, items, model.score(profiles, items), taken)
        parts = effects / torch.from_numpy(taken.sets.sizes)[:, None]
        of_member = taken.sets.members.row_of_entry
        user = taken.sets.users[of_member]
        users, width = len(profiles), int(profiles.items.counts.max(initial=0))
        place = user * width + taken.sets.entries(profiles) - profiles.items.indptr[user]
        sums = torch.zeros(users * width, items.shape[1])
        sums.index_add_(0, torch.from_numpy(place), parts[torch.from_numpy(of_member)])
        return sums.view(users, width, items.shape[1]).transpose(1, 2)

    @override
    def explain(
        self,
        model: Explainable,
        batch: RecommendedBatch,
        *,
        reasons: int,
        against: int = 0,
        protect: Sequence[str] = (),
    ) -> Explanation:
        """Measure all groups, choose among them, and measure each member alone. Arguments as for ``Explainer.explain``.

        Args:
            model: fitted.
            batch: the recommendations.
            reasons: groups for a recommendation, at most, with all their members.
            against: groups against it, at most.
            protect: kinds of attributes after which no shown group is named; they still count in the shares.
        """
        del protect  # ``batch.shown`` says it of each attribute
        taken = self.groups_of(batch.profiles)
        effects = self.joint_effects(model, batch.profiles, batch.named_items, batch.scores, taken)
        users = len(batch.profiles)
        counts = taken.sets.counts(users)
        by_user = torch.zeros(users, int(counts.max(initial=0)), batch.items.shape[1])
        at = torch.from_numpy(taken.sets.users), torch.from_numpy(taken.place(users))
        by_user[at] = effects
        shown = torch.zeros(by_user.shape[:2], dtype=torch.bool)
        shown[at] = torch.from_numpy(self.grouping.may_show(batch.shown)[taken.groups])
        chosen = choose_strongest(by_user.transpose(1, 2).contiguous(), shown, reasons=reasons, against=against)
        evidence, members, sets = group_reasons(taken, effects, chosen, self.grouping)
        return Explanation(evidence, members, *self.measured(model, batch, evidence, members), sets)

    @override
    def claim(self, model: Explainable) -> Claim:
        del model
        config = self.config
        also = {"go": "with what only they carry", "stay": "while their attributes stay"}[config.attributes]
        note = (
            f"Reasons are groups of {config.smallest} to {config.largest} taken items, by {config.by}, switched off "
            f"together, {also}: joint_effect is the group's, a member's weight is its even part; groups overlap, so "
            f"that joint effects must not be added up; {SINGLE_INPUT}"
        )
        return Claim("perturbation", note)
