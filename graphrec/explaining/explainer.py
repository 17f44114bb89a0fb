"""The base of all explainers, which weigh the inputs of a model, whatever the model is.

An ``Explainable`` names its inputs (``inputs``) and scores with any of them switched off or weakened (``score_with``).
An explainer needs no more, so that reasons of every method can be compared on the same inputs of the same
recommendations.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, ClassVar

from graphrec.config import Config
from graphrec.explaining.explanation import Explanation
from graphrec.explaining.input_switching import measured_effects
from graphrec.explaining.selection import choose

if TYPE_CHECKING:
    from collections.abc import Sequence

    import torch
    from typing_extensions import Self

    from graphrec.dataset.dataset import Dataset
    from graphrec.dataset.profiles import Profiles
    from graphrec.explaining.evidence import Evidence
    from graphrec.explaining.explainable import Explainable
    from graphrec.explaining.explanation import RecommendedBatch
    from graphrec.explaining.selection import ChosenReasons


class ExplainerConfig(Config):
    """Settings that every explainer has. Unknown names and values out of range are refused.

    Attributes:
        seed: of every random choice; what is drawn for a pair does not depend on what else is in its batch.
    """

    of: ClassVar[str] = "explainer"


@dataclass(frozen=True)
class Claim:
    """The properties of a stored run that describe its reasons.

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
        of_the_model: whether its evidence is the model's own, so that factors of the model can sum it up.
        users_at_once: users in a batch; few where explaining takes long, so that progress is seen.
    """

    name: ClassVar[str]
    Config: ClassVar[type[ExplainerConfig]] = ExplainerConfig
    storable: ClassVar[bool] = True
    of_the_model: ClassVar[bool] = False
    users_at_once: ClassVar[int] = 32

    def __init__(self, config: ExplainerConfig | None = None, **settings: Any) -> None:
        self.config: Any = self.Config.from_arguments(config, settings, type(self).__name__)

    def prepare(self, model: Explainable, dataset: Dataset) -> Self:
        """Read what the explainer needs of the data beside the profiles; most need nothing.

        Args:
            model: fitted; what is learned is in its numbering.
            dataset: what may be seen: the training part where a split has cut the data.

        Returns:
            The explainer itself.
        """
        del model, dataset
        return self

    def refuse_hiding_all(self, protect: Sequence[str]) -> None:
        """Raise UsageError where every reason would be of a protected kind; most explainers have others too.

        Args:
            protect: kinds of attributes that must not be shown.
        """
        del protect

    @abstractmethod
    def weigh(self, model: Explainable, profiles: Profiles, items: torch.Tensor) -> Evidence:
        """Weigh all inputs of B users for k items each. Memory is bounded inside, whatever B is.

        Args:
            model: fitted.
            profiles: of B users; one without any input has padding alone.
            items: int64 [B, k], recommended or not.

        Returns:
            Evidence over the slots of ``model.inputs(profiles)``: one slot a node, weights float32 [B, k, n].
        """

    def evidence(self, model: Explainable, profiles: Profiles, items: torch.Tensor) -> Evidence:
        """Return all evidence that may become a reason; arguments as for ``weigh``.

        Unless an explainer has more than weights of inputs, the same. Otherwise any nodes, each with what it came
        through and its anchor.
        """
        return self.weigh(model, profiles, items)

    def explain(
        self,
        model: Explainable,
        batch: RecommendedBatch,
        *,
        reasons: int,
        against: int = 0,
        protect: Sequence[str] = (),
    ) -> Explanation:
        """Weigh all evidence of some recommendations, choose the reasons, and measure each of them.

        Args:
            model: fitted.
            batch: the recommendations.
            reasons: supporting reasons a recommendation, at most.
            against: opposing reasons a recommendation, at most.
            protect: kinds of attributes that must not be shown; they still count in the shares.
        """
        evidence = self.evidence(model, batch.profiles, batch.named_items)
        chosen = choose(evidence, batch.may_show(evidence, protect), reasons=reasons, against=against)
        return Explanation(evidence, chosen, *self.measured(model, batch, evidence, chosen))

    def measured(
        self, model: Explainable, batch: RecommendedBatch, evidence: Evidence, chosen: ChosenReasons
    ) -> tuple[torch.Tensor, torch.Tensor | None]:
        """Return the effects of chosen evidence, and its effects with denominators and lengths held, as of a run.

        Returns:
            Two times float32 [B, k, R]; the second is None where the model does not normalise.
        """
        effects = self.effects(model, batch, evidence, chosen)
        if not model.normalises:
            return effects, None
        return effects, self.held_effects(model, batch, evidence, chosen)

    def effects(
        self, model: Explainable, batch: RecommendedBatch, evidence: Evidence, chosen: ChosenReasons
    ) -> torch.Tensor:
        """Measure chosen evidence, float32 [B, k, R]: by scoring again without it, unless the model does it faster."""
        return measured_effects(model, batch.profiles, batch.named_items, batch.scores, evidence, chosen)

    def held_effects(
        self, model: Explainable, batch: RecommendedBatch, evidence: Evidence, chosen: ChosenReasons
    ) -> torch.Tensor:
        """Measure chosen evidence with denominators and lengths held, float32 [B, k, R]; as ``effects`` else."""
        return measured_effects(model, batch.profiles, batch.named_items, batch.scores, evidence, chosen, held=True)

    def run_label(self, model: Explainable) -> str:
        """Return the prefix of ids and names of runs with these reasons."""
        return f"{model.name}-{self.name}"

    def method(self, model: Explainable) -> str:
        """Return the value of ``EXPLAINS.method`` for these reasons."""
        del model
        return self.name

    @abstractmethod
    def claim(self, model: Explainable) -> Claim:
        """Return the properties of a run with these reasons.

        Raises:
            UsageError: reasons that say nothing of the model are not stored.
        """
