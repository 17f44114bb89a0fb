"""Finding a loader by name, its options, and the conversion of options that arrive as text."""

from __future__ import annotations

import importlib
import inspect
import sys
import types
import typing
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

from graphrec.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from graphrec.loading.contract import Loaded, Loader

BUILT_IN: Mapping[str, str] = {
    "movielens": "graphrec.loaders.movielens:load",
    "lastfm": "graphrec.loaders.lastfm:load",
    "amazon": "graphrec.loaders.amazon:load",
    "amazon-beauty": "graphrec.loaders.amazon_beauty:load",
    "table": "graphrec.loaders.table:load",
}
"""The loaders that come with graphrec, by the name that the command knows."""


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


def find_loader(name: str) -> Loader:
    """Return a built-in loader, or the function that ``module:function`` names.

    The module may lie in the current folder.

    Raises:
        UsageError: there is no such loader, module or function.
    """
    target = BUILT_IN.get(name, name)
    module_name, _, function = target.partition(":")
    if not function or not module_name:
        raise UsageError(
            f"there is no loader {name!r}", remedy=f"Known loaders: {', '.join(BUILT_IN)}, or module:function"
        )
    module = _module(module_name)
    loader = getattr(module, function, None)
    if not callable(loader):
        raise UsageError(f"the module {module_name!r} has no function {function!r}", where=str(module.__file__))
    return cast("Loader", loader)


def loader_options(loader: Loader) -> tuple[LoaderOption, ...]:
    """Return the options of a loader, read from its signature and the ``Args`` of its docstring."""
    hints = typing.get_type_hints(loader)
    docs = _argument_docs(inspect.getdoc(loader) or "")
    return tuple(
        LoaderOption(p.name, _plain_type(hints.get(p.name, str)), p.default, docs.get(p.name, ""))
        for p in inspect.signature(loader).parameters.values()
        if p.kind is inspect.Parameter.KEYWORD_ONLY
    )


def read(name: str, path: Path | str, options: Mapping[str, Any] | None = None) -> Loaded:
    """Find the loader ``name``, convert its options and read ``path``.

    Args:
        name: a built-in loader or ``module:function``.
        path: a file or folder.
        options: values, or texts such as ``"true"`` and ``"5"`` as they come from the command line.

    Raises:
        UsageError: an unknown loader or option, or a text that is not what the option takes.
        InputError: the files cannot be used.
    """
    loader = find_loader(name)
    known = {option.name: option for option in loader_options(loader)}
    unknown = sorted(set(options or {}) - set(known))
    if unknown:
        raise UsageError(
            f"the loader {name!r} has no option {unknown[0]!r}",
            remedy=f"Its options: {', '.join(known)}" if known else "It has none",
        )
    return loader(Path(path), **{key: _converted(value, known[key]) for key, value in (options or {}).items()})


def _module(name: str) -> types.ModuleType:
    here = str(Path.cwd())
    sys.path.insert(0, here)
    try:
        return importlib.import_module(name)
    except ModuleNotFoundError as error:
        if error.name != name.split(".")[0] and error.name != name:
            raise
        raise UsageError(
            f"there is no module {name!r}",
            remedy=f"Install it, or run the command in the folder that holds {name.replace('.', '/')}.py",
        ) from error
    finally:
        sys.path.remove(here)


def _plain_type(hint: Any) -> type:
    if isinstance(hint, types.UnionType) or typing.get_origin(hint) is typing.Union:
        hint = next(part for part in typing.get_args(hint) if part is not types.NoneType)
    return hint if isinstance(hint, type) else str


_TRUTH = {"true": True, "yes": True, "1": True, "false": False, "no": False, "0": False}


def _converted(value: Any, option: LoaderOption) -> Any:
    if not isinstance(value, str) or option.type is str:
        return value
    try:
        return _TRUTH[value.strip().lower()] if option.type is bool else option.type(value)
    except (KeyError, ValueError) as error:
        takes = "true or false" if option.type is bool else {"int": "a whole number", "float": "a number"}
        words = takes if isinstance(takes, str) else takes.get(option.type.__name__, option.type.__name__)
        raise UsageError(f"the option {option.name!r} takes {words}, not {value!r}") from error


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
