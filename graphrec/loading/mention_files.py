"""Mentions that were extracted before, in whatever form they come."""

from __future__ import annotations

from typing import TYPE_CHECKING

from graphrec.errors import InputError
from graphrec.loading.any_file import DELIMITERS, JSON_ENDINGS, ending_of, read_any
from graphrec.loading.columns import Column
from graphrec.loading.cornac_tuples import holds_tuples, read_tuples
from graphrec.loading.files import require_file
from graphrec.loading.mention_columns import count_column, sentiment_column, with_defaults
from graphrec.loading.review_blocks import column_names
from graphrec.loading.sentires import QUADRUPLES, is_pickle, read_sentires

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    import pyarrow as pa

    from graphrec.loading.contract import LoaderReport

_PICKLES = (".pickle", ".pkl")
_FORMS = (
    "a table (.parquet, .csv, .tsv, .jsonl) with user, item, feature and, if known, sentiment and count; "
    "Sentires' reviews.pickle, or its reviews as JSON lines; Cornac's lines user,item,feature:opinion:sentiment,…"
)


def read_mentions(path: Path, report: LoaderReport) -> pa.Table:
    """Return the mentions of a file.

    Its form follows from its ending and from what it begins with: a table as ``graphrec reviews`` writes it (Parquet,
    CSV, TSV or JSON lines), Sentires' pickle or JSON lines, or Cornac's tuples. Nothing in a file is ever run.

    Args:
        path: the file.
        report: receives its account.

    Returns:
        A table with ``user``, ``item``, ``feature``, ``sentiment`` (0 where none is given) and ``count`` (1 where none
        is given); rows may repeat.

    Raises:
        InputError: the file is unusable, or of none of these forms.
    """
    require_file(path)
    ending = ending_of(path)
    if is_pickle(path) or ending in _PICKLES:
        return read_sentires(path, report, pickled=True)
    if ending not in (".parquet", *JSON_ENDINGS, *DELIMITERS):
        raise InputError(
            f"nobody knows how mentions stand in a file ending in {ending!r}", where=str(path), remedy=_known()
        )
    if ending in DELIMITERS and holds_tuples(path):
        return read_tuples(path, report)
    names = column_names(path)
    if ending in JSON_ENDINGS and {"user", "item"} <= set(names) and any(name in names for name in QUADRUPLES):
        return read_sentires(path, report, pickled=False)
    if not {"user", "item", "feature"} <= set(names):
        raise InputError(
            f"these are no mentions: their columns are {', '.join(names[:10])}", where=str(path), remedy=_known()
        )
    return with_defaults(read_any(path, _columns(names), report))


def _columns(names: Sequence[str]) -> list[Column]:
    """Return the columns of mentions among those that a file has."""
    ids = [Column(name, "id", required=True) for name in ("user", "item")]
    columns = [*ids, Column("feature", required=True), sentiment_column("sentiment"), count_column("count")]
    return [column for column in columns if column.name in names]


def _known() -> str:
    return f"Known: {_FORMS}"
