"""Mentions out of any number of reviews: part by part, in several processes, and again from where a run stopped."""

from __future__ import annotations

import json
from collections import deque
from concurrent.futures import ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from contextlib import ExitStack
from dataclasses import dataclass
from multiprocessing import get_context
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from graphrec.digests import digest
from graphrec.errors import GraphrecError
from graphrec.progress import Progress, no_progress
from graphrec.reviews.mentions import ALL, FeatureChoice, merged
from graphrec.reviews.parts import PartFolder

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from concurrent.futures import Future

    from graphrec.reviews.extractor import Extractor

REVIEWS_AT_ONCE = 1000
"""Reviews of a part."""
_WAITING = 2
"""Parts for each process that are read and not yet extracted."""
_STEP = "reading reviews"


@dataclass(frozen=True)
class Extraction:
    """What was found in reviews.

    Attributes:
        mentions: with the columns of ``graphrec.reviews.mentions.MENTIONS``.
        reviews: that were read.
        speaking: reviews in which something was found, whether or not it became a feature.
        candidates: different candidates that were found.
        features: candidates that became features.
        resumed: reviews whose parts an earlier run had done.
    """

    mentions: pa.Table
    reviews: int
    speaking: int
    candidates: int
    features: int
    resumed: int


@dataclass(frozen=True)
class _Part:
    """A part's place and digest, by which it is kept."""

    number: int
    key: str


def extract_mentions(
    reviews: Iterable[pa.Table],
    extractor: Extractor,
    choice: FeatureChoice = ALL,
    *,
    workers: int = 1,
    folder: Path | None = None,
    progress: Progress = no_progress,
) -> Extraction:
    """Return what reviews say of features.

    The result depends on the reviews, the extractor and the choice, not on the number of processes, nor on whether a
    run was stopped and begun again. Memory grows with what is found, not with the texts.

    Args:
        reviews: tables with ``user``, ``item`` and ``text`` as strings without nulls; each is a part that is extracted
            by itself, of ``REVIEWS_AT_ONCE`` rows or so.
        extractor: finds features in texts.
        choice: which candidates become features.
        workers: processes side by side. A script that asks for several must guard its own start by
            ``if __name__ == "__main__"``, as ``multiprocessing`` wants it.
        folder: where parts are kept until the end, so that the same call goes on after a stop; a temporary one if None.
            The caller removes it when the result is safe: ``PartFolder.at(folder).remove()``.
        progress: called after each part with the number of reviews.

    Raises:
        InputError: something else lies in ``folder``.
        MissingExtraError: a package that the extractor stands on is not installed.
        GraphrecError: a process was ended from outside.
    """
    settings = json.dumps(dict(extractor.settings), sort_keys=True)
    with ExitStack() as stack:
        parts = PartFolder.at(folder or Path(stack.enter_context(TemporaryDirectory(prefix="graphrec-reviews-"))))
        done: list[_Part] = []
        n_reviews = resumed = 0
        for part, size, was_there in _extracted(_keyed(reviews, settings), extractor, parts, workers):
            done.append(part)
            n_reviews += size
            resumed += size if was_there else 0
            progress(_STEP, n_reviews, 0)
        return _chosen(parts, done, choice, n_reviews, resumed)


def _keyed(reviews: Iterable[pa.Table], settings: str) -> Iterator[tuple[_Part, pa.Table]]:
    for number, table in enumerate(reviews):
        columns = [table.column(name).to_pylist() for name in ("user", "item", "text")]
        yield _Part(number, digest(settings, json.dumps(columns))), table


def _extracted(
    parts: Iterable[tuple[_Part, pa.Table]], extractor: Extractor, kept: PartFolder, workers: int
) -> Iterator[tuple[_Part, int, bool]]:
    """Extract parts that are not kept yet; yield all in their order, with their size and whether they were there."""
    if workers == 1:
        for part, reviews in parts:
            was_there = kept.read(part.number, part.key) is not None
            if not was_there:
                _keep(kept, part, reviews, extractor.extract(reviews.column("text").to_pylist()))
            yield part, reviews.num_rows, was_there
        return
    waiting: deque[tuple[_Part, pa.Table, Future[pa.Table] | None]] = deque()
    with ProcessPoolExecutor(workers, mp_context=get_context("spawn")) as pool:
        try:
            for part, reviews in parts:
                was_there = kept.read(part.number, part.key) is not None
                texts = [] if was_there else reviews.column("text").to_pylist()
                waiting.append((part, reviews, None if was_there else pool.submit(extractor.extract, texts)))
                if len(waiting) > _WAITING * workers:
                    yield _ended(kept, *waiting.popleft())
            while waiting:
                yield _ended(kept, *waiting.popleft())
        except BrokenProcessPool as error:
            raise GraphrecError(
                "a process that read reviews was ended from outside, perhaps for want of memory",
                remedy="The same command again goes on where it was; fewer workers need less",
            ) from error
        finally:
            pool.shutdown(cancel_futures=True)


def _ended(kept: PartFolder, part: _Part, reviews: pa.Table, found: Future[pa.Table] | None) -> tuple[_Part, int, bool]:
    if found is not None:
        _keep(kept, part, reviews, found.result())
    return part, reviews.num_rows, found is None


def _keep(kept: PartFolder, part: _Part, reviews: pa.Table, found: pa.Table) -> None:
    """Write what was found in a part, with users and items beside the numbers of the texts."""
    text = found.column("text")
    owners = {name: reviews.column(name).take(text).cast(pa.string()) for name in ("user", "item")}
    kept.write(part.number, part.key, pa.table({**owners, **{name: found.column(name) for name in found.column_names}}))


def _chosen(kept: PartFolder, parts: list[_Part], choice: FeatureChoice, n_reviews: int, resumed: int) -> Extraction:
    """Count how many reviews speak of each candidate, choose the features, and merge what is said of them."""
    counts, speaking = [], 0
    for part in parts:
        table = _read(kept, part)
        speaking += pc.count_distinct(table.column("text")).as_py()
        counts.append(table.group_by("feature", use_threads=False).aggregate([("text", "count")]))
    if not counts:
        return Extraction(merged([]), 0, 0, 0, 0, 0)
    by_candidate = pa.concat_tables(counts).group_by("feature", use_threads=False).aggregate([("text_count", "sum")])
    candidates = by_candidate.column("feature").combine_chunks()
    numbers = np.asarray(by_candidate.column("text_count_sum"), dtype=np.int64)
    features = choice.chosen(candidates, numbers, speaking)
    mentions = merged(_of_features(_read(kept, part), features) for part in parts)
    return Extraction(mentions, n_reviews, speaking, len(candidates), len(features), resumed)


def _read(kept: PartFolder, part: _Part) -> pa.Table:
    table = kept.read(part.number, part.key)
    if table is None:
        raise GraphrecError(
            "a part of the extraction has gone or was changed while it ran",
            where=str(kept.folder),
            remedy="Run the same command again, alone",
        )
    return table


def _of_features(table: pa.Table, features: pa.Array) -> pa.Table:
    return table.filter(pc.is_in(table.column("feature"), value_set=features))
