"""From a row, as a query or a table gives it, to a reason."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pandas as pd

from graphrec.answers.answer import Node, Reason
from graphrec.tables.uri_names import readable_name

if TYPE_CHECKING:
    from collections.abc import Hashable, Mapping

    Row = Mapping[Hashable, Any]


def reason_of(row: Row) -> Reason:
    """Return the reason that a row holds.

    Args:
        row: the columns of ``cypher/lookup/reasons``; absent values are None or NaN.
    """
    anchor, factor = value_or_none(row["anchor"]), value_or_none(row["factor"])
    flips = value_or_none(row["flips"])
    return Reason(
        evidence=_node(str(row["label"]), str(row["id"]), str(row["name"])),
        rank=int(row["rank"]),
        weight=float(row["weight"]),
        share=float(row["share"]),
        effect=number_or_none(row["effect"]),
        method=str(row["method"]),
        via=str(row["via"]),
        ground=str(row["ground"]),
        anchor=None if anchor is None else _node("Item", anchor, str(value_or_none(row["anchor_name"]) or anchor)),
        factor=None if factor is None else Node("Factor", factor, str(row["factor_name"])),
        set=int(row["set_number"]),
        contrast=value_or_none(row["contrast"]),
        delta=number_or_none(row["delta"]),
        joint_effect=number_or_none(row["joint_effect"]),
        flips=None if flips is None else bool(flips),
        net=number_or_none(row["net"]),
        held_effect=number_or_none(row["held_effect"]),
        error=number_or_none(row["error"]),
        set_of=value_or_none(row["set_of"]),
        set_name=value_or_none(row["set_name"]),
        amount=number_or_none(row["amount"]),
        contrast_name=value_or_none(row["contrast_name"]),
    )


def _node(label: str, identifier: str, name: str) -> Node:
    return Node(label, identifier, readable_name(identifier, name))


def value_or_none(value: Any) -> Any:
    """Return None for what a data frame writes where there is nothing."""
    return None if value is None or pd.isna(value) else value


def number_or_none(value: Any) -> float | None:
    """Return a number, or None where there is nothing."""
    present = value_or_none(value)
    return None if present is None else float(present)
