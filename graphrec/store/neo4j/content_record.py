"""What is stored of a data set, set down on its record: rows and hash of each part.

A load adds to it what it changes, in the transactions that change it, so that the fingerprint afterwards costs nothing.
It holds for the record that was loaded last. One that does not fit the record's fingerprint, as where an earlier
graphrec loaded since, is no record.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from graphrec.tables.fingerprint import Fingerprint, PartHash

if TYPE_CHECKING:
    from collections.abc import Mapping


def encoded(content: Fingerprint) -> str:
    """Return rows and hash of each part as JSON; parts without rows are left out."""
    return json.dumps({part: list(counted) for part, counted in sorted(content.parts.items()) if counted.rows})


def decoded(text: str | None) -> Fingerprint | None:
    """Return what ``encoded`` wrote; None where it wrote nothing."""
    if not text:
        return None
    return Fingerprint({part: PartHash(*counted) for part, counted in json.loads(text).items()})


def recorded_content(row: Mapping[str, Any]) -> Fingerprint | None:
    """Return what a Dataset node says is stored; None where that is not known.

    Args:
        row: properties of the node that was loaded last. While it is being loaded, each batch brings it up to date.
    """
    content = decoded(row.get("parts"))
    if content is None or row["status"] == "loading" or content.text() == row["fingerprint"]:
        return content
    return None
