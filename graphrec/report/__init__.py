"""A report as a value, and the three forms that it is written in: Markdown, one HTML page, JSON."""

from graphrec.report.charts import Band, Chart, Cloud, Densities, Heat, Lines, Points
from graphrec.report.document import (
    Block,
    Column,
    Drawing,
    Figure,
    Finding,
    Heading,
    Interval,
    Report,
    Spread,
    Table,
    Text,
)
from graphrec.report.from_json import read_report
from graphrec.report.writing import write_report

__all__ = [
    "Band",
    "Block",
    "Chart",
    "Cloud",
    "Column",
    "Densities",
    "Drawing",
    "Figure",
    "Finding",
    "Heading",
    "Heat",
    "Interval",
    "Lines",
    "Points",
    "Report",
    "Spread",
    "Table",
    "Text",
    "read_report",
    "write_report",
]
