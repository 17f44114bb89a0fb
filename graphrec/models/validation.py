"""What early stopping looks at."""

from __future__ import annotations

from typing import TYPE_CHECKING

from graphrec.evaluation import Metric, rank_metrics

if TYPE_CHECKING:
    from collections.abc import Callable

    import numpy as np
    import numpy.typing as npt

    from graphrec.dataset.incidence import Incidence

    Score = Callable[[npt.NDArray[np.int64]], npt.NDArray[np.float32]]


def validation_value(
    metric: str, scorer: Callable[[], Score], taken: Incidence, held_out: Incidence | None
) -> float | None:
    """Return the mean of a metric over users with held-out items; None where nothing is held out.

    Args:
        metric: with its k, such as ``ndcg@100``.
        scorer: makes what maps users to float32 [users, items]; called only where something is held out.
        taken: users × items, not ranked.
        held_out: users × items, to be found; None where there is no validation part.
    """
    if held_out is None or not held_out.n_entries:
        return None
    return float(rank_metrics(scorer(), taken, held_out, [Metric.parse(metric)])[metric].mean())
