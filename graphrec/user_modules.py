"""Loaders and models of users, named ``module:name`` on the command line.

Only what its owner types is imported. A name that was read from a file never comes here.
"""

from __future__ import annotations

import importlib
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from graphrec.errors import UsageError

if TYPE_CHECKING:
    from types import ModuleType


def import_from_here(name: str) -> ModuleType:
    """Import a module, from the current folder first.

    Raises:
        UsageError: there is no such module.
    """
    importlib.invalidate_caches()
    current_folder = str(Path.cwd())
    sys.path.insert(0, current_folder)
    try:
        return importlib.import_module(name)
    except ModuleNotFoundError as error:
        if not name.startswith(error.name or name):
            raise
        raise UsageError(
            f"there is no module {name!r}",
            remedy=f"Install it, or run the command in the folder that holds {name.replace('.', '/')}.py",
        ) from error
    finally:
        sys.path.remove(current_folder)
