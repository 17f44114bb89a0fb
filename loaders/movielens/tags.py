"""Tags: those that users gave (``tags.csv``, ``tags.dat`` of 10M), and the tag genome with its relevances."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pyarrow as pa
import pyarrow.compute as pc

from graphrec.loading.attributes import is_frequent
from graphrec.loading.columns import Column
from graphrec.loading.delimited import read_delimited
from graphrec.loading.double_colon import read_double_colon
from graphrec.loading.matching import remark_on_matches

if TYPE_CHECKING:
    from pathlib import Path

    from graphrec.loading.attributes import AttributeTables
    from graphrec.loading.contract import LoaderReport


def add_tags(path: Path, movie_ids: pa.Array, attributes: AttributeTables, report: LoaderReport, min_uses: int) -> None:
    """Add the tags that were given at least ``min_uses`` times, to any movies; ``path`` is the file."""
    if path.suffix == ".csv":
        tags = read_delimited(path, [Column("movieId", "id", required=True), Column("tag", required=True)], report)
        tags = tags.rename_columns(["item", "tag"])
    else:
        ids = [Column(name, "id", required=True) for name in ("user", "item")]
        tags = read_double_colon(path, [*ids, Column("tag", required=True), Column("timestamp")], report)
    remark_on_matches(report, path.name, tags.column("item"), movie_ids, "the movies")
    tags = tags.filter(pc.is_in(tags.column("item").cast(pa.string()), value_set=movie_ids))
    words = pc.utf8_trim_whitespace(pc.utf8_lower(tags.column("tag")))
    often = is_frequent(words, min_uses)
    n_often = pc.sum(often).as_py() or 0
    report.remarks.append(
        f"{path.name}: {n_often} of {len(words)} tag uses are of tags given at least {min_uses} times"
    )
    attributes.add("item", "tag", tags.column("item").filter(often), words.filter(often))


def add_genome(
    path: Path, movie_ids: pa.Array, attributes: AttributeTables, report: LoaderReport, min_relevance: float
) -> None:
    """Add the tags of the tag genome whose relevance to a movie is at least ``min_relevance``.

    The genome gives every tag a computed relevance from 0 to 1 to every movie that it covers (Vig, Sen and Riedl, The
    Tag Genome, 2012): most of them say that a tag does not fit.

    Args:
        path: the folder of genome-scores.csv and genome-tags.csv.
        movie_ids: of the release.
        attributes: receives the tags as kind ``genome tag``.
        report: receives the account.
        min_relevance: from above 0 to 1.
    """
    columns = [
        Column("movieId", "id", required=True),
        Column("tagId", "id", required=True),
        Column("relevance", "number", required=True, minimum=0, maximum=1),
    ]
    scores = read_delimited(path / "genome-scores.csv", columns, report)
    n_scores = scores.num_rows
    remark_on_matches(report, "genome-scores.csv", scores.column("movieId"), movie_ids, "the movies")
    scores = scores.filter(pc.greater_equal(scores.column("relevance"), min_relevance))
    scores = scores.filter(pc.is_in(scores.column("movieId").cast(pa.string()), value_set=movie_ids))
    report.remarks.append(
        f"genome-scores.csv: {scores.num_rows:,} of {n_scores:,} relevances are of these movies and at least "
        f"{min_relevance:g}"
    )
    names = read_delimited(
        path / "genome-tags.csv", [Column("tagId", "id", required=True), Column("tag", required=True)], report
    )
    remark_on_matches(report, "genome-tags.csv", names.column("tagId"), scores.column("tagId"), "the relevances")
    known = names.column("tagId").cast(pa.string()).combine_chunks()
    place = pc.index_in(scores.column("tagId").cast(pa.string()), value_set=known)
    attributes.add("item", "genome tag", scores.column("movieId"), names.column("tag").take(place))
