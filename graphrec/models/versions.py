"""Versions of graphrec and of what its results depend on."""

from __future__ import annotations

import platform
from importlib.metadata import PackageNotFoundError, version

import graphrec

_PACKAGES = ("torch", "numpy", "scipy", "pyarrow", "dgl")


def versions() -> dict[str, str]:
    """Return the version of graphrec, Python and each package that bears on results; absent packages are left out."""
    found = {"graphrec": graphrec.__version__, "python": platform.python_version()}
    for package in _PACKAGES:
        try:
            found[package] = version(package)
        except PackageNotFoundError:
            continue
    return found
