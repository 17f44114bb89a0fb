"""Whether new data asks for a new fit, by rules that are stated with the numbers that decided."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any, Literal

from graphrec.errors import ModelError, UsageError

if TYPE_CHECKING:
    from graphrec.refreshing.growth import Growth

Wish = Literal["auto", "keep", "again"]
WISHES: tuple[Wish, ...] = ("auto", "keep", "again")
"""What may be asked of the fit."""

LARGEST_GROWTH = 0.05
"""New interactions since the fit, as a share of those that it had, up to which ``auto`` keeps it."""

LARGEST_UNKNOWN = 0.1
"""Interactions with items that the fit does not know, as a share of the new ones, up to which ``auto`` keeps it."""


@dataclass(frozen=True)
class Decision:
    """What becomes of the fit, and why.

    Attributes:
        again: whether the model is fitted again.
        why: the rule that decided, as a sentence without a full stop.
        growth: the numbers that it was decided by.
    """

    again: bool
    why: str
    growth: Growth

    def to_dict(self) -> dict[str, Any]:
        """Return the decision as a JSON object."""
        return {"fit": "again" if self.again else "keep", "why": self.why, **asdict(self.growth)}


def decide(growth: Growth, wish: Wish = "auto") -> Decision:
    """Return whether a model is fitted again; the first rule that applies decides.

    Args:
        growth: what the data has become since the fit.
        wish: ``keep`` and ``again`` are done as asked; of the data that it is of, nothing is fitted again.

    Raises:
        UsageError: there is no such wish.
        ModelError: the fit is to be kept, and the data lacks items or entities of it.
    """
    if wish not in WISHES:
        raise UsageError(f"fit is {wish!r}", remedy=f"Choose {', '.join(WISHES)}")
    if wish == "keep" and growth.gone:
        raise ModelError(
            f"the fit cannot be kept: the data no longer has {_gone(growth)}",
            remedy="Fit again: leave out --fit keep",
        )
    if growth.same_data:
        return Decision(False, "the fit is of this data", growth)
    if wish != "auto":
        return Decision(wish == "again", "as asked", growth)
    share, unknown = f"{growth.share:.2%}", f"{growth.unknown_share:.1%}"
    rules = (
        (growth.gone > 0, f"the data no longer has {_gone(growth)}"),
        (
            not growth.from_histories,
            "the model does not score people from their histories, so that it learns of new data by a fit alone",
        ),
        (growth.at_fit is None, "the fit is from before 0.8, and does not say how many interactions it had"),
        (growth.share > LARGEST_GROWTH, f"interactions grew or shrank by {share}, more than {LARGEST_GROWTH:.0%}"),
        (
            growth.unknown_share > LARGEST_UNKNOWN,
            f"{unknown} of the new interactions are with items unknown to the fit, more than {LARGEST_UNKNOWN:.0%}",
        ),
    )
    reason = next((why for applies, why in rules if applies), "")
    within = (
        f"interactions grew or shrank by {share}, at most {LARGEST_GROWTH:.0%}, and {unknown} of the new ones are with "
        f"items unknown to the fit, at most {LARGEST_UNKNOWN:.0%}"
    )
    return Decision(bool(reason), reason or within, growth)


def _gone(growth: Growth) -> str:
    return f"{growth.gone:,} of the items and entities of the fit"
