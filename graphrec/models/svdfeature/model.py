"""SVDFeature: matrix factorisation on the features of users and items."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any, ClassVar

import numpy as np
import torch
from typing_extensions import override

from graphrec.models.fm.model import FM
from graphrec.models.svdfeature.config import SVDFeatureConfig
from graphrec.models.svdfeature.network import feedback_of
from graphrec.models.svdfeature.task import SVDFeatureTask

if TYPE_CHECKING:
    from collections.abc import Mapping

    import numpy.typing as npt

    from graphrec.dataset.incidence import Incidence
    from graphrec.dataset.profiles import Profiles
    from graphrec.models.config import ModelConfig
    from graphrec.models.fm.feature_sums import FeatureSums
    from graphrec.models.fm.task import FMTask


class SVDFeature(FM):
    """Feature-based matrix factorisation: y = w_0 + Σ_k w_k α_k + Σ_l w_l β_l + ⟨Σ_k α_k p_k, Σ_l β_l q_l⟩.

    Source: Chen, Zhang, Lu, Chen, Zheng, Yu, "SVDFeature: A toolkit for feature-based collaborative filtering", JMLR
    13 (2012), equation 1. The features α of a user are the id, the attributes, and what the user took (the toolkit's
    user feedback, as in SVD++); those of an item, β, are the id and the attributes. Global features have a weight and
    no vector: here the constant alone, since the data has nothing else that is of neither side. An id has the value 1,
    n attributes have 1/n each, and n taken items n^−½ each. Unlike in FM no two features of one side interact.

    Training is that of FM, with Adam on every positive and ``negatives`` items drawn against it, by the toolkit's
    pairwise rank loss (``bpr``) or its logistic one. In training the positive itself is not among what the user took:
    SVD++ leaves it there, for ratings, but to tell taken items from others it would be the answer.

    A user unknown to the fit is scored by attributes and history, without an id; one without any of it by the items'
    own biases. It says why of nothing: the vector of the id is no evidence.

    No library does this: the toolkit is C++ of 2011, is in no package registry, and reads files of its own form;
    surprise and LibRecommender have SVD++, on ids alone.
    """

    name: ClassVar[str] = "svdfeature"
    Config: ClassVar[type[ModelConfig]] = SVDFeatureConfig
    Task: ClassVar[type[FMTask]] = SVDFeatureTask

    @override
    def learned(self, network: Any) -> dict[str, npt.NDArray[Any]]:
        return {**super().learned(network), "feedback": network.feedback.detach().numpy()}

    @override
    def user_sums(self, profiles: Profiles) -> FeatureSums:
        sums = super().user_sums(profiles)
        return replace(sums, vectors=sums.vectors + feedback_of(self._taken(profiles), self._feedback))

    @override
    def count_inputs(self, profiles: Profiles) -> npt.NDArray[np.int64]:
        counts: npt.NDArray[np.int64] = super().count_inputs(profiles) + self._taken(profiles).counts
        return counts

    def _taken(self, profiles: Profiles) -> Incidence:
        """Return B × items: those taken items that are features."""
        taken = profiles.items
        return taken.where(self._is_feature[taken.indices])

    @override
    def arrays(self) -> dict[str, npt.NDArray[Any]]:
        return {**super().arrays(), "feedback": self._feedback.numpy()}

    @override
    def restore(self, arrays: Mapping[str, npt.NDArray[Any]]) -> None:
        super().restore({name: array for name, array in arrays.items() if name != "feedback"})
        self._feedback = torch.from_numpy(np.asarray(arrays["feedback"], dtype=np.float32))
        """y, [items, d]; zeros for items that are no features."""
        self._is_feature = self._feedback.any(dim=1).numpy()
