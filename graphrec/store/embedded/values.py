"""From the engine's rows to the data frame that both stores give."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import ladybug
    import pandas as pd

_SCALARS = {"STRING", "INT64", "INT32", "INT16", "INT8", "DOUBLE", "FLOAT", "BOOL"}


def data_frame(result: ladybug.QueryResult) -> pd.DataFrame:
    """Return all rows of a result, with nodes, relationships and paths in the store contract's form."""
    if set(result.get_column_data_types()) <= _SCALARS:
        return result.get_as_df()
    names = result.get_column_names()
    import pandas as pd  # here, because reading arrays is not to wait for it

    rows = [[python_value(value) for value in row] for row in result.get_all()]
    return pd.DataFrame(rows, columns=names)


def python_value(value: Any) -> Any:
    """Return a node as its properties with ``_label``, a relationship with ``_type``, a path with both lists.

    Absent properties are left out: the engine fills in those of every other label that a pattern might have met.
    """
    if isinstance(value, Decimal):
        return int(value)  # what the engine makes of a sum of whole numbers
    if isinstance(value, list):
        return [python_value(each) for each in value]
    if not isinstance(value, dict):
        return value
    if "_NODES" in value and "_RELS" in value:
        return {"nodes": python_value(value["_NODES"]), "relationships": python_value(value["_RELS"])}
    if "_LABEL" in value and "_ID" in value:
        tag = "_type" if "_SRC" in value else "_label"
        kept = {k: python_value(v) for k, v in value.items() if v is not None and not k.startswith("_")}
        return {**kept, tag: value["_LABEL"]}
    return {key: python_value(each) for key, each in value.items()}
