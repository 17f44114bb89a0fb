"""What a job may use: the data, the splits, and the results of other jobs."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from graphrec.dataset.dataset import Dataset
    from graphrec.dataset.splitting import Split, SplitData
    from graphrec.dataset.visible_reviews import VisibleReviews
    from graphrec.models.recommender import Recommender
    from graphrec.reproduce.cache import Cache
    from graphrec.reproduce.job import Job


class JobContext:
    """Data, splits and earlier results, for the jobs of one process.

    Args:
        dataset: whole.
        splits: by fingerprint.
        cache: where results are kept.
        visible: which reviews and profiles a split leaves.

    Attributes:
        dataset, cache: the same.
    """

    def __init__(self, dataset: Dataset, splits: dict[str, Split], cache: Cache, visible: VisibleReviews) -> None:
        self.dataset = dataset
        self.cache = cache
        self._splits = splits
        self._visible = visible
        self._cut = lru_cache(maxsize=2)(self._apply)
        self._load = lru_cache(maxsize=2)(cache.model)

    def split(self, fingerprint: str) -> SplitData:
        """Return the data cut by the split of this fingerprint."""
        return self._cut(fingerprint)

    def model(self, job: Job) -> Recommender:
        """Return the fitted model that a job kept."""
        return self._load(job)

    def result(self, job: Job) -> dict[str, Any]:
        """Return the result of a job that is done."""
        return self.cache.result(job)

    def _apply(self, fingerprint: str) -> SplitData:
        return self._splits[fingerprint].apply(self.dataset, visible=self._visible)
