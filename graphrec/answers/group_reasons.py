"""Groups of inputs that were switched off together, as a reader sees them: one line for each group."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

    from graphrec.answers.answer import Answer, Node, Reason


@dataclass(frozen=True)
class GroupReason:
    """A group with what was measured of it as a whole, and of its members one by one.

    Attributes:
        name: what the members have in common, such as ``genre Horror``.
        members: its reasons, one for each member.
        joint_effect: score before minus score without all members.
        sum_of_effects: of the members, each switched off alone; None where one of them was not measured.
    """

    name: str
    members: tuple[Reason, ...]
    joint_effect: float
    sum_of_effects: float | None

    @property
    def share(self) -> float:
        """Its part of the joint effects of all groups that were asked, signed."""
        return sum(member.share for member in self.members)

    @property
    def supports(self) -> bool:
        """Whether the score falls without it."""
        return self.joint_effect > 0

    @property
    def says_more(self) -> bool:
        """Whether the group moves the score further than its members do one by one."""
        return self.sum_of_effects is not None and abs(self.joint_effect) > abs(self.sum_of_effects)


def group_reasons(why: Answer) -> tuple[GroupReason, ...]:
    """Return the groups of a recommendation, supporting ones first; of these, those that say more than their members.

    Args:
        why: a recommendation with its reasons; only sets that have a name are groups.
    """
    effects = {reason.evidence: reason.effect for reason in why.reasons if reason.effect is not None}
    of_set: dict[tuple[str, int], list[Reason]] = {}
    for reason in why.reasons:
        if reason.is_grouped:
            of_set.setdefault((reason.method, reason.set), []).append(reason)
    groups = [_group(tuple(reasons), effects) for reasons in of_set.values()]
    return tuple(sorted(groups, key=lambda one: (not one.supports, not one.says_more, -abs(one.joint_effect))))


def _group(members: tuple[Reason, ...], effects: Mapping[Node, float]) -> GroupReason:
    alone = [effects.get(member.evidence) for member in members]
    measured = [effect for effect in alone if effect is not None]
    whole = sum(measured) if len(measured) == len(members) else None
    first = members[0]
    return GroupReason(first.set_name or "", members, first.joint_effect or 0.0, whole)
