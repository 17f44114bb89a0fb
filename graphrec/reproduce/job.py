"""The unit of work: what decides a result, and the key that its result is kept under."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass, field
from functools import cached_property
from importlib import import_module
from typing import TYPE_CHECKING, Any

from graphrec import __version__

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from graphrec.reproduce.job_context import Workplace

KINDS: dict[str, str] = {
    "fit": "graphrec.reproduce.jobs.fit:fit",
    "reasons": "graphrec.reproduce.jobs.reasons:reasons",
    "costs": "graphrec.reproduce.jobs.costs:costs",
    "stability": "graphrec.reproduce.jobs.stability:stability",
    "planted": "graphrec.reproduce.jobs.planted:planted",
    "shift": "graphrec.reproduce.jobs.shift:shift",
    "embedding": "graphrec.reproduce.jobs.embedding:embedding",
    "recommendation": "graphrec.reproduce.jobs.recommendation:recommendation",
}
"""Kind of job to ``module:function``. A function takes the workplace and the job, and returns what JSON can say."""


@dataclass(frozen=True, eq=False)
class Job:
    """One measurement or fit.

    Two jobs of one key are one job. ``label`` and ``keep`` are no part of the key.

    Attributes:
        kind: one of ``KINDS``, or ``module:function`` of one's own.
        group: what it belongs to for people and for the cache's folders: a model's name, mostly.
        label: what a person reads while it is done.
        inputs: everything that the result depends on beside what ``needs`` found, as JSON can say it: settings,
            fingerprints of data and split, numbers of pairs, seeds.
        needs: jobs whose results or models it works with.
        keep: whether the fitted model is kept with the result.
    """

    kind: str
    group: str
    label: str
    inputs: Mapping[str, Any]
    needs: tuple[Job, ...] = ()
    keep: bool = field(default=False)

    @cached_property
    def decides(self) -> dict[str, Any]:
        """What the key is a digest of."""
        return {
            "kind": self.kind,
            "inputs": dict(self.inputs),
            "needs": [job.key for job in self.needs],
            "graphrec": __version__,
        }

    @cached_property
    def key(self) -> str:
        """Twenty hexadecimal digits that change when anything does that the result depends on."""
        said = json.dumps(self.decides, sort_keys=True, separators=(",", ":"), allow_nan=False)
        return hashlib.sha256(said.encode()).hexdigest()[:20]

    @property
    def function(self) -> Callable[[Workplace, Job], dict[str, Any]]:
        """The function that does it."""
        module, _, name = KINDS.get(self.kind, self.kind).partition(":")
        found: Callable[[Workplace, Job], dict[str, Any]] = getattr(import_module(module), name)
        return found
