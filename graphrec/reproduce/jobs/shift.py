"""How much recall falls without the evidence that each method names first: shift@n."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar

from typing_extensions import override

from graphrec.evaluation.explanations.measures import RANDOM
from graphrec.evaluation.explanations.shift import ListTask
from graphrec.evaluation.explanations.shift import shift as measured
from graphrec.explainers.random_order import RandomOrder
from graphrec.explaining.explainer import Claim, Explainer
from graphrec.reproduce.drawn_pairs import drawn_pairs, explaining
from graphrec.reproduce.jobs.methods import make_explainer
from graphrec.schema.property_graph import EVIDENCE_LABELS

if TYPE_CHECKING:
    import torch
    from typing_extensions import Self

    from graphrec.dataset.dataset import Dataset
    from graphrec.dataset.profiles import Profiles
    from graphrec.explaining.evidence import Evidence
    from graphrec.explaining.explainable import Explainable
    from graphrec.reproduce.job import Job
    from graphrec.reproduce.job_context import JobContext


def shift(context: JobContext, job: Job) -> dict[str, Any]:
    """Measure every method beside Random, on the same users.

    Inputs: ``split``, ``methods`` (by name, ``explainer`` and its settings), ``users``, ``removed`` (values of n),
    ``label`` (evidence that is removed; empty for all), ``of`` (``hit`` or ``list``), ``k``, ``seed``. Needs: the fit.

    Returns:
        By method ``before``, recall of each user, and ``after``, for each user and n: numbers, so that those of several
        splits can be put together.
    """
    inputs = job.inputs
    model = explaining(context.model(job.needs[0]))
    pairs = drawn_pairs(model, context.split(inputs["split"]), users=inputs["users"], seed=inputs["seed"])
    question = ListTask(pairs.profiles, pairs.held_out, pairs.taken)
    explainers: dict[str, Explainer] = {RANDOM: RandomOrder(seed=inputs["seed"])}
    explainers |= {name: make_explainer(method) for name, method in inputs["methods"].items()}
    recalls = {}
    for name, explainer in explainers.items():
        one = OfOneLabel(explainer, inputs["label"]) if inputs["label"] else explainer
        one.prepare(model, pairs.data)
        of_users = measured(
            model, one, question, tuple(inputs["removed"]), k=inputs["k"], of=inputs["of"], seed=inputs["seed"] + 1
        )
        recalls[name] = {"before": of_users.before.tolist(), "after": of_users.after.tolist()}
    return recalls


class OfOneLabel(Explainer):
    """Another explainer's evidence of one label; all other weights are NaN.

    Args:
        explainer: whose.
        label: of the nodes that keep their weights.
    """

    name: ClassVar[str] = "of one label"
    storable: ClassVar[bool] = False

    def __init__(self, explainer: Explainer, label: str) -> None:
        super().__init__()
        self._of, self._label = explainer, label

    @override
    def prepare(self, model: Explainable, dataset: Dataset) -> Self:
        self._of.prepare(model, dataset)
        return self

    @override
    def weigh(self, model: Explainable, profiles: Profiles, items: torch.Tensor) -> Evidence:
        import torch

        evidence = self._of.weigh(model, profiles, items)
        other = torch.from_numpy(evidence.labels != EVIDENCE_LABELS.index(self._label))
        return evidence.weighed(evidence.weights.masked_fill(other[:, None, :], float("nan")))

    @override
    def claim(self, model: Explainable) -> Claim:
        return self._of.claim(model)
