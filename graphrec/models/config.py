"""Typed, validated settings of a model."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar

from pydantic import BaseModel, ConfigDict, Field, ValidationError, field_validator

from graphrec.errors import UsageError

if TYPE_CHECKING:
    from typing_extensions import Self


class ModelConfig(BaseModel):
    """Settings that every model has. Unknown names and values out of range are refused.

    Attributes:
        of: what has these settings, for messages.
        later: settings that came after fits were made without them.
        seed: of every random choice; the same seed and data give the same model on CPU.
    """

    model_config = ConfigDict(frozen=True, extra="forbid", allow_inf_nan=False)

    of: ClassVar[str] = "model"
    later: ClassVar[frozenset[str]] = frozenset()
    seed: int = Field(0, ge=0, lt=2**63, description="of every random choice")

    @classmethod
    def read(cls, settings: dict[str, Any]) -> Self:
        """Build from settings that may be text, as they come from the command line.

        Raises:
            UsageError: an unknown name or a value that does not fit, with the names that there are.
        """
        try:
            return cls.model_validate(settings)
        except ValidationError as error:
            first = error.errors()[0]
            name = ".".join(str(part) for part in first["loc"])
            known = ", ".join(cls.model_fields)
            said = first["msg"].removeprefix("Value error, ").lower()
            raise UsageError(f"the setting {name!r}: {said}", remedy=f"Settings of this {cls.of}: {known}") from error

    @property
    def unsaid(self) -> set[str]:
        """Names that say nothing of a fit: later settings at their defaults, as in every fit made before they came.

        Left out of what identifies a fit, a training or a result, so that those made before are found again.
        """
        fields = type(self).model_fields
        return {name for name in self.later if getattr(self, name) == fields[name].default}


class GradientConfig(ModelConfig):
    """Settings of models that are trained by gradient descent.

    Attributes:
        epochs: passes over the training data, at most.
        learning_rate: of the optimiser.
        patience: epochs without a better validation value before training stops; without validation all run.
        metric: what the validation value is, with its k: the mean over users with held-out items.
        device: ``auto`` takes a GPU where there is one.
        averaging: share that a moving average of the weights keeps of itself at each step; the average is what is
            validated and kept. 0 keeps none.
        precision: ``mixed`` computes in bfloat16 where the device gains from it.
    """

    later: ClassVar[frozenset[str]] = frozenset({"metric"})
    epochs: int = Field(30, ge=1, description="passes over the training data, at most")
    learning_rate: float = Field(1e-3, gt=0, description="of the optimiser")
    patience: int = Field(5, ge=1, description="epochs without a better validation value before training stops")
    metric: str = Field("ndcg@100", description="what the validation value is, such as recall@50")
    averaging: float = Field(0.0, ge=0, lt=1, description="share that a moving average of the weights keeps at a step")
    device: str = Field("auto", pattern=r"^(auto|cpu|cuda(:\d+)?)$", description="auto, cpu, cuda or cuda:N")
    precision: str = Field("full", pattern=r"^(full|mixed)$", description="full or mixed")

    @field_validator("metric")
    @classmethod
    def _known_metric(cls, text: str) -> str:
        """Return the metric as it is always written; raises UsageError for what is none."""
        from graphrec.rankings.metrics import Metric

        return str(Metric.parse(text))
