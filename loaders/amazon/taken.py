"""What is read of who took what, whatever file it stands in."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import pyarrow as pa

from graphrec.schema.elements import Property, PropertyType

if TYPE_CHECKING:
    from graphrec.loading.review_texts import ReviewColumns

SPLIT = Property("split", PropertyType.STRING, "the part that the authors put it in")
VERIFIED = Property("verified", PropertyType.BOOLEAN, "whether the shop knows of the purchase")


def no_names() -> pa.Table:
    """Return names of nobody: ``id`` and ``name``."""
    return pa.table({"id": pa.array([], pa.string()), "name": pa.array([], pa.string())})


@dataclass(frozen=True)
class Taken:
    """Interactions and what belongs to them.

    Attributes:
        edges: ``INTERACTED``.
        release: year of the release; empty where the files do not say it.
        names: ``id`` and ``name`` of users whose names are there.
        texts: columns of the file of reviews; None where there are no texts.
        declared: properties of the edges.
    """

    edges: pa.Table
    release: str
    names: pa.Table = field(default_factory=no_names)
    texts: ReviewColumns | None = None
    declared: tuple[Property, ...] = ()
