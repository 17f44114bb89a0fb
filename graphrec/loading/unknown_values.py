"""Remarks on values and ids that look as if nothing were known, and were stored all the same."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pyarrow as pa
import pyarrow.compute as pc

from graphrec.loading.matching import unique_texts
from graphrec.loading.missing import looks_missing
from graphrec.wording import counted, readable

if TYPE_CHECKING:
    from graphrec.loading.contract import LoaderReport
    from graphrec.tables.graph_tables import GraphTables

_MOST = 10
"""So many values are named one by one."""


def remark_on_unknown_values(tables: GraphTables, report: LoaderReport, remedy: str) -> None:
    """Add a remark for each attribute value, entity and id that often stands for a missing value.

    Args:
        tables: of a data set.
        report: receives the remarks.
        remedy: how such a value is left out, with ``{}`` where the value stands in quotation marks.
    """
    found = [*_attributes(tables), *_entities(tables), *_ids(tables)]
    for sentence, value in found[:_MOST]:
        report.remarks.append(f"{sentence}, which looks as if nothing were known; it is kept. {remedy.format(value)}")
    if len(found) > _MOST:
        report.remarks.append(f"{counted(len(found) - _MOST, 'further value')} look as if nothing were known")


def _attributes(tables: GraphTables) -> list[tuple[str, str]]:
    nodes = tables.nodes.get("Attribute")
    if nodes is None or "value" not in nodes.column_names:
        return []
    carried = nodes.filter(looks_missing(nodes.column("value").cast(pa.string())))
    sentences = []
    for row in carried.select(["id", "owner", "kind", "value"]).to_pylist():
        label = str(row["owner"]).capitalize()
        n = sum(_count(table, row["id"]) for kind, table in tables.edges.items() if kind.source == label)
        who, value = counted(n, str(row["owner"])), readable(str(row["value"]).strip())
        sentences.append((f"{who} {'has' if n == 1 else 'have'} the {readable(row['kind'])} {value!r}", f'"{value}"'))
    return sentences


def _entities(tables: GraphTables) -> list[tuple[str, str]]:
    nodes = tables.nodes.get("Entity")
    if nodes is None:
        return []
    ids = unique_texts(nodes.column("id"))
    sentences = []
    for identifier in ids.filter(looks_missing(ids)).to_pylist():
        n = sum(_count(table, identifier) for kind, table in tables.edges.items() if kind.target == "Entity")
        shown = readable(identifier)
        sentences.append((f"{counted(n, 'fact')} lead{'s' if n == 1 else ''} to the entity {shown!r}", f'"{shown}"'))
    return sentences


def _ids(tables: GraphTables) -> list[tuple[str, str]]:
    sentences = []
    for label, article in (("User", "a"), ("Item", "an")):
        if label in tables.nodes:
            ids = unique_texts(tables.nodes[label].column("id"))
            shown = [readable(identifier) for identifier in ids.filter(looks_missing(ids)).to_pylist()]
            sentences += [(f"there is {article} {label} {text!r}", f'"{text}"') for text in shown]
    return sentences


def _count(table: pa.Table, target: str) -> int:
    return pc.sum(pc.equal(table.column("to").cast(pa.string()), target)).as_py() or 0
