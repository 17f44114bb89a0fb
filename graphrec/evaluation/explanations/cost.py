"""The cost of an explanation: seconds of one core."""

from __future__ import annotations

import time
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import torch

if TYPE_CHECKING:
    from collections.abc import Iterator

    from graphrec.dataset.profiles import Profiles
    from graphrec.explaining.explainer import Explainer
    from graphrec.models.model import Model


@dataclass(frozen=True)
class Cost:
    """Processor time of explaining pairs of user and item.

    Attributes:
        explanations: how many pairs.
        seconds: of processor time, all threads together, so that it is the time of one core.
    """

    explanations: int
    seconds: float

    @property
    def per_second(self) -> float:
        """Explanations a second on one core."""
        return self.explanations / self.seconds

    def times_cheaper_than(self, other: Cost) -> float:
        """Return how many times as much an explanation of the other costs."""
        return self.per_second / other.per_second

    def to_dict(self) -> dict[str, Any]:
        """Return plain numbers for JSON."""
        return {"explanations": self.explanations, "seconds": self.seconds, "per_second": self.per_second}


def cost(model: Model, explainer: Explainer, profiles: Profiles, items: torch.Tensor, *, at_least: float = 0.5) -> Cost:
    """Time an explainer, warm: one user is explained before, and not counted.

    Source: Fusco et al., "RecoNet", IJCAI 2019, section 5.5, which names seconds for each explanation.

    Args:
        model: fitted.
        explainer: prepared.
        profiles: of B users, all with inputs.
        items: int64 [B, k], all given.
        at_least: seconds; all pairs are explained over and over until they have passed, for the clock is coarse.
    """
    with _one_thread():
        explainer.weigh(model, profiles.rows(torch.arange(1).numpy()), items[:1])
        times, begin = 0, time.process_time()
        while not times or time.process_time() - begin < at_least:
            explainer.weigh(model, profiles, items)
            times += 1
        return Cost(times * items.numel(), max(time.process_time() - begin, 1e-9))


@contextmanager
def _one_thread() -> Iterator[None]:
    """Let torch use one thread, so that none waits for another on the clock of processors."""
    before = torch.get_num_threads()
    torch.set_num_threads(1)
    try:
        yield
    finally:
        torch.set_num_threads(before)
