"""What altering each dimension of a fit changes, beside random directions, and some of it step by step."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
from scipy import stats

from graphrec.evaluation.latents.altered_dimensions import ENDS, AlteringSettings
from graphrec.evaluation.latents.altered_dimensions import altered_dimensions as measured_dimensions
from graphrec.evaluation.latents.altering import altered, levels_of

if TYPE_CHECKING:
    from collections.abc import Mapping

    from graphrec.dataset.dataset import Dataset
    from graphrec.evaluation.latents.altered_dimensions import AlteredDimensions
    from graphrec.evaluation.latents.mark_changes import MarkChanges
    from graphrec.reproduce.job import Job
    from graphrec.reproduce.job_context import JobContext


def altered_dimensions(context: JobContext, job: Job) -> dict[str, Any]:
    """Alter the dimensions of a fitted model one by one.

    Inputs: ``split``, ``of`` (``items`` or ``users``), ``starts``, ``nearest``, ``least``, ``false_discoveries``,
    ``marks`` (named for each dimension, at most), ``examples`` (dimensions shown step by step, from either end of the
    order by how much they change), ``steps``, ``shown`` (items at each step), ``seed``. Needs: the fit.

    Returns:
        ``own`` and ``random``: ``named`` (how many directions have a discovery), ``discoveries`` (of each), and
        ``greatest`` (change of each); ``p_above`` and ``p_below``: of the Mann–Whitney U test, one-sided, that the
        greatest changes are larger, or smaller, along own dimensions than along random directions; ``dimensions``: of
        each its number and its marks with their changes; ``examples``: the number of the dimension, the item that is
        started from (empty for a user), the levels, and the names of the nearest items at each.

    Raises:
        UsageError: the model has no such vectors, or too few items carry an attribute or entity.
    """
    inputs = job.inputs
    data = context.split(inputs["split"]).seen
    model = context.model(job.needs[0])
    settings = AlteringSettings(**{name: inputs[name] for name in ("starts", "nearest", "least", "false_discoveries")})
    found = measured_dimensions(model, data, of=inputs["of"], settings=settings, seed=inputs["seed"])
    own, random = found.own.greatest, found.random.greatest
    aligned, _ = model.align(data)
    return {
        "own": _summary(found.own),
        "random": _summary(found.random),
        "p_above": float(stats.mannwhitneyu(own, random, alternative="greater").pvalue),
        "p_below": float(stats.mannwhitneyu(own, random, alternative="less").pvalue),
        "dimensions": [
            {"dimension": int(dimension) + 1, "marks": _marks(found, row, inputs["marks"])}
            for row, dimension in enumerate(found.dimensions)
        ],
        "examples": [_example(found, row, aligned, inputs) for row in _shown(found, inputs["examples"])],
    }


def _summary(changes: MarkChanges) -> dict[str, Any]:
    return {
        "named": int(changes.named.sum()),
        "discoveries": changes.discovered.sum(axis=1).tolist(),
        "greatest": changes.greatest.tolist(),
    }


def _marks(found: AlteredDimensions, row: int, most: int) -> list[dict[str, Any]]:
    """Return the discoveries of a dimension that change most; of several marks of one name the first."""
    changes = np.where(found.own.discovered[row], found.own.changes[row], 0)
    by_name: dict[str, float] = {}
    for mark in np.argsort(-np.abs(changes), kind="stable")[: int(found.own.discovered[row].sum())].tolist():
        by_name.setdefault(found.marks[mark], float(changes[mark]))
    return [{"name": name, "change": change} for name, change in list(by_name.items())[:most]]


def _shown(found: AlteredDimensions, examples: int) -> list[int]:
    """Return the dimensions that change most, and those that change least, each at most once."""
    order = np.argsort(-found.own.greatest, kind="stable").tolist()
    return list(dict.fromkeys([*order[:examples], *order[::-1][:examples]]))


def _example(found: AlteredDimensions, row: int, data: Dataset, inputs: Mapping[str, Any]) -> dict[str, Any]:
    """Return the nearest items of one start while a dimension goes from its low to its high level in equal steps.

    The start is the one whose nearest items change most, of equals the first that was drawn.
    """
    neighbours, names = found.neighbours, data.items.columns["name"]
    axis = np.zeros((1, neighbours.vectors.shape[1]))
    axis[0, found.dimensions[row]] = 1
    lowest, highest = levels_of(neighbours.vectors, axis, ENDS)[0].tolist()
    levels = np.linspace(lowest, highest, inputs["steps"])
    moved = altered(neighbours.vectors[found.starts], axis, levels[None])[0]
    count = min(inputs["shown"], len(neighbours.items))
    low, high = (neighbours.nearest(moved[end], count) for end in (0, -1))
    most = int((low[:, :, None] == high[:, None, :]).sum(axis=(1, 2)).argmin())
    near = neighbours.nearest(moved[:, most], count)
    is_item = inputs["of"] == "items"
    return {
        "dimension": int(found.dimensions[row]) + 1,
        "start": str(names[int(neighbours.items[found.starts[most]])].as_py()) if is_item else "",
        "levels": levels.tolist(),
        "items": [names.take(neighbours.items[step]).to_pylist() for step in near],
    }
