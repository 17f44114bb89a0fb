"""From a fitted recommender and what was held out to an ``Evaluation``."""

from __future__ import annotations

import time
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from graphrec.dataset.splitting import SplitData
from graphrec.engines.naming import engine_of
from graphrec.errors import InputError, UsageError
from graphrec.evaluation.aligned_scorer import AlignedScorer
from graphrec.evaluation.evaluation import Evaluation
from graphrec.progress import no_progress
from graphrec.rankings.candidates import Full, RankingTask
from graphrec.rankings.metrics import Metric
from graphrec.rankings.rank_metrics import UserRanking, joined_rankings
from graphrec.training_warnings import LEAKING

if TYPE_CHECKING:
    from collections.abc import Sequence

    import numpy.typing as npt

    from graphrec.dataset.dataset import Dataset
    from graphrec.dataset.incidence import Incidence
    from graphrec.engines.engine import Engine
    from graphrec.models.recommender import Recommender
    from graphrec.progress import Progress
    from graphrec.rankings.candidates import Candidates
    from graphrec.rankings.rank_metrics import MeasuredRankings


def evaluate(
    recommender: Recommender,
    data: SplitData | tuple[Dataset, Incidence],
    metrics: str | Sequence[str],
    *,
    part: str = "test",
    candidates: Candidates | None = None,
    shown: Dataset | None = None,
    progress: Progress = no_progress,
    engine: str | Engine = "",
) -> Evaluation:
    """Rank for every user with held-out items, and measure where those stand.

    A held-out item that the recommender does not know is never found. A user about whom it knows nothing is
    recommended nothing, so that every value is 0: what is evaluated is what would be recommended.

    Args:
        recommender: fitted, on data that holds none of what is held out; nothing here can tell.
        data: a data set that a split has cut; or what may be seen of the users, and what is held out.
        metrics: one such as ``recall@50``, or several.
        part: ``test`` or ``validation`` of the split, what is to be found.
        candidates: what is ranked; ``Full()`` if left out.
        shown: what the recommender is shown of the users, where that is less than may be seen
            (``dataset.splitting.reduced_parts.with_few_given``). What it is not shown is not ranked all the same, so
            that figures of one user rest on the same candidates.
        progress: told how many users are done.
        engine: whose workers score: ``processes:N``, ``ray``, ``ray://HOST:PORT``, or an ``Engine``; empty for this
            process. The figures are the same.

    Raises:
        UsageError: a metric or a part that there is not, or other users are shown than those of the data.
        InputError: nobody has held-out items, or one of them was taken.
        ModelError: a score is NaN.
    """
    chosen_metrics = [Metric.parse(text) for text in ([metrics] if isinstance(metrics, str) else metrics)]
    if not chosen_metrics:
        raise UsageError("no metric is named", remedy="Name some, such as ndcg@10 and recall@50")
    chosen = candidates or Full()
    if isinstance(data, SplitData):
        seen = data.seen
        held_out, liked = parts_of(data, part)
    elif not isinstance(data, tuple):
        raise UsageError(
            f"a model is evaluated on data that a split has cut, not on {type(data).__name__}",
            remedy="Cut it, and fit the model on the training part: cut = gr.split(dataset).apply(dataset)",
        )
    else:
        (seen, held_out), liked = data, None
    _refuse_taken(seen, held_out)
    if shown is not None and not (shown.users.ids.equals(seen.users.ids) and shown.items.ids.equals(seen.items.ids)):
        raise UsageError("what is shown has other users or items than the data", remedy="Show a part of the same data")
    scorer = AlignedScorer.of(recommender, shown or seen)
    started = time.perf_counter()
    task = RankingTask(seen.taken, held_out, liked)
    ranking = UserRanking(scorer.scores, task, tuple(chosen_metrics), chosen, recommender.name)
    rankings, without_input = _measured(ranking, scorer, engine_of(engine), progress)
    return Evaluation(
        model=recommender.name,
        values=rankings.values,
        users=rankings.users,
        candidates=str(chosen),
        sampled=chosen.sampled,
        without_items=int(np.count_nonzero(held_out.counts == 0)),
        without_input=without_input,
        seconds=time.perf_counter() - started,
        leaking=bool(seen.leaking or recommender.record.metrics.get(LEAKING)),
    )


@dataclass(frozen=True, eq=False)
class _CountedRanking:
    """Rankings of some users, with how many of them the recommender knows nothing about."""

    ranking: UserRanking
    scorer: AlignedScorer

    def __call__(self, users: npt.NDArray[np.int64]) -> tuple[MeasuredRankings, int]:
        before = self.scorer.without_input
        rankings = self.ranking(users)
        return rankings, self.scorer.without_input - before


def _measured(
    ranking: UserRanking, scorer: AlignedScorer, engine: Engine, progress: Progress
) -> tuple[MeasuredRankings, int]:
    """Return the rankings of all users with held-out items, and of how many of them nothing is known."""
    parts, done, without_input = {}, 0, 0
    n_users = int(np.count_nonzero(ranking.task.held_out.counts))
    for number, (rankings, without) in engine.map(_CountedRanking(ranking, scorer), ranking.users()):
        parts[number] = rankings
        without_input += without
        done += len(np.unique(rankings.users))
        progress("evaluating", done, n_users)
    return joined_rankings([parts[number] for number in sorted(parts)]), without_input


def parts_of(data: SplitData, part: str) -> tuple[Incidence, Incidence]:
    """Return what is to be found, and what else is known to be liked."""
    if part not in ("test", "validation"):
        raise UsageError(f"{part!r} is no part to be found", remedy="Choose test or validation")
    return (data.test, data.validation) if part == "test" else (data.validation, data.test)


def _refuse_taken(seen: Dataset, held_out: Incidence) -> None:
    both = seen.taken.has(held_out.row_of_entry, held_out.indices)
    if both.any():
        raise InputError(
            f"{int(both.sum()):,} of {len(both):,} held-out items were taken by the same user in what may be seen",
            remedy="Evaluate on interactions that training did not see",
        )
