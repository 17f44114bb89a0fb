"""A fingerprint of source code: of some modules and of everything that they import from the same packages.

The fingerprint is a digest of the files as they are, so that a change of a comment changes it too. Imports are read
from the source without running it, those inside functions included; what only a type checker imports has no part in it,
nor have other packages, whose versions a report names.
"""

from __future__ import annotations

import ast
import hashlib
from functools import lru_cache
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

_PACKAGE = "graphrec"


@lru_cache(maxsize=256)
def code_fingerprint(modules: tuple[str, ...]) -> str:
    """Return twelve hexadecimal digits that change with the source of the modules or of what they import.

    Computed once in a process: code that is edited while it runs is not what runs.

    Args:
        modules: names of modules.
    """
    digest = hashlib.sha256()
    for name in sorted(imported_modules(modules)):
        digest.update(f"{name}:{source_digest(name)}\n".encode())
    return digest.hexdigest()[:12]


def imported_modules(modules: Iterable[str]) -> set[str]:
    """Return the modules and all that they import, from graphrec or from the top-level package of a module itself.

    Top-level packages themselves are left out: graphrec's own only offers what other modules define.

    Args:
        modules: names of modules.
    """
    modules = list(modules)
    packages = {_PACKAGE, *(name.partition(".")[0] for name in modules)}
    reached: set[str] = set()
    waiting = [part for name in modules for part in _with_parents(name)]
    while waiting:
        name = waiting.pop()
        if name in reached or "." not in name or _file(name) is None:
            continue
        reached.add(name)
        waiting += [
            part
            for imported in _imports(name)
            if imported.partition(".")[0] in packages
            for part in _with_parents(imported)
        ]
    return reached


@lru_cache(maxsize=4096)
def source_digest(module: str) -> str:
    """Return the digest of a module's source file."""
    file = _file(module)
    return hashlib.sha256(b"" if file is None else file.read_bytes()).hexdigest()


@lru_cache(maxsize=4096)
def _file(module: str) -> Path | None:
    """Return the source file of a module, found without importing anything; None where there is none."""
    package, *parts = module.split(".")
    spec = find_spec(package)
    for folder in (spec.submodule_search_locations if spec else None) or ():
        place = Path(folder, *parts)
        for file in (place / "__init__.py", place.with_name(f"{place.name}.py")):
            if file.is_file():
                return file
    return None


@lru_cache(maxsize=4096)
def _imports(module: str) -> tuple[str, ...]:
    """Return the names that a module imports; ``from a import b`` gives ``a`` and ``a.b``, which may be a module."""
    file = _file(module)
    if file is None:
        return ()
    tree = ast.parse(file.read_bytes())
    package = module if file.name == "__init__.py" else module.rpartition(".")[0]
    return tuple(dict.fromkeys(name for node in _run(tree) for name in _names(node, package)))


def _run(node: ast.AST) -> Iterator[ast.AST]:
    """Yield all nodes below one but for the bodies of ``if TYPE_CHECKING``."""
    for child in ast.iter_child_nodes(node):
        if isinstance(child, ast.If) and ast.unparse(child.test) in ("TYPE_CHECKING", "typing.TYPE_CHECKING"):
            for other in child.orelse:
                yield other
                yield from _run(other)
            continue
        yield child
        yield from _run(child)


def _names(node: ast.AST, package: str) -> list[str]:
    if isinstance(node, ast.Import):
        return [alias.name for alias in node.names]
    if isinstance(node, ast.ImportFrom):
        above = package.split(".")[: len(package.split(".")) - node.level + 1] if node.level else []
        source = ".".join([*above, *([node.module] if node.module else [])])
        return [source, *(f"{source}.{alias.name}" for alias in node.names)]
    return []


def _with_parents(module: str) -> list[str]:
    """Return a module and the packages around it, whose code runs first."""
    parts = module.split(".")
    return [".".join(parts[:count]) for count in range(1, len(parts) + 1)]
