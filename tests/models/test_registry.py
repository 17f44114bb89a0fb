"""Models by name, and models of one's own by module and class."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

import pytest

from graphrec.errors import UsageError
from graphrec.models.registry import MODELS, find_model, registered_model

if TYPE_CHECKING:
    from pathlib import Path

OWN = """
from graphrec.models.ease import EASE

class MyModel(EASE):
    name = "mine"

number = 5
"""


@pytest.fixture
def own(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    """The name of a module in the current folder."""
    (tmp_path / "own_model_of_a_test.py").write_text(OWN, encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    return "own_model_of_a_test"


@pytest.mark.parametrize("name", MODELS)
def test_every_model_is_found_by_the_name_that_its_folders_have(name: str) -> None:
    assert find_model(name).name == registered_model(name).name == name


def test_a_class_of_a_module_in_the_current_folder(own: str) -> None:
    kind = find_model(f"{own}:MyModel")
    assert (kind.name, kind.__module__) == ("mine", own)
    assert kind(reg=2.0).config.reg == 2.0


@pytest.mark.parametrize(
    ("name", "message"),
    [
        ("neural", r"there is no model 'neural'.*Known models: afm, .*or module:class"),
        ("no_such_module_of_a_test:MyModel", r"there is no module 'no_such_module_of_a_test'"),
        ("own_model_of_a_test:Other", r"the module 'own_model_of_a_test' has no model 'Other'"),
        ("own_model_of_a_test:number", r"has no model 'number'"),
        ("pathlib:Path", r"the module 'pathlib' has no model 'Path'.*inherits from graphrec\.models"),
        (":MyModel", r"there is no model ':MyModel'"),
        (".relative:MyModel", r"there is no model '\.relative:MyModel'"),
    ],
)
def test_what_is_no_model_is_refused(own: str, name: str, message: str) -> None:
    with pytest.raises(UsageError, match=message):
        find_model(name)


def test_a_registered_name_never_imports_another_module(own: str) -> None:
    sys.modules.pop(own, None)
    with pytest.raises(UsageError, match="there is no model 'own_model_of_a_test:MyModel'"):
        registered_model(f"{own}:MyModel")
    assert own not in sys.modules
