"""How well scores of values know what people state, beside the yardsticks and a control."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from graphrec.planted.stated.ranking import Estimate, auc_by_user, personal
from graphrec.planted.stated.yardsticks import COUNT

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    import numpy.typing as npt
    from typing_extensions import Self


@dataclass(frozen=True)
class TasteScore:
    """How well scores of values rank what people state, as means over users who state likes and dislikes.

    Attributes:
        users: how many they are.
        auc: of liked values against disliked ones.
        over: AUC less that of each yardstick, for the same users, by the yardstick's name.
        control: AUC where each person's items change places; None for a yardstick.
        over_control: AUC less that of the control, for the same users; None for a yardstick.
        personal: AUC of the personal part, which is the score less its mean over people.
        personal_over_count: the same less the AUC of the count's personal part.
    """

    users: int
    auc: Estimate
    over: Mapping[str, Estimate]
    control: Estimate | None
    over_control: Estimate | None
    personal: Estimate
    personal_over_count: Estimate

    @classmethod
    def mean_of(cls, parts: Sequence[TasteScore]) -> Self:
        """Return the mean of the scores of one method on several plantings."""

        def mean(estimates: list[Estimate | None]) -> Estimate | None:
            known = [one for one in estimates if one is not None]
            return Estimate.mean_of(known) if known else None

        return cls(
            users=sum(part.users for part in parts),
            auc=Estimate.mean_of([part.auc for part in parts]),
            over={name: Estimate.mean_of([part.over[name] for part in parts]) for name in parts[0].over},
            control=mean([part.control for part in parts]),
            over_control=mean([part.over_control for part in parts]),
            personal=Estimate.mean_of([part.personal for part in parts]),
            personal_over_count=Estimate.mean_of([part.personal_over_count for part in parts]),
        )


def taste_score(
    stated: npt.NDArray[np.int8],
    by_yardstick: Mapping[str, npt.NDArray[np.float64]],
    scores: npt.NDArray[np.float64],
    control: npt.NDArray[np.float64] | None = None,
) -> TasteScore:
    """Hold scores of values against what people state, beside the yardsticks.

    Args:
        stated: int8 [users, V], 1 liked, −1 disliked, 0 neither.
        by_yardstick: [users, V] each, by name; the plain count among them.
        scores: [users, V].
        control: [users, V], of the control.
    """
    auc, own = auc_by_user(scores, stated), auc_by_user(personal(scores), stated)
    of_count = auc_by_user(personal(by_yardstick[COUNT]), stated)
    of_control = None if control is None else auc_by_user(control, stated)
    return TasteScore(
        users=int((~np.isnan(auc)).sum()),
        auc=Estimate.of(auc),
        over={name: Estimate.of(auc - auc_by_user(one, stated)) for name, one in by_yardstick.items()},
        control=None if of_control is None else Estimate.of(of_control),
        over_control=None if of_control is None else Estimate.of(auc - of_control),
        personal=Estimate.of(own),
        personal_over_count=Estimate.of(own - of_count),
    )
