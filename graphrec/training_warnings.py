"""Sentences for a fit that knows the answers, learned nothing, or of which nobody can tell; from its metrics alone.

The metrics of a fit lie in its folder and in every run, so that training, the notes of a run and the answer to "why"
say the same.
"""

from __future__ import annotations

from enum import Enum
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Mapping

LOSS_WITHOUT_KNOWLEDGE = "loss_without_knowledge"
"""The training loss of predicting the same for everyone and everything."""

COMPARED_USERS = "compared_users"
"""Users of the validation part whose lists were compared with popularity's."""

MODEL, POPULARITY, DIFFERENCE = "compared_", "popularity_", "over_popularity_"
"""What stands before the metric in the names of the three means over these users: of the model, of popularity, and of
what the model has more."""

LOW, HIGH = "over_popularity_low", "over_popularity_high"
"""Ends of the 95 % interval of the difference; not there where too few users were compared."""

LEAKING = "leaking"
"""There, and 1, where what was learned from tells of the held-out parts: profiles of features over all reviews."""

FEWEST_USERS = 10
"""Users below whom nothing is said of the difference."""

LEARNED_AT_LEAST = 0.02
"""Share by which the loss has to fall below that without knowledge."""


class Verdict(Enum):
    """The outcome of a comparison with popularity."""

    BETTER = "better"
    WORSE = "worse"
    OPEN = "open"
    TOO_FEW = "too few"


class Warned(NamedTuple):
    """A warning in full, and in a short sentence."""

    full: str
    short: str


def training_warnings(metrics: Mapping[str, float]) -> tuple[Warned, ...]:
    """Return what a person has to know before believing a model; nothing where nothing speaks against it.

    Args:
        metrics: of a fit, as ``FitRecord.metrics`` and ``Run.metrics`` have them.
    """
    verdict = verdict_of(metrics)
    of_loss = _of_loss(verdict, metrics)
    of_comparison = None if verdict is None or verdict is Verdict.BETTER else _of_comparison(verdict, metrics)
    return tuple(one for one in (_of_leak(metrics), of_loss, of_comparison) if one is not None)


def verdict_of(metrics: Mapping[str, float]) -> Verdict | None:
    """Return how a model compares with popularity; None where that was not measured.

    It is better, or worse, where the 95 % interval of the mean difference over users lies on one side of 0.
    """
    if COMPARED_USERS not in metrics:
        return None
    if LOW not in metrics:
        return Verdict.TOO_FEW
    if metrics[LOW] > 0:
        return Verdict.BETTER
    return Verdict.WORSE if metrics[HIGH] < 0 else Verdict.OPEN


def _of_leak(metrics: Mapping[str, float]) -> Warned | None:
    if not metrics.get(LEAKING):
        return None
    return Warned(
        "leaking: profiles of features are over all reviews, those of the held-out parts too, so that figures on "
        "held-out data say nothing of new data.",
        "This model is leaking: it saw profiles over all reviews, those of the held-out parts too.",
    )


def _of_loss(verdict: Verdict | None, metrics: Mapping[str, float]) -> Warned | None:
    loss, without = metrics.get("loss"), metrics.get(LOSS_WITHOUT_KNOWLEDGE)
    if loss is None or without is None or loss < (1 - LEARNED_AT_LEAST) * without:
        return None
    near = f"The training loss, {loss:.4g}, stays near that of no knowledge, {without:.4g}"
    longer = "Train longer or with a higher learning_rate."
    if verdict is Verdict.BETTER:
        return Warned(
            f"{near}, though the model ranks better than popularity: it may have learned little. {longer}",
            "This model may have learned little: its training loss stayed near that of no knowledge.",
        )
    return Warned(
        f"{near}: the model has learned next to nothing. {longer}",
        "This model has learned next to nothing: its training loss stayed near that of no knowledge.",
    )


def _of_comparison(verdict: Verdict, metrics: Mapping[str, float]) -> Warned:
    users = int(metrics[COMPARED_USERS])
    if verdict is Verdict.TOO_FEW:
        return Warned(
            f"Whether the model is better than popularity is open: the validation part has {users} "
            f"user{'' if users == 1 else 's'} to compare them on, and {FEWEST_USERS} are needed.",
            "Whether this model is better than popularity is open: too few users were held out to say.",
        )
    metric = next(name.removeprefix(MODEL) for name in metrics if name.startswith(MODEL) and "@" in name)
    means = f"{metric} is {_number(metrics[MODEL + metric])}, popularity's {_number(metrics[POPULARITY + metric])}"
    interval = f"95 % interval {_number(metrics[LOW])} to {_number(metrics[HIGH])}"
    measured = f"{means}; difference {_number(metrics[DIFFERENCE + metric])}, {interval}, {users:,} users."
    if verdict is Verdict.WORSE:
        return Warned(
            f"On the validation part the model is no better than popularity: its {measured}",
            "On held-out data this model is no better than popularity.",
        )
    return Warned(
        f"On the validation part nobody can tell the model from popularity: its {measured}",
        "On held-out data nobody can tell this model from popularity.",
    )


def _number(value: float) -> str:
    return f"{value:.4f}".replace("-", "−")
