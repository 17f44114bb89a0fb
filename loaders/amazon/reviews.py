"""Files of reviews, one JSON object a line: the releases of 2014, 2018 and 2023."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pyarrow as pa

from graphrec.errors import InputError
from graphrec.loading.columns import Column
from graphrec.loading.interactions import interactions
from graphrec.loading.json_lines import read_json_lines
from graphrec.loading.review_blocks import json_fields
from graphrec.loading.review_texts import ReviewColumns

from .taken import VERIFIED, Taken, no_names

if TYPE_CHECKING:
    from pathlib import Path

    from graphrec.loading.contract import LoaderReport

_OLD = ReviewColumns("reviewerID", "asin", "reviewText")
_NEW = ReviewColumns("user_id", "parent_asin", "text")
"""Reviews of 2023 are of products, ``parent_asin``, in one of their variants, ``asin``."""

BEST = 5
"""The most stars; ratings above are none."""


def looks_like_reviews(path: Path) -> bool:
    """Return whether the first lines of a file hold users and products."""
    try:
        fields = set(json_fields(path))
    except InputError:
        return False
    return {_OLD.user, _OLD.item} <= fields or {_NEW.user, _NEW.item} <= fields


def read_reviews(path: Path, report: LoaderReport, *, with_text: bool) -> Taken:
    """Read a file of reviews; its fields tell the release.

    Args:
        path: the file, which may be gzip.
        report: receives the account.
        with_text: texts are read by other means, so that the account does not call them dropped.

    Raises:
        InputError: the file is absent or unusable.
    """
    fields = json_fields(path)
    is_new = _NEW.user in fields
    texts = _NEW if is_new else _OLD
    rating, time = ("rating", "timestamp") if is_new else ("overall", "unixReviewTime")
    verified = next((name for name in ("verified_purchase", "verified") if name in fields), "")
    columns = [
        Column(texts.user, "id", required=True),
        Column(texts.item, "id", required=True),
        Column(rating, "number", required=True, minimum=0, maximum=BEST),
        Column(time, "time", unit="ms" if is_new else "s"),
        *([] if is_new else [Column("reviewerName")]),
        *([Column(verified, "boolean")] if verified else []),
    ]
    reviews = read_json_lines(path, columns, report, read_apart=[texts.text] if with_text else ())
    edges = interactions(
        reviews.column(texts.user),
        reviews.column(texts.item),
        report,
        rating=reviews.column(rating),
        timestamp=reviews.column(time),
        properties={VERIFIED.name: reviews.column(verified)} if verified else {},
    )
    release = "2023" if is_new else "2018" if verified else "2014"
    names = no_names() if is_new else _names(reviews)
    return Taken(edges, release, names, texts, (VERIFIED,) if verified else ())


def _names(reviews: pa.Table) -> pa.Table:
    """Return the last name in alphabetical order of each reviewer, ``id`` and ``name``."""
    users = pa.table({"id": reviews.column("reviewerID").cast(pa.string()), "name": reviews.column("reviewerName")})
    return users.group_by("id", use_threads=False).aggregate([("name", "max")]).rename_columns(["id", "name"])
