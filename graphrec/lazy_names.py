"""Names that a package offers and imports only when they are used (PEP 562)."""

from __future__ import annotations

import sys

TYPE_CHECKING = False  # importing ``typing`` would take as long as everything else that ``import graphrec`` does
if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from typing import Any


def lazy_names(package: str, homes: Mapping[str, str]) -> tuple[Callable[[str], Any], Callable[[], list[str]]]:
    """Return a package's ``__getattr__`` and ``__dir__``.

    A name is looked up once; afterwards it is an ordinary attribute of the package.

    Args:
        package: name of the package.
        homes: the module that defines each name; a module that is offered itself stands under its own full name.
    """

    def get(name: str) -> Any:
        if name not in homes:
            raise AttributeError(f"module {package!r} has no attribute {name!r}")
        from importlib import import_module

        home = homes[name]
        module = import_module(home)
        value = module if home == f"{package}.{name}" else getattr(module, name)
        setattr(sys.modules[package], name, value)
        return value

    def names() -> list[str]:
        return sorted({*vars(sys.modules[package]), *homes})

    return get, names
