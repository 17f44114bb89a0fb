"""Loaders by name, their options, and the conversion of options from text."""

from __future__ import annotations

import importlib
import inspect
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

from graphrec.errors import InputError, UsageError
from graphrec.loading.own_loaders import call_own_loader, own_loader
from graphrec.loading.shipped import SHIPPED
from graphrec.loading.signatures import ServerSignature
from graphrec.loading.unknown_values import remark_on_unknown_values
from graphrec.loading.wrong_loader import better_command
from graphrec.server_address import looks_like_a_server
from graphrec.user_modules import import_from_here

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping
    from types import ModuleType

    from graphrec.loading.contract import Loaded, Loader

BUILT_IN: Mapping[str, str] = {name: entry.function for name, entry in SHIPPED.items()}
"""Where the loaders that come with graphrec are, by the name that the command knows."""

_REMEDY = "To leave it out, take {} out of the files"
_OF_MAPPING = "To leave it out, say missing = [{}] in its section of the mapping"
_REMEDIES = {"table": _OF_MAPPING, "neo4j": _OF_MAPPING}


@dataclass(frozen=True)
class LoaderOption:
    """One option of a loader.

    Attributes:
        name: as in ``name=value``.
        type: bool, int, float or str.
        default: what holds if it is not given; None means that the loader decides from the files.
        doc: one line of the loader's own docstring.
    """

    name: str
    type: type
    default: Any
    doc: str = ""


def find_loader(name: str, import_module_of: Callable[[str], ModuleType] = import_from_here) -> Loader:
    """Return a built-in loader, or the function that ``module:function`` names.

    Args:
        name: of the loader.
        import_module_of: imports the module of ``module:function``; by default from the current folder, too.

    Raises:
        UsageError: there is no such loader, module or function, or it is no loader.
    """
    target = BUILT_IN.get(name, name)
    module_name, _, function = target.partition(":")
    if not function or not module_name or module_name.startswith("."):
        raise UsageError(
            f"there is no loader {name!r}", remedy=f"Known loaders: {', '.join(BUILT_IN)}, or module:function"
        )
    if name not in BUILT_IN:
        return cast("Loader", own_loader(name, module_name, function, import_module_of))
    return cast("Loader", getattr(importlib.import_module(module_name), function))


def loader_options(loader: Loader) -> tuple[LoaderOption, ...]:
    """Return the options of a loader, read from its signature and the ``Args`` of its docstring."""
    docs = _argument_docs(inspect.getdoc(loader) or "")
    try:
        parameters = inspect.signature(loader).parameters
    except (TypeError, ValueError):  # something that has no signature has no options
        return ()
    return tuple(
        LoaderOption(p.name, _plain_type(p.annotation), p.default, docs.get(p.name, ""))
        for p in parameters.values()
        if p.kind is inspect.Parameter.KEYWORD_ONLY
    )


def read(
    name: str,
    path: Path | str,
    options: Mapping[str, Any] | None = None,
    import_module_of: Callable[[str], ModuleType] = import_from_here,
) -> Loaded:
    """Find the loader ``name``, convert its options and read ``path``.

    Args:
        name: a built-in loader or ``module:function``.
        path: a file or folder, or an address such as neo4j://HOST, which the loader gets as it is.
        options: values, or texts such as ``"true"`` and ``"5"`` as they come from the command line.
        import_module_of: as for ``find_loader``.

    Raises:
        UsageError: an unknown loader or option, a text that is not what the option takes, the address of a server for
            a loader of files, or a function of one's own that is no loader or failed.
        InputError: the files cannot be used; where they look like those of another shipped loader, or those of this
            one lie a folder above or below, the remedy is the command for them.
    """
    loader = find_loader(name, import_module_of)
    by_name = {option.name: option for option in loader_options(loader)}
    unknown = sorted(set(options or {}) - set(by_name))
    if unknown:
        raise UsageError(
            f"the loader {name!r} has no option {unknown[0]!r}",
            remedy=f"Its options: {', '.join(by_name)}" if by_name else "It has none",
        )
    values = {key: _converted(value, by_name[key]) for key, value in (options or {}).items()}
    place = str(path) if "://" in str(path) else Path(path)
    if name in BUILT_IN:
        loaded = _read_shipped(name, loader, place, values)
    else:
        loaded = call_own_loader(name, loader, place, values)
    remark_on_unknown_values(loaded.tables, loaded.report, _REMEDIES.get(name, _REMEDY))
    return loaded


def _read_shipped(name: str, loader: Loader, path: Path | str, options: Mapping[str, Any]) -> Loaded:
    """Call a shipped loader; where it fails on files that are another's, the error says whose."""
    if looks_like_a_server(str(path)) and not any(isinstance(s, ServerSignature) for s in SHIPPED[name].signatures):
        # The address is not repeated: a password may stand in it.
        raise UsageError(
            f"the loader {name!r} reads files, and this is the address of a server",
            remedy="A graph in Neo4j: graphrec load neo4j ADDRESS --option mapping=mapping.toml",
        )
    try:
        return loader(path, **options)
    except InputError as error:
        if options.get("mapping"):  # it says what the files are
            raise
        command = better_command(name, Path(path))
        if not command:
            raise
        raise InputError(error.what, where=error.where, remedy=command) from error


def _plain_type(annotation: Any) -> type:
    """Return the type of an option from its annotation, such as ``bool | None``, as an object or as text."""
    text = annotation if isinstance(annotation, str) else getattr(annotation, "__name__", str(annotation))
    parts = text.replace("Optional[", "").replace("]", "").replace("|", " ").split()
    return next((kind for kind in (bool, int, float) if kind.__name__ in parts), str)


_TRUTH = {"true": True, "yes": True, "1": True, "false": False, "no": False, "0": False}


def _converted(value: Any, option: LoaderOption) -> Any:
    if not isinstance(value, str) or option.type is str:
        return value
    try:
        return _TRUTH[value.strip().lower()] if option.type is bool else option.type(value)
    except (KeyError, ValueError) as error:
        takes = {bool: "true or false", int: "a whole number", float: "a number"}[option.type]
        raise UsageError(f"the option {option.name!r} takes {takes}, not {value!r}") from error


def _argument_docs(docstring: str) -> dict[str, str]:
    """Return the text of each argument in a Google-style ``Args`` section, on one line."""
    docs: dict[str, str] = {}
    name = ""
    for line in _section(docstring, "Args:"):
        if line.startswith("    ") and not line.startswith("     ") and ":" in line:
            name, _, text = line.strip().partition(":")
            docs[name] = text.strip()
        elif name:
            docs[name] = f"{docs[name]} {line.strip()}"
    return docs


def _section(docstring: str, title: str) -> Iterator[str]:
    lines = iter(docstring.splitlines())
    for line in lines:
        if line.strip() == title:
            break
    for line in lines:
        if not line.strip():
            return
        yield line
