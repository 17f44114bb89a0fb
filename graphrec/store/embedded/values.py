"""From the engine's rows to the data frame that both stores give."""

from __future__ import annotations

from contextlib import contextmanager
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from graphrec.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

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


@contextmanager
def named_empty_lists(parameters: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
    """Yield a query's parameters, and name an empty list among them where the engine could give it no type.

    The engine takes the type of an empty list from what it stands beside, as in ``n.id IN $ids``; where nothing tells
    it, as in ``RETURN $ids``, it fails.

    Raises:
        UsageError: it has no type; names the parameter.
    """
    try:
        yield parameters
    except UsageError as error:
        if "vector with ANY type" not in error.what:
            raise
        empty = [f"${name}" for name, value in parameters.items() if _holds_empty_list(value)]
        raise UsageError(
            f"nothing in the query says what the values of the empty list {' or '.join(empty)} would be"
            if empty
            else "nothing in the query says what the values of its empty list would be",
            remedy="Compare it with a property, as in n.id IN $ids, or leave it out",
        ) from error


def _holds_empty_list(value: Any) -> bool:
    if isinstance(value, dict):
        return any(_holds_empty_list(each) for each in value.values())
    return isinstance(value, list) and (not value or any(_holds_empty_list(each) for each in value))


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
