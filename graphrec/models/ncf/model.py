"""NCF: neural collaborative filtering on ids alone."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from typing_extensions import override

from graphrec.models.ncf.network import NCFConfig, NCFHead, NCFNetwork
from graphrec.models.pairs.model import PairModel

if TYPE_CHECKING:
    from graphrec.dataset.dataset import Dataset
    from graphrec.models.config import ModelConfig


class NCF(PairModel):
    """Neural collaborative filtering: s = w · (p_u ⊙ q_i) + MLP(p'_u ⊕ q'_i); it says why of nothing.

    Source: He, Liao, Zhang, Nie, Hu, Chua, "Neural collaborative filtering", WWW 2017, NeuMF (equation 12), the sum of
    a factorisation and a multi-layer perceptron with vectors of their own. The paper of NAR, CAR and CNR trains it, as
    all its models, with BPR's loss (its footnote 2): a sigmoid at the end would change nothing and is left out, and so
    is the training of both parts by themselves before. ``AS_PRINTED`` has the settings of that paper; number and width
    of the layers are printed nowhere.

    Cornac and RecBole have NeuMF with the pointwise loss.
    """

    name: ClassVar[str] = "ncf"
    Config: ClassVar[type[ModelConfig]] = NCFConfig
    uses_dislikes: ClassVar[bool] = True

    @override
    def new_network(self, dataset: Dataset) -> NCFNetwork:
        return NCFNetwork((len(dataset.users), len(dataset.items)), self.config)

    @override
    def new_head(self) -> NCFHead:
        return NCFHead(self.config)
