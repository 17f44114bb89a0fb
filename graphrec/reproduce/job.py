"""The unit of work: what decides a result, and the key that its result is kept under."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, Any

from graphrec import __version__
from graphrec.reproduce.code import code_fingerprint
from graphrec.reproduce.jobs.registry import modules_of

if TYPE_CHECKING:
    from collections.abc import Mapping


@dataclass(frozen=True, eq=False)
class Job:
    """One measurement or fit.

    Two jobs of one key are one job. ``label`` and ``keep`` are no part of the key.

    Attributes:
        kind: one of ``KINDS``, or ``module:function`` of one's own.
        group: what it belongs to for people and for the cache's folders: a model's name, mostly.
        label: what a person reads while it is done.
        inputs: everything that the result depends on beside the results in ``needs``, as JSON can say it: settings,
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
        """What the key is a digest of: inputs, needed jobs, and the source code that makes the result."""
        return {
            "kind": self.kind,
            "inputs": dict(self.inputs),
            "needs": [job.key for job in self.needs],
            "graphrec": __version__,
            "code": code_fingerprint(modules_of(self.kind, self.inputs)),
        }

    @cached_property
    def key(self) -> str:
        """Twenty hexadecimal digits that change when anything does that the result depends on."""
        text = json.dumps(self.decides, sort_keys=True, separators=(",", ":"), allow_nan=False)
        return hashlib.sha256(text.encode()).hexdigest()[:20]
