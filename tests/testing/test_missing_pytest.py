"""Without pytest, the batteries say what installs it."""

from __future__ import annotations

import importlib
import sys

import pytest

from graphrec.errors import MissingExtraError


def test_without_pytest_the_error_says_what_mends_it(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in [name for name in sys.modules if name.split(".")[:2] == ["graphrec", "testing"]]:
        monkeypatch.delitem(sys.modules, name)
    monkeypatch.setitem(sys.modules, "pytest", None)
    with pytest.raises(MissingExtraError, match=r"needs the package 'pytest'.*pip install 'graphrec\[testing\]'"):
        importlib.import_module("graphrec.testing")
