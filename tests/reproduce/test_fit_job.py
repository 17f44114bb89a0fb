"""One fit of a recipe: what its result says."""

from __future__ import annotations

from types import SimpleNamespace
from typing import TYPE_CHECKING, cast

from graphrec.dataset.splitting import random_split
from graphrec.reproduce.cache import Cache
from graphrec.reproduce.job import Job
from graphrec.reproduce.jobs.fit import fit
from graphrec.reproduce.sections.results_table import _mean_of_known
from graphrec.testing.toy import toy

if TYPE_CHECKING:
    from pathlib import Path

    from graphrec.reproduce.job_context import JobContext


def test_the_time_of_a_fit_that_went_on_from_a_checkpoint_is_not_told(tmp_path: Path) -> None:
    data = toy()
    split = random_split(data).apply(data)
    context = cast("JobContext", SimpleNamespace(split=lambda _: split, cache=Cache(tmp_path)))
    settings = {"epochs": 2, "embedding_size": 4}
    inputs = {"model": "reconet", "settings": settings, "split": "s", "metrics": ["recall@10"], "candidates": "full"}
    job = Job("fit", "reconet", "RecoNet", inputs)
    first, again = fit(context, job), fit(context, job)
    assert first["seconds"] > 0
    assert first["wall"] > 0
    assert (again["seconds"], again["wall"]) == (None, None)
    assert {**again, "seconds": first["seconds"], "wall": first["wall"]} == first


def test_the_mean_is_of_what_is_known() -> None:
    assert _mean_of_known([2.0, None, 4.0]) == 3.0
    assert _mean_of_known([None]) is None
