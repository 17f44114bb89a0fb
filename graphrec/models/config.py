"""Settings that all models have, and those of models trained by gradient descent."""

from __future__ import annotations

from typing import ClassVar, Literal

from pydantic import Field, ValidationInfo, field_validator
from typing_extensions import override

from graphrec.config import Config

_SCHEDULE = frozenset({"steps", "least_epochs", "validate_every"})
"""Settings that count only where ``epochs`` is left out."""


class ModelConfig(Config):
    """Settings that every model has."""


class GradientConfig(ModelConfig):
    """Settings of models that are trained by gradient descent.

    Attributes:
        epochs: passes over the training data, at most, with a validation after each; None for as many as it takes to
            make ``steps`` steps and ``least_epochs`` passes (``schedule``).
        steps: steps of the optimiser that training takes, at least, where ``epochs`` is left out: on small data an
            epoch is a step or two.
        least_epochs: passes over the training data, at least, where ``epochs`` is left out.
        validate_every: steps between two validations where ``epochs`` is left out, filled up to a whole epoch.
        learning_rate: of the optimiser.
        patience: validations without a better value before training stops; without a validation part all epochs run.
        metric: what the validation value is, with its k: the mean over users with held-out items.
        device: ``auto`` takes a GPU where there is one.
        averaging: share that a moving average of the weights keeps of itself at each step; the average is what is
            validated and kept. 0 keeps none.
        precision: ``mixed`` computes in bfloat16 where the device gains from it.
    """

    added_later: ClassVar[frozenset[str]] = frozenset({"metric", *_SCHEDULE})
    epochs: int | None = Field(None, ge=1, description="passes over the training data, at most; left out, steps decide")
    steps: int = Field(300, ge=1, description="steps of the optimiser, at least, where epochs is left out")
    least_epochs: int = Field(30, ge=1, description="epochs, at least, where epochs is left out")
    validate_every: int = Field(50, ge=1, description="steps between two validations where epochs is left out")
    learning_rate: float = Field(1e-3, gt=0, description="of the optimiser")
    patience: int = Field(5, ge=1, description="validations without a better value before training stops")
    metric: str = Field("ndcg@100", description="what the validation value is, such as recall@50")
    averaging: float = Field(0.0, ge=0, lt=1, description="share that a moving average of the weights keeps at a step")
    device: str = Field("auto", pattern=r"^(auto|cpu|cuda(:\d+)?)$", description="auto, cpu, cuda or cuda:N")
    precision: str = Field("full", pattern=r"^(full|mixed)$", description="full or mixed")

    @property
    @override
    def unstated(self) -> set[str]:
        """Names as for ``Config``; where ``epochs`` is left out, the length of training identifies a fit."""
        return super().unstated - (_SCHEDULE if self.epochs is None else set())

    @field_validator("metric")
    @classmethod
    def _known_metric(cls, text: str) -> str:
        """Return the metric as it is always written; raises UsageError for what is none."""
        from graphrec.rankings.metrics import Metric

        return str(Metric.parse(text))


def lowest_share(lowest: float | None, info: ValidationInfo, highest: str) -> float | None:
    """Return the lower end of a range of shares whose upper end is the setting ``highest``, or None for no range.

    Raises:
        ValueError: the lower end is not below the upper one.
    """
    if lowest is not None and highest in info.data and lowest >= info.data[highest]:
        raise ValueError(f"shares are drawn between it and {highest}: take less than {info.data[highest]}")
    return lowest


Chances = Literal["uniform", "popularity"]
"""How items of a sampled softmax are drawn: each with the same chance, or in proportion to 1 more than its takers."""


def chances_of_draws(chances: str, info: ValidationInfo) -> str:
    """Return how the items of a sampled softmax are drawn, a setting beside ``negatives``.

    Raises:
        ValueError: a choice other than the default where nothing is drawn.
    """
    if chances != "uniform" and not info.data.get("negatives"):
        raise ValueError("nothing is drawn: take negatives above 0")
    return chances
