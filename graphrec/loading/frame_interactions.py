"""A frame of interactions, by the roles of its columns."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from graphrec.loading.columns import Column
from graphrec.loading.frame_nodes import names_of, refuse_reserved
from graphrec.loading.frame_rows import RowFilter
from graphrec.loading.interactions import interactions
from graphrec.loading.missing import null_for_empty
from graphrec.schema.property_graph import SCHEMA

if TYPE_CHECKING:
    from collections.abc import Sequence

    import pyarrow as pa

    from graphrec.loading.contract import LoaderReport
    from graphrec.loading.frame_columns import Frame
    from graphrec.loading.times import TimeUnit
    from graphrec.schema.elements import Property


@dataclass(frozen=True)
class FrameInteractions:
    """The roles of the columns of the interactions; ``frames_to_tables`` describes them."""

    user: str
    item: str
    rating: str | None
    weight: str | None
    timestamp: str | None
    time_unit: TimeUnit
    time_format: str
    lowest_rating: float
    properties: Sequence[str]
    missing: tuple[str, ...]

    def read(self, frame: Frame, report: LoaderReport) -> tuple[pa.Table, tuple[Property, ...]]:
        """Return the edges and their declared properties."""
        properties = names_of(self.properties)
        named = (self.user, self.item, self.rating, self.weight, self.timestamp)
        frame.require([column for column in (*named, *properties) if column is not None])
        refuse_reserved(properties, SCHEMA.relationship("INTERACTED"), frame)
        rows = RowFilter(frame, self.missing)
        rows.ids(self.user, self.item)
        if self.rating is not None:
            rows.numbers(Column(self.rating, "number", minimum=self.lowest_rating))
        if self.weight is not None:
            rows.numbers(Column(self.weight, "number", required=True, minimum=0))
        if self.timestamp is not None:
            rows.times(self.timestamp, self.time_unit, self.time_format)
        declared = rows.properties(properties)
        table = rows.valid_rows(report).table
        edges = interactions(
            table.column(self.user),
            table.column(self.item),
            report,
            rating=None if self.rating is None else table.column(self.rating),
            weight=None if self.weight is None else table.column(self.weight),
            timestamp=None if self.timestamp is None else table.column(self.timestamp),
            properties={column: null_for_empty(table.column(column)) for column in properties},
        )
        return edges, declared
