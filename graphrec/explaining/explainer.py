"""What every explainer shares: it weighs the inputs of a model, whatever the model is.

A ``Model`` says what can be switched off (``inputs``) and scores with some of it (``score_with``). An explainer
needs no more, so that reasons of every method can be compared on the same inputs of the same recommendations.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, ClassVar

from graphrec.config import Config

if TYPE_CHECKING:
    import torch
    from typing_extensions import Self

    from graphrec.dataset.dataset import Dataset
    from graphrec.dataset.profiles import Profiles
    from graphrec.explaining.evidence import Evidence
    from graphrec.models.model import Model


class ExplainerConfig(Config):
    """Settings that every explainer has. Unknown names and values out of range are refused.

    Attributes:
        seed: of every random choice; what is drawn for a pair does not depend on what else is in its batch.
    """

    of: ClassVar[str] = "explainer"


@dataclass(frozen=True)
class Claim:
    """What a stored run says of its reasons.

    Attributes:
        weight_unit: for ``Run.weight_unit``. ``score``: the weights of all evidence sum to the score.
            ``perturbation``: a weight says what becomes of the score when inputs change, and nothing sums. ``path``: a
            weight says what a path through the evidence is worth.
        note: what a reader of the run must know, one sentence without a full stop, or empty.
    """

    weight_unit: str
    note: str = ""


class Explainer(ABC):
    """A way to weigh the inputs of any model for the items it recommends.

    Args:
        config: validated settings; or give them by name.

    Attributes:
        name: registered name.
        Config: type of the settings.
        storable: whether its reasons may be written as a run; a control that ignores the model may not.
    """

    name: ClassVar[str]
    Config: ClassVar[type[ExplainerConfig]] = ExplainerConfig
    storable: ClassVar[bool] = True

    def __init__(self, config: ExplainerConfig | None = None, **settings: Any) -> None:
        if config is not None and settings:
            raise TypeError("give a config or settings by name, not both")
        self.config: Any = config if config is not None else self.Config.read(settings)

    def prepare(self, model: Model, dataset: Dataset) -> Self:
        """Learn what the explainer needs to know of the data beside the profiles; most need nothing.

        Args:
            model: fitted; what is learned is in its numbering.
            dataset: what may be seen: the training part where a split has cut the data.

        Returns:
            The explainer itself.
        """
        del model, dataset
        return self

    @abstractmethod
    def weigh(self, model: Model, profiles: Profiles, items: torch.Tensor) -> Evidence:
        """Weigh all inputs of B users for k items each. Memory is bounded inside, whatever B is.

        Args:
            model: fitted.
            profiles: of B users; one without any input has padding alone.
            items: int64 [B, k], recommended or not.

        Returns:
            Evidence over the slots of ``model.inputs(profiles)``: one slot a node, weights float32 [B, k, n].
        """

    def reasons(self, model: Model, profiles: Profiles, items: torch.Tensor) -> Evidence:
        """Return what a run tells of these items; arguments as for ``weigh``.

        Unless an explainer has more to tell than weights of inputs, the same. Otherwise any nodes, each with what it
        came through and its anchor.
        """
        return self.weigh(model, profiles, items)

    def method(self, model: Model) -> str:
        """Return what ``EXPLAINS.method`` says of these reasons."""
        del model
        return self.name

    @abstractmethod
    def claim(self, model: Model) -> Claim:
        """Return what a run of these reasons says of them.

        Raises:
            UsageError: reasons that say nothing of the model are not stored.
        """
