"""Shares of first reasons that name what a user takes items for.

Counted are recommended items that carry the user's value. The first reason is

* *true*, if it is a taken item that carries the value too, and its ``via`` names the kind of the value
  (``attribute:director``); or if it is the value itself, as of models whose reasons are attributes;
* *of a true item*, if it is a taken item that carries the value, whatever its ``via`` says, or the value itself.

Where no reason is given, both are false. The unit is the user: a user's recommendations count once, as their mean.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from graphrec.planted.stated.ranking import Estimate
from graphrec.report.cells import finite

if TYPE_CHECKING:
    from collections.abc import Sequence

    import numpy.typing as npt
    from typing_extensions import Self

SHARES = ("true", "of_true_item", "random", "count", "surprise")
"""What is counted of each recommendation, the controls last."""

COUNTS = ("recommendations", "carrying", "users")
"""Numbers that shares rest on."""


@dataclass(frozen=True)
class DriverScore:
    """Shares over the recommendations that carry the user's value, each with its error over users.

    Attributes:
        recommendations: how many there are.
        carrying: how many of them carry the user's value.
        users: who have one at least.
        true: share whose first reason is true.
        of_true_item: share whose first reason is a taken item that carries the value.
        random: the share that random reasons of the same recommendations would reach.
        count: the share that the raw count would reach.
        surprise: the share that the most surprising value would reach.
        kinds: share that is true by kind of the value.
    """

    recommendations: int
    carrying: int
    users: int
    true: Estimate
    of_true_item: Estimate
    random: Estimate
    count: Estimate
    surprise: Estimate
    kinds: dict[str, Estimate]

    @classmethod
    def of(cls, recommendations: int, users: npt.NDArray[np.int64], kinds: Sequence[str], **shares: Any) -> Self:
        """Return the score of n recommendations that carry the user's value.

        Args:
            recommendations: how many were made, with those that do not carry it.
            users: int64 [n].
            kinds: n kinds of the users' values.
            shares: by the names of ``SHARES``, [n] between 0 and 1.
        """
        everyone, first, row = np.unique(users, return_index=True, return_inverse=True)
        number = np.maximum(np.bincount(row, minlength=len(everyone)), 1)
        of_user = {name: np.bincount(row, weights=shares[name], minlength=len(everyone)) / number for name in SHARES}
        kind = np.asarray(kinds, dtype=str)[first]
        estimates: dict[str, Any] = {name: Estimate.of(of_user[name]) for name in SHARES}
        estimates["kinds"] = {str(name): Estimate.of(of_user["true"][kind == name]) for name in np.unique(kind)}
        return cls(recommendations, len(users), len(everyone), **estimates)

    @classmethod
    def mean_of(cls, scores: Sequence[DriverScore]) -> Self:
        """Return the mean over plantings, which are independent of each other; a kind has to be in all of them."""
        estimates: dict[str, Any] = {
            name: Estimate.mean_of([getattr(score, name) for score in scores]) for name in SHARES
        }
        estimates["kinds"] = {
            kind: Estimate.mean_of([score.kinds[kind] for score in scores])
            for kind in scores[0].kinds
            if all(kind in score.kinds for score in scores)
        }
        return cls(*(sum(getattr(score, name) for score in scores) for name in COUNTS), **estimates)

    def to_dict(self) -> dict[str, Any]:
        """Return everything as JSON has it; what is not a number is null."""
        content: dict[str, Any] = _plain(asdict(self))
        return content

    @classmethod
    def from_dict(cls, content: dict[str, Any]) -> Self:
        """Return what ``to_dict`` wrote."""
        estimates: dict[str, Any] = {name: _estimate(content[name]) for name in SHARES}
        estimates["kinds"] = {kind: _estimate(one) for kind, one in content["kinds"].items()}
        return cls(*(content[name] for name in COUNTS), **estimates)


def _plain(value: Any) -> Any:
    if isinstance(value, dict):
        return {name: _plain(one) for name, one in value.items()}
    return finite(value) if isinstance(value, float) else value


def _estimate(content: dict[str, Any]) -> Estimate:
    return Estimate(*(float("nan") if content[name] is None else content[name] for name in ("mean", "error")))
