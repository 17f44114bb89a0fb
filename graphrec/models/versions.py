"""Versions of graphrec and of the packages that its results depend on."""

from __future__ import annotations

import platform
from importlib.metadata import PackageNotFoundError, version

import graphrec

_PACKAGES = ("torch", "numpy", "scipy", "pyarrow", "dgl")


def versions() -> dict[str, str]:
    """Return the version of graphrec, Python and each package that bears on results; absent packages are left out."""
    by_package = {"graphrec": graphrec.__version__, "python": platform.python_version()}
    for package in _PACKAGES:
        try:
            by_package[package] = version(package)
        except PackageNotFoundError:
            continue
    return by_package
