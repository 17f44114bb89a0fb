"""Interactions by the roles that a section gives to what is known of them."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pyarrow as pa
import pyarrow.compute as pc

from graphrec.loading.columns import Column
from graphrec.loading.interactions import interactions
from graphrec.loading.mapped.described import KINDS
from graphrec.loading.missing import null_for_empty

if TYPE_CHECKING:
    from collections.abc import Sequence

    from graphrec.loading.contract import LoaderReport
    from graphrec.loading.mapped.sections import InteractionRoles

_PROPERTY = "property "
"""In front of the names of properties, while other columns stand beside them."""


def columns_of_roles(section: InteractionRoles, ends: tuple[str, str], missing: tuple[str, ...]) -> list[Column]:
    """Return the columns to read for a section.

    Args:
        section: what is known of the interactions.
        ends: the columns of users and of items.
        missing: the values that mean that nothing is known.
    """
    columns = [Column(name, "id", required=True, missing=missing) for name in ends]
    if section.rating:
        columns.append(Column(section.rating, "number", minimum=section.lowest_rating, missing=missing))
    if section.weight:
        columns.append(Column(section.weight, "number", required=True, minimum=0, missing=missing))
    if section.timestamp:
        unit, time_format = section.time_unit or "s", section.time_format
        columns.append(Column(section.timestamp, "time", unit=unit, missing=missing, time_format=time_format))
    return columns + [Column(name, KINDS[p.type], missing=missing) for name, p in section.properties.items()]


def by_role(section: InteractionRoles, ends: tuple[str, str], table: pa.Table) -> pa.Table:
    """Return rows that were read, their columns called by their roles and properties by their names."""
    roles = {"user": ends[0], "item": ends[1]}
    roles |= {role: getattr(section, role) for role in ("rating", "weight", "timestamp")}
    properties = {p.name or name: null_for_empty(table.column(name)) for name, p in section.properties.items()}
    return pa.table(
        {
            **{role: table.column(column) for role, column in roles.items() if column},
            **{f"{_PROPERTY}{name}": values for name, values in properties.items()},
        }
    )


def merged_interactions(
    sections: Sequence[InteractionRoles], tables: Sequence[pa.Table], report: LoaderReport
) -> pa.Table:
    """Return the edges of all sections, each pair once.

    Args:
        sections: what is known of the interactions.
        tables: the rows of each, as ``by_role`` returns them.
        report: receives the account of ``interactions``.
    """
    table = pa.concat_tables(tables, promote_options="default")
    own = {name: table.column(name) for name in ("rating", "weight", "timestamp") if name in table.column_names}
    if "weight" in own:  # where one section weighs and another does not, a row of the other counts once
        own["weight"] = pc.fill_null(own["weight"], 1.0)
    declared = [p.name or name for section in sections for name, p in section.properties.items()]
    properties = {name: table.column(f"{_PROPERTY}{name}") for name in declared}
    return interactions(table.column("user"), table.column("item"), report, **own, properties=properties)
