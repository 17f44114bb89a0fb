"""Who went where: reviews and, where asked for, tips."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from graphrec.errors import InputError
from graphrec.loading.columns import Column
from graphrec.loading.interactions import encoded, interactions
from graphrec.loading.json_lines import read_json_lines

if TYPE_CHECKING:
    from pathlib import Path

    from graphrec.loading.contract import LoaderReport

    from .files import YelpFiles

BEST = 5
_PAIR = [Column("user_id", "id", required=True), Column("business_id", "id", required=True)]
_DATE = Column("date", "time", unit="iso")


def read_visits(
    files: YelpFiles, businesses: pa.Array | None, report: LoaderReport, *, tips: bool, with_text: bool
) -> pa.Table:
    """Return ``INTERACTED``: a review with its stars and date; a tip where the user reviewed not, without stars.

    Args:
        files: the files.
        businesses: ids of those that are taken; None for all.
        report: receives accounts and remarks.
        tips: whether tips are read.
        with_text: texts are read by other means, so that the account does not call them dropped.

    Raises:
        InputError: a file is absent or unusable, or no review is of these businesses.
    """
    stars = Column("stars", "number", required=True, minimum=0, maximum=BEST)
    apart = ["text"] if with_text else []
    reviews = read_json_lines(files.review, [*_PAIR, stars, _DATE], report, read_apart=apart)
    taken = _of(reviews, businesses)
    if not taken.num_rows:
        where, remedy = str(files.review), "Take more businesses, or fetch both files of one edition"
        raise InputError("no review is of a business that is taken", where=where, remedy=remedy)
    if tips:
        taken = _with_tips(
            taken, _of(read_json_lines(files.tip, [*_PAIR, _DATE], report), businesses), files.tip, report
        )
    elif files.tip.is_file():
        report.remarks.append(f"{files.tip.name}: not read; tips=true takes tips as interactions without a rating")
    return interactions(
        taken.column("user_id"),
        taken.column("business_id"),
        report,
        rating=taken.column("stars"),
        timestamp=taken.column("date"),
    )


def _of(table: pa.Table, businesses: pa.Array | None) -> pa.Table:
    """Return the rows of some businesses, with dictionaries of no other users."""
    if businesses is None:
        return table
    rows = table.filter(pc.is_in(table.column("business_id").cast(pa.string()), value_set=businesses))
    for name in ("user_id", "business_id"):
        place = rows.column_names.index(name)
        rows = rows.set_column(place, name, rows.column(name).cast(pa.string()).dictionary_encode())
    return rows


def _with_tips(reviews: pa.Table, tips: pa.Table, path: Path, report: LoaderReport) -> pa.Table:
    """Return reviews, and tips of pairs that have no review: a later tip takes the stars from no review."""
    both = pa.concat_tables([reviews, tips], promote_options="default")
    users, items = encoded(both.column("user_id")), encoded(both.column("business_id"))
    pairs = np.asarray(users.indices).astype(np.int64) * len(items.dictionary) + np.asarray(items.indices)
    is_review = np.arange(len(pairs)) < reviews.num_rows
    kept = is_review | ~np.isin(pairs, pairs[is_review])
    report.remarks.append(
        f"{path.name}: {int(kept[~is_review].sum()):,} tips are interactions without a rating; the other "
        f"{int((~kept).sum()):,} are on businesses that the user reviewed"
    )
    return both.filter(pa.array(kept))
