"""Features by the weights of an explainer: removal, LIME, Shapley values, or the model's own reasons."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar, Literal

import numpy as np
import torch
from pydantic import Field
from typing_extensions import override

from graphrec.evaluation.explanations.feature_methods.method import FeatureMethod, MethodConfig, mean_over_items
from graphrec.explainers.registry import find_explainer
from graphrec.schema.property_graph import EVIDENCE_LABELS

if TYPE_CHECKING:
    import numpy.typing as npt

    from graphrec.evaluation.explanations.feature_methods.cases import FeatureCases
    from graphrec.models.model import Model


class ByExplainerConfig(MethodConfig):
    """Settings of features by an explainer.

    Attributes:
        explainer: ``removal``, ``lime``, ``shapley``, or ``model`` for the model's own reasons.
        settings: of the explainer.
    """

    explainer: Literal["removal", "lime", "shapley", "model"] = Field(
        "removal", description="removal, lime, shapley or model"
    )
    settings: dict[str, Any] = Field({}, description="of the explainer")


class ByExplainer(FeatureMethod):
    """The weights that an explainer gives the features that the user mentions, and no others.

    They are of the pair's item, or the mean over the items that are recommended to the user.
    """

    name: ClassVar[str] = "explainer"
    Config: ClassVar[type[MethodConfig]] = ByExplainerConfig
    asks_model = True
    asks_items = True

    def __init__(self, config: MethodConfig | None = None, **settings: Any) -> None:
        super().__init__(config, **settings)
        kind = find_explainer(self.config.explainer)
        self._explainer = kind(kind.Config.read({"seed": self.config.seed, **self.config.settings}))

    @override
    def score(self, cases: FeatureCases, model: Model | None = None) -> npt.NDArray[np.float32]:
        self.require(cases, model)
        assert model is not None  # noqa: S101 - require has seen to it
        items = torch.from_numpy(np.maximum(cases.items, 0))
        evidence = self._explainer.weigh(model, cases.profiles, items)
        row, slot = np.nonzero(evidence.labels == EVIDENCE_LABELS.index("Feature"))
        of_slot = mean_over_items(evidence.weights.numpy(), cases.items)
        scores = np.full((len(cases), cases.n_features), -np.inf, dtype=np.float32)
        scores[row, evidence.nodes[row, slot]] = of_slot[row, slot]
        return scores
