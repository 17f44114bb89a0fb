"""Item–item collaborative filtering: items similar to those that the user took."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from pydantic import Field
from typing_extensions import override

from graphrec.models.config import ModelConfig
from graphrec.models.neighbours.similarity import similar_columns
from graphrec.models.sparse_weights import SparseWeights

if TYPE_CHECKING:
    from graphrec.dataset.dataset import Dataset
    from graphrec.models.recommender import FitContext


class ItemItemConfig(ModelConfig):
    """Settings of item–item collaborative filtering.

    Attributes:
        neighbours: similar items kept for each item; 0 keeps all that share a user.
        neighbours_of: whose they are: of the ``candidate``, which then hears only those taken items that are nearest
            to it, or of the ``taken`` item, which then speaks only for those nearest to it (as in Turi Create).
        similarity: ``cosine`` or ``jaccard``.
        shrinkage: added to the denominator, so that rare items are not alike by chance.
        dislike_weight: of a disliked item beside a taken one; counts where the data has dislikes (``negative_if``).
    """

    added_later: ClassVar[frozenset[str]] = frozenset({"dislike_weight"})
    neighbours: int = Field(200, ge=0, description="similar items kept for each item; 0 keeps all")
    neighbours_of: str = Field("candidate", pattern="^(candidate|taken)$", description="candidate or taken")
    similarity: str = Field("cosine", pattern="^(cosine|jaccard)$", description="cosine or jaccard")
    shrinkage: float = Field(0.0, ge=0, description="added to the denominator of a similarity")
    dislike_weight: float = Field(0.25, ge=0, description="weight of a disliked item beside a taken one")


class ItemItem(SparseWeights):
    """Item–item collaborative filtering: score of i for u = Σ_j∈I_u s(j, i), over the items j that the user took.

    s(j, i) is the similarity of the two items by who took them, where they are neighbours, and 0 elsewhere.

    Source: Sarwar, Karypis, Konstan, Riedl, "Item-based collaborative filtering recommendation algorithms", WWW 2001;
    Deshpande and Karypis, "Item-based top-N recommendation algorithms", TOIS 2004. The paper of RecoNet took Turi
    Create's ItemSimilarityRecommender, whose score is the mean of s(j, i) over the history with the 64 neighbours of
    each taken item: the same ranking as here with ``neighbours_of="taken"``, since |I_u| divides all of a user's
    scores alike. The sum stands here because it makes weight and effect the same number: switching j off takes s(j, i).

    Explicit dislikes j, where the data has them, are inputs too: each adds −α s(j, i), with α the ``dislike_weight``.
    Similarities are those of positives alone.
    """

    name: ClassVar[str] = "item-item"
    Config: ClassVar[type[ModelConfig]] = ItemItemConfig
    weights_name: ClassVar[str] = "similarities"

    @override
    def learn(self, dataset: Dataset, context: FitContext) -> dict[str, float]:
        config = self.config
        between = similar_columns(
            dataset.positives.csr(),
            config.neighbours,
            kind=config.similarity,
            shrinkage=config.shrinkage,
            progress=context.progress,
        )
        self._keep(between.T.tocsr() if config.neighbours_of == "candidate" else between)
        return {}
