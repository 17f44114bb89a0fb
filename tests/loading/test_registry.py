from __future__ import annotations

from pathlib import Path

import pytest

from graphrec.errors import UsageError
from graphrec.loading.registry import BUILT_IN, find_loader, loader_options, read

OWN = '''
from __future__ import annotations
from typing import TYPE_CHECKING
from graphrec.loading.contract import Loaded, LoaderReport
from graphrec.tables import DatasetInfo, GraphTables
if TYPE_CHECKING:
    from pathlib import Path

def load(path: Path, *, limit: int | None = None, share: float = 0.5, strict: bool = False, word: str = "x"):
    """Load.

    Args:
        path: where.
        limit: at most so many
            rows.
        strict: refuse more.
    """
    return Loaded(DatasetInfo(str(path), repr((limit, share, strict, word)), "own"), GraphTables(), LoaderReport())

number = 5
'''


@pytest.fixture
def own(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    (tmp_path / "own_loader_of_a_test.py").write_text(OWN)
    monkeypatch.chdir(tmp_path)
    return "own_loader_of_a_test"


@pytest.mark.parametrize("name", BUILT_IN)
def test_every_built_in_loader_takes_an_id_prefix_and_documents_its_options(name: str) -> None:
    options = {option.name: option for option in loader_options(find_loader(name))}
    assert options["id_prefix"].default == ""
    assert options["co_purchases"].type is int
    assert all(option.doc for option in options.values())


def test_an_unknown_name_lists_the_known() -> None:
    with pytest.raises(UsageError, match=rf"no loader 'movielense'.*{', '.join(BUILT_IN)}, or"):
        find_loader("movielense")


def test_a_function_of_a_module_in_the_current_folder(own: str) -> None:
    options = loader_options(find_loader(f"{own}:load"))
    assert [(o.name, o.type, o.default, o.doc) for o in options] == [
        ("limit", int, None, "at most so many rows."),
        ("share", float, 0.5, ""),
        ("strict", bool, False, "refuse more."),
        ("word", str, "x", ""),
    ]


def test_options_are_converted_from_text(own: str) -> None:
    given = {"limit": "3", "share": "0.25", "strict": "yes", "word": "1"}
    info = read(f"{own}:load", "folder", given).info
    assert (info.id, info.name) == ("folder", "(3, 0.25, True, '1')")
    assert read(f"{own}:load", Path("folder"), {"limit": 4, "strict": False}).info.name == "(4, 0.5, False, 'x')"


def test_an_address_comes_through_as_it_is(own: str) -> None:
    assert read(f"{own}:load", "neo4j://host:7687/shop").info.id == "neo4j://host:7687/shop"
    assert read(f"{own}:load", "folder//file").info.id == "folder/file"  # a path as paths are written


@pytest.mark.parametrize(
    ("option", "value", "message"),
    [
        ("limit", "many", "the option 'limit' takes a whole number, not 'many'"),
        ("share", "half", "the option 'share' takes a number, not 'half'"),
        ("strict", "maybe", "the option 'strict' takes true or false, not 'maybe'"),
        ("depth", "1", "has no option 'depth'.*limit, share, strict, word"),
    ],
)
def test_wrong_options_are_refused(own: str, option: str, value: str, message: str) -> None:
    with pytest.raises(UsageError, match=message):
        read(f"{own}:load", "folder", {option: value})


@pytest.mark.parametrize(
    ("name", "message"),
    [
        ("nowhere_to_be_found:load", "there is no module 'nowhere_to_be_found'"),
        ("graphrec.nowhere:load", "there is no module 'graphrec.nowhere'"),
        ("..:load", "there is no loader '..:load'"),
        ("own_loader_of_a_test:missing", "has no function 'missing'"),
        ("own_loader_of_a_test:number", "has no function 'number'"),
    ],
)
def test_wrong_modules_and_functions_are_refused(own: str, name: str, message: str) -> None:
    with pytest.raises(UsageError, match=message):
        find_loader(name)
