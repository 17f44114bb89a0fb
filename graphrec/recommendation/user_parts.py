"""A run in parts: ranges of users, which any worker can recommend to by itself."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from graphrec.recommendation.batches import (
    AlignedRequest,
    factors_of,
    fallback_of,
    recommend_aligned,
    users_at_once,
)
from graphrec.store.run_parts import RunParts

if TYPE_CHECKING:
    from collections.abc import Iterator

    import numpy as np
    import numpy.typing as npt

    from graphrec.dataset.dataset import Dataset
    from graphrec.engines.engine import Engine
    from graphrec.explaining.explainer import Explainer
    from graphrec.models.model import Model
    from graphrec.recommendation.request import Request
    from graphrec.tables.explanations import Explanations

PARTS = 64
"""Parts of a run, about, where its users fill so many batches."""
MOST_USERS = 16_384
"""Users of a part, at most: what a worker gives at once is bounded."""


@dataclass(frozen=True, eq=False)
class UserRanges:
    """Recommends to ranges of users; called with a range, it yields the batches of a run without engine.

    Attributes:
        aligned_request: what is asked.
        users: positions of all users of the run.
    """

    aligned_request: AlignedRequest
    users: npt.NDArray[np.int64]

    def __call__(self, part: range) -> Iterator[Explanations]:
        """Yield recommendations with their reasons; the range is of places in ``users``."""
        yield from recommend_aligned(self.aligned_request, self.users[part.start : part.stop])


def run_parts(
    model: Model, dataset: Dataset, request: Request, explainer: Explainer | None, engine: Engine
) -> RunParts:
    """Return the batches of ``run_batches`` in parts; arguments and errors as there.

    Args:
        model: fitted.
        dataset: the data that is recommended from.
        request: what is asked.
        explainer: who weighs; None for the model itself.
        engine: has the parts made.
    """
    aligned_request = AlignedRequest.of(model, dataset, request, explainer)
    aligned_request.bases  # noqa: B018 - computed once, here, and not by each worker
    users = request.user_positions(dataset)
    return RunParts(
        factors_of(aligned_request),
        UserRanges(aligned_request, users),
        user_ranges(aligned_request, len(users)),
        fallback_of(aligned_request),
        engine,
    )


def user_ranges(aligned_request: AlignedRequest, n_users: int) -> list[range]:
    """Return the parts of a run, the same for every engine.

    A part is whole batches of ``recommend_aligned``, so that each batch has the users that it has without parts.

    Args:
        aligned_request: what is asked.
        n_users: how many users the run has.
    """
    batch = users_at_once(aligned_request)
    wanted = min(-(-n_users // PARTS), MOST_USERS)
    size = batch * max(1, wanted // batch)
    return [range(start, min(start + size, n_users)) for start in range(0, n_users, size)]
