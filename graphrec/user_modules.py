"""Loaders and models of users, named ``module:name``: by hand on the command line, or by a recipe that may name code.

Only what its owner types is imported from the current folder. What a file names never comes here, but for a recipe
that the person who runs it lets name installed packages (``import_installed``).
"""

from __future__ import annotations

import importlib
import site
import sys
import sysconfig
from importlib.machinery import PathFinder
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING

from graphrec.errors import GraphrecError, UsageError

if TYPE_CHECKING:
    from types import ModuleType


def import_from_here(name: str) -> ModuleType:
    """Import a module that a person named: an installed one, or one in the current folder.

    The current folder comes last on the import path, so that nothing in it takes the place of an installed module,
    neither for the module itself nor for what it imports.

    Raises:
        UsageError: there is no such module, its name stands for an installed module or one of Python's own and for one
            in the current folder, or importing it fails.
    """
    top = _top(name)
    importlib.invalidate_caches()
    here = str(Path.cwd())
    _refuse_ambiguous(top, here)
    sys.path.append(here)
    try:
        return _imported(name, f"Install it, or run the command in the folder that holds {name.replace('.', '/')}.py")
    finally:
        del sys.path[len(sys.path) - 1 - sys.path[::-1].index(here)]  # the last one, which was appended above


def import_installed(name: str) -> ModuleType:
    """Import a module of an installed package that a recipe names; never one of Python itself or of another folder.

    Raises:
        UsageError: there is none, or importing it fails.
    """
    top = _top(name)
    remedy = "A recipe names code of packages that pip has installed, not of Python itself or of the current folder"
    if top in sys.stdlib_module_names:
        raise UsageError(f"the module {name!r} is part of Python itself", remedy=remedy)
    installed, found = PathFinder.find_spec(top, _installed_folders()), None if top == "__main__" else find_spec(top)
    is_installed = installed is not None and found is not None and found.origin == installed.origin
    if not is_installed and not (installed is None and found is not None and _is_distributed(top, found.origin)):
        raise UsageError(f"there is no installed package {top!r}", remedy=remedy)
    return _imported(name, f"Look whether the package {top!r} has it")


def _imported(name: str, remedy: str) -> ModuleType:
    try:
        return importlib.import_module(name)
    except GraphrecError:
        raise
    except ModuleNotFoundError as error:
        missing = error.name or name
        if name == missing or name.startswith(f"{missing}."):
            raise UsageError(f"there is no module {name!r}", remedy=remedy) from error
        raise UsageError(
            f"the module {name!r} needs {missing!r}, which is not there", remedy=f"pip install {missing}, perhaps"
        ) from error
    except (Exception, SystemExit) as error:
        raise UsageError(
            f"the module {name!r} cannot be imported: {type(error).__name__}: {error}",
            remedy="Mend it; to see where: graphrec --traceback …",
        ) from error


def _top(name: str) -> str:
    """Return the first part of a module's name; UsageError where it can be none."""
    parts = name.split(".")
    if not all(part.isidentifier() for part in parts):
        raise UsageError(f"{name!r:.80} is not the name of a module", remedy="Write it like my_package.my_module")
    return parts[0]


def _refuse_ambiguous(top: str, here: str) -> None:
    there = PathFinder.find_spec(top, [here])
    if there is None or there.origin is None:
        return
    other = PathFinder.find_spec(top, [folder for folder in sys.path if folder not in ("", here)])
    place = "Python itself" if top in sys.stdlib_module_names else other and other.origin
    if place and place != there.origin:
        raise UsageError(
            f"two modules are called {top!r}, one in the current folder and one of {place}",
            remedy="Give yours another name: it never takes the place of one that is installed",
        )


def _installed_folders() -> list[str]:
    """Return the folders that pip installs into."""
    paths = sysconfig.get_paths()
    folders = [paths["purelib"], paths["platlib"], *site.getsitepackages()]
    return [*folders, site.getusersitepackages()] if site.ENABLE_USER_SITE else folders


def _is_distributed(top: str, origin: str | None) -> bool:
    """Return whether an installed distribution has a package of this name, or is installed with -e from around it."""
    import json
    from importlib.metadata import distributions, packages_distributions
    from urllib.parse import urlsplit
    from urllib.request import url2pathname

    if top in packages_distributions():
        return True
    for distribution in distributions():
        about = json.loads(distribution.read_text("direct_url.json") or "{}")
        folder = url2pathname(urlsplit(about.get("url", "")).path)
        if about.get("dir_info", {}).get("editable") and origin and Path(folder) in Path(origin).parents:
            return True
    return False
