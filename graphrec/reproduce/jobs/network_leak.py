"""A fit whose attribute networks know the test part: a leak, measured so that nobody takes it for a result.

This is the only place where networks are made of more than what training may see.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Literal

from typing_extensions import override

from graphrec.errors import UsageError
from graphrec.evaluation import evaluate, parse_candidates
from graphrec.models.eran.model import ERAN
from graphrec.models.eran.task import ERANTask
from graphrec.reproduce.named_code import model_of_recipe

if TYPE_CHECKING:
    from graphrec.dataset.dataset import Dataset
    from graphrec.models.eran.config import ERANConfig
    from graphrec.models.recommender import FitContext
    from graphrec.reproduce.job import Job
    from graphrec.reproduce.job_context import JobContext

_PARTS: tuple[Literal["validation"], Literal["test"]] = ("validation", "test")


def network_leak(context: JobContext, job: Job) -> dict[str, Any]:
    """Fit on the training part with attribute networks of all interactions, and measure on both held-out parts.

    Inputs: ``model``, ``settings``, ``split`` (fingerprint), ``metrics``, ``candidates``.

    Returns:
        ``validation`` and ``test``: the mean of each metric over rankings.

    Raises:
        UsageError: the model has no attribute networks that are made anew in a fit.
    """
    inputs = job.inputs
    data, kind = context.split(inputs["split"]), model_of_recipe(inputs["model"])
    if kind is not ERAN:
        raise UsageError(f"{inputs['model']} makes no attribute networks in its fit", remedy="Name a row of eran")
    model = LeakingERAN(ERAN.Config.read(dict(inputs["settings"])), context.dataset)
    model.fit(data.train, validation=data.validation, fold_in=data.fold_in, compare=False)
    candidates = parse_candidates(inputs["candidates"])
    return {
        part: dict(evaluate(model, data, inputs["metrics"], part=part, candidates=candidates).means) for part in _PARTS
    }


class LeakingERAN(ERAN):
    """eRAN with networks of everything.

    Args:
        config: of the model.
        everything: the data with its held-out parts, in the numbering of what is learned from.
    """

    def __init__(self, config: Any, everything: Dataset) -> None:
        super().__init__(config)
        self._everything = everything

    @override
    def training_task(self, config: Any, dataset: Dataset, context: FitContext) -> ERANTask:
        return LeakingTask(dataset, config, context, self._everything)


class LeakingTask(ERANTask):
    """The task of eRAN, with networks of everything; examples, candidates and biases are those of the training part."""

    def __init__(self, dataset: Dataset, config: ERANConfig, context: FitContext, everything: Dataset) -> None:
        self._everything = everything
        super().__init__(dataset, config, context)

    @property
    @override
    def source_of_networks(self) -> Dataset:
        return self._everything
