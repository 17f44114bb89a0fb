"""Splitter: several embeddings of every node, one for each detected community."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from typing_extensions import override

from graphrec.models.convolution.convolution_model import ConvolutionModel
from graphrec.models.splitter.config import SplitterConfig
from graphrec.models.splitter.task import SplitterTask

if TYPE_CHECKING:
    from graphrec.dataset.dataset import Dataset
    from graphrec.models.config import ModelConfig
    from graphrec.models.recommender import FitContext


class Splitter(ConvolutionModel):
    """Score Σ_c ⟨z_u^c, z_i^c⟩, z^c by graph convolution over the links as far as they belong to community c.

    Source: the baseline of that name in section 5.2 of the paper of resolving, after Epasto and Perozzi, "Is a single
    embedding enough? Learning node representations that capture multiple social contexts", WWW 2019. Overlapping
    communities of the user–item and the item–entity graph are found first and stay as they are (``communities``); C
    graph convolutions learn C embeddings of every node, which are put side by side for one prediction. Epasto and
    Perozzi split nodes into personas by communities of their neighbourhoods and embed those by random walks; the paper
    has convolutions in their place, and so has this.

    Choices where the paper leaves room: the detection is BigCLAM's; a link counts in community c by the share of c in
    its item, or in its entity (``UserItemEntityGraph.normalised``), as the affiliations p(t, c) and p(e, c) do in
    the paper's (6) and (7); every convolution has two layers and weights of its own; p(t | u) is the softmax of the
    score over all items; Adam; with a validation part, training stops early by ``metric``. A user, known or new, is
    encoded from the input history (``TrainedEncoder``).
    """

    name: ClassVar[str] = "splitter"
    Config: ClassVar[type[ModelConfig]] = SplitterConfig
    learns_from_entities: ClassVar[bool] = True

    @override
    def training_task(self, dataset: Dataset, context: FitContext) -> SplitterTask:
        return SplitterTask(dataset, self.config, context)
