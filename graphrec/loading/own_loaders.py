"""Loaders of users: the call of a function that may be anything, and the check of what it returned."""

from __future__ import annotations

import inspect
import sys
from typing import TYPE_CHECKING, Any

import pyarrow as pa

from graphrec.errors import GraphrecError, InputError, UsageError
from graphrec.loading.contract import Loaded, LoaderReport
from graphrec.loading.record import refuse_unusable_record
from graphrec.schema.elements import EdgeKind, Property, PropertyType
from graphrec.schema.property_graph import SCHEMA
from graphrec.tables.conform import conform
from graphrec.tables.graph_tables import GraphTables
from graphrec.tables.records import DatasetInfo
from graphrec.wording import readable

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from pathlib import Path
    from types import ModuleType

_HELP = "See docs/write-a-loader.md"


def own_loader(
    name: str, module_name: str, function: str, import_module_of: Callable[[str], ModuleType]
) -> Callable[..., Any]:
    """Return the function that ``module:function`` names; ``import_module_of`` imports the module.

    Raises:
        UsageError: there is none, its module cannot be imported, or it belongs to Python itself.
    """
    if module_name.partition(".")[0] in sys.stdlib_module_names:
        raise UsageError(f"{name!r} is no loader: {module_name!r} is a module of Python itself", remedy=_HELP)
    module = import_module_of(module_name)
    loader: Callable[..., Any] | None = getattr(module, function, None)
    where = str(getattr(module, "__file__", None) or module_name)
    if not callable(loader):
        raise UsageError(f"the module {module_name!r} has no function {function!r}", where=where, remedy=_HELP)
    if inspect.isbuiltin(loader) or inspect.isclass(loader):
        raise UsageError(f"{name!r} is no loader: it is no function written in Python", where=where, remedy=_HELP)
    return loader


def call_own_loader(name: str, loader: Callable[..., Any], path: Path | str, options: Mapping[str, Any]) -> Loaded:
    """Call a loader and check what it returns.

    Raises:
        UsageError: it cannot be called with a path, failed, or returned something else than ``Loaded``.
        InputError: its record or its tables cannot be loaded.
    """
    try:
        inspect.signature(loader).bind(path, **options)
    except (TypeError, ValueError) as error:
        raise UsageError(
            f"{name!r} is no loader: it cannot be called as load(path, *, options): {error}", remedy=_HELP
        ) from error
    try:
        loaded = loader(path, **options)
    except (GraphrecError, MemoryError):
        raise
    except (Exception, SystemExit) as error:
        raise UsageError(
            f"the loader {name!r} failed: {_told(error)}", remedy="Mend it; to see where: graphrec --traceback …"
        ) from error
    if not isinstance(loaded, Loaded):
        raise UsageError(f"{name!r} is no loader: it returned {type(loaded).__name__}, not Loaded", remedy=_HELP)
    _check_kinds(name, loaded)
    try:
        refuse_unusable_record(loaded.info)
        conform(loaded.tables, SCHEMA.with_declared(loaded.info.declared))
    except GraphrecError as error:
        raise InputError(
            f"the loader {name!r} returned what cannot be loaded: {error.what}", where=error.where, remedy=error.remedy
        ) from error
    return loaded


def _check_kinds(name: str, loaded: Loaded) -> None:
    """Refuse a result whose parts are not of the types that they are declared as."""
    info, tables, report = loaded.info, loaded.tables, loaded.report
    faults = [
        f"{part} is {type(value).__name__}, not {kind.__name__}"
        for part, value, kind in (
            ("info", info, DatasetInfo), ("tables", tables, GraphTables), ("report", report, LoaderReport),
        )
        if not isinstance(value, kind)
    ]  # fmt: skip
    if not faults:
        texts = ("id", "name", "loader", "base", "prefix", "verb")
        faults += [f"info.{key} is no text" for key in texts if not isinstance(getattr(info, key), str)]
        faults += [f"info.declared[{owner!r}] is no tuple of Property" for owner in _undeclared(info)]
        faults += [f"nodes[{label!r}] is no pyarrow table" for label, t in tables.nodes.items() if not _is_table(t)]
        faults += [f"edges[{kind!r}] is no pyarrow table" for kind, t in tables.edges.items() if not _is_table(t)]
        faults += [
            f"the key {kind!r} of edges is no EdgeKind" for kind in tables.edges if not isinstance(kind, EdgeKind)
        ]
    if faults:
        raise UsageError(f"the loader {name!r} returned what cannot be loaded: {faults[0]}", remedy=_HELP)


def _undeclared(info: DatasetInfo) -> list[str]:
    return [
        owner
        for owner, properties in info.declared.items()
        if not isinstance(properties, (tuple, list))
        or not all(isinstance(p, Property) and isinstance(p.type, PropertyType) for p in properties)
    ]


def _is_table(value: object) -> bool:
    return isinstance(value, pa.Table)


def _is_kind(value: object) -> bool:
    return isinstance(value, EdgeKind)


def _told(error: BaseException) -> str:
    return readable(f"{type(error).__name__}: {error}", 300)
