"""DGL beside a PyTorch that is newer than DGL.

The newest DGL on PyPI (2.1.0) was built for PyTorch 2.0 to 2.2. Beside a newer one ``import dgl`` fails in two places,
neither of which sampling needs:

- ``dgl.graphbolt`` loads a library that exists for those releases alone, and builds on ``torchdata.datapipes``, which
  newer releases of torchdata lack. DGL's own modules import it only to pass its graphs around in distributed training.
- ``dgl.utils`` takes ``version`` from ``packaging``, or without that from ``setuptools.extern``, which newer releases
  of setuptools lack.

So the real modules are tried first; where that fails, a stand-in takes the place of what is missing, and the import is
tried again. A stand-in holds names and does nothing. What is registered is said by ``stand_ins``.
"""

from __future__ import annotations

import importlib
import os
import platform
import re
import sys
from types import ModuleType
from typing import Any

from graphrec.errors import ModelError

GRAPHBOLT = "dgl.graphbolt"
EXTERN = "setuptools.extern"
_MARK = "__graphrec_stand_in__"
_MACHINES = ("x86_64", "aarch64")


def dgl_has_wheel() -> bool:
    """Return whether DGL is installed with graphrec here: on Linux, where DGL 2.1 has a wheel for this Python.

    The line of ``dgl`` in ``pyproject.toml`` says the same.
    """
    return sys.platform == "linux" and sys.version_info < (3, 13) and platform.machine() in _MACHINES


def import_dgl() -> Any:
    """Return the module ``dgl``, with stand-ins for what keeps it from being imported.

    Raises:
        ModelError: DGL is not installed, or cannot be imported even so; what was imported of it is undone.
    """
    os.environ.setdefault("DGLBACKEND", "pytorch")  # otherwise DGL writes its choice below the home folder
    try:
        return importlib.import_module("dgl")
    except Exception as error:
        first = error
    _forget_dgl()
    if isinstance(first, ModuleNotFoundError) and first.name == "dgl":
        raise _refusal("it is not installed" if dgl_has_wheel() else _no_wheel()) from first
    if not _is_installed("packaging") and not _is_installed(f"{EXTERN}.packaging"):
        _register(_extern())
    _register(_graphbolt())
    try:
        return importlib.import_module("dgl")
    except Exception as error:
        _forget_dgl()
        for name in stand_ins():
            sys.modules.pop(name)
        raise _refusal(f"{type(error).__name__}: {error}") from error


def stand_ins() -> list[str]:
    """Return the names of modules that are stand-ins now."""
    return sorted(name for name, module in sys.modules.items() if _MARK in getattr(module, "__dict__", {}))


def _no_wheel() -> str:
    interpreter = f"{platform.python_version()} on {platform.system()} {platform.machine()}"
    return f"it comes with Python 3.10 to 3.12 on Linux alone, and this is Python {interpreter}"


def _refusal(reason: str) -> ModelError:
    return ModelError(f"DGL cannot be imported: {reason}", remedy="The sampler of PyTorch alone needs no DGL")


def _is_installed(name: str) -> bool:
    try:
        importlib.import_module(name)
    except ImportError:
        return False
    return True


def _register(modules: dict[str, ModuleType]) -> None:
    for name, module in modules.items():
        module.__dict__[_MARK] = True
        sys.modules[name] = module


def _graphbolt() -> dict[str, ModuleType]:
    """Return a stand-in for GraphBolt: the class that DGL tests instances for, without instances."""
    module = ModuleType(GRAPHBOLT, "A stand-in: GraphBolt has no build for this PyTorch.")
    module.__dict__["FusedCSCSamplingGraph"] = type("FusedCSCSamplingGraph", (), {})
    return {GRAPHBOLT: module}


def _extern() -> dict[str, ModuleType]:
    """Return a stand-in for ``setuptools.extern.packaging.version``, of which DGL uses ``parse``."""
    version = ModuleType(f"{EXTERN}.packaging.version", "A stand-in: compares the numbers of releases.")
    version.__dict__["parse"] = _numbers
    packaging, extern = ModuleType(f"{EXTERN}.packaging"), ModuleType(EXTERN)
    packaging.__dict__["version"] = version
    extern.__dict__["packaging"] = packaging
    modules = {module.__name__: module for module in (extern, packaging, version)}
    return modules if _is_installed("setuptools") else {"setuptools": ModuleType("setuptools"), **modules}


def _numbers(text: str) -> tuple[int, ...]:
    return tuple(int(number) for number in re.findall(r"\d+", text.partition("+")[0])[:3])


def _forget_dgl() -> None:
    for name in [name for name in sys.modules if name == "dgl" or name.startswith("dgl.")]:
        del sys.modules[name]
