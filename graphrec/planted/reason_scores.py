"""Shares of reasons that are true.

**What counts as true.** A recommendation *has* a reason if the user likes or follows something that the item carries,
or has taken its first part or something of its bundle. Two readings of "the top reason is a true one" are reported:

- *strict*: the evidence is the planted reason itself: the liked director, the followed actor, the first part, a taken
  item of the bundle, or the group that a liked director comes from.
- *true*: strict, or the evidence is a taken item whose own planted reason is one of the recommended item's reasons:
  "because you took j", where j was taken because of the same director.

Evidence that is an item can say "you like this director" in no other way than by naming a film that was taken for that
director, and a model that is given no entities (RecoNet, EASE) can name no actor. So *true* is the measure, and it is
still narrow: a film of the same director that was taken by chance, or for its actor, is false, though nobody who sees
the interactions alone could know. *strict* stands beside it. A recommendation that has a reason and for which no reason
is given counts as missed.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from graphrec.planted.config import KINDS

if TYPE_CHECKING:
    from collections.abc import Iterable

    import numpy.typing as npt

    from graphrec.planted.numbered import Answers, NumberedTruth, Numbers

TOP = 3
"""Reasons that precision looks at."""


@dataclass(frozen=True)
class KindScore:
    """Recommendations that have a reason of one kind; they may have others too.

    Attributes:
        recommendations: how many.
        true, strict: share whose top reason is true.
    """

    recommendations: int
    true: float
    strict: float


@dataclass(frozen=True)
class ReasonScore:
    """Shares of true reasons of some recommendations.

    Attributes:
        recommendations: how many there are.
        with_reason: how many of them have a planted reason; all shares are among these, NaN if there is none.
        true: share whose top reason is true.
        strict: share whose top reason is the planted reason itself.
        true_precision, strict_precision: mean share of true ones among the first ``TOP`` reasons given.
        kinds: by kind of planted reason.
    """

    recommendations: int
    with_reason: int
    true: float
    strict: float
    true_precision: float
    strict_precision: float
    kinds: dict[str, KindScore]


@dataclass(frozen=True, eq=False)
class MatchedReasons:
    """Recommendations, and which of their first reasons are true.

    Attributes:
        kinds: bool [n, 4], of which kinds each has a planted reason.
        true, strict: bool [n, ``TOP``].
        filled: bool [n, ``TOP``], whether there is a reason in that place.
    """

    kinds: Answers
    true: Answers
    strict: Answers
    filled: Answers


def match_reasons(truth: NumberedTruth, user: Numbers, item: Numbers, label: Numbers, node: Numbers) -> MatchedReasons:
    """Compare the first reasons of n recommendations with the truth.

    Args:
        truth: in the numbers of the other arguments.
        user: [n].
        item: [n].
        label: [n, ``TOP``] positions in ``EVIDENCE_LABELS``, best first; −1 where there is no reason.
        node: [n, ``TOP``] numbers among the nodes of the label; −1 for a node that the truth does not know.
    """
    who, what = (np.repeat(side, label.shape[1]) for side in (user, item))
    flat = label.ravel().astype(np.int64), node.ravel().astype(np.int64)
    true, strict = (ask(who, what, *flat).reshape(label.shape) for ask in (truth.lenient, truth.strict))
    return MatchedReasons(truth.kinds(user, item), true, strict, label >= 0)


def score(matched: Iterable[MatchedReasons]) -> ReasonScore:
    """Count the matches of all recommendations."""
    parts = list(matched)
    kinds, true, strict, filled = (
        np.concatenate([np.empty((0, width), dtype=np.bool_), *(getattr(part, name) for part in parts)])
        for name, width in (("kinds", len(KINDS)), ("true", TOP), ("strict", TOP), ("filled", TOP))
    )
    has = kinds.any(axis=1)
    return ReasonScore(
        recommendations=kinds.shape[0],
        with_reason=int(has.sum()),
        true=_mean(true[has, 0]),
        strict=_mean(strict[has, 0]),
        true_precision=_precision(true[has], filled[has]),
        strict_precision=_precision(strict[has], filled[has]),
        kinds={
            kind: KindScore(int(of.sum()), _mean(true[of, 0]), _mean(strict[of, 0]))
            for kind, of in zip(KINDS, kinds.T, strict=True)
        },
    )


def _mean(values: npt.NDArray[Any]) -> float:
    return float(values.mean()) if values.size else float("nan")


def _precision(true: Answers, filled: Answers) -> float:
    counted: npt.NDArray[np.int64] = np.maximum(filled.sum(axis=1), 1)
    return _mean(true.sum(axis=1) / counted)
