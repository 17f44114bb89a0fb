from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from graphrec.errors import GraphrecError, InputError, UsageError
from graphrec.loading.registry import find_loader, loader_options, read

if TYPE_CHECKING:
    from pathlib import Path

FUNCTIONS = """
import functools
import sys
import pyarrow as pa
from graphrec.errors import InputError
from graphrec.loading.contract import Loaded, LoaderReport
from graphrec.schema.elements import EdgeKind, Property, PropertyType
from graphrec.tables import DatasetInfo, GraphTables

INFO = DatasetInfo("d", "D", "own")
TAKEN = EdgeKind("INTERACTED", "User", "Item")
USERS = pa.table({"id": ["u"], "name": ["U"]})

def _loaded(nodes=None, edges=None, info=INFO):
    return Loaded(info, GraphTables({"User": USERS} if nodes is None else nodes, edges or {}), LoaderReport())

def right(path): return _loaded()
partial = functools.partial(lambda path, word: _loaded(), word="x")
def frame(path): return [1]
def nothing(path): pass
def no_path(): return _loaded()
def needs_more(path, word): return _loaded()
def only_keywords(*, path): return _loaded()
def breaks(path): return {}["a"]
def ends(path): sys.exit("enough")
def says_so(path): raise InputError("the file is blue", where=str(path))
def recursive(path): return recursive(path)
class Class:
    def __init__(self, path): pass
def no_info(path): return Loaded(None, GraphTables(), LoaderReport())
def no_tables(path): return Loaded(INFO, {"User": USERS}, LoaderReport())
def no_report(path): return Loaded(INFO, GraphTables(), [])
def list_of_rows(path): return _loaded({"User": [{"id": "u"}]})
def unknown_label(path): return _loaded({"Person": USERS})
def run_label(path): return _loaded({"Factor": USERS})
def unknown_column(path): return _loaded({"User": USERS.append_column("age", pa.array([5]))})
def no_id(path): return _loaded({"User": USERS.drop_columns("id")})
def null_id(path): return _loaded({"User": pa.table({"id": pa.array([None], pa.string()), "name": ["x"]})})
def doubled_id(path): return _loaded({"User": pa.concat_tables([USERS, USERS])})
def tuple_kind(path): return _loaded(edges={("INTERACTED", "User", "Item"): USERS})
def wrong_ends(path): return _loaded(edges={EdgeKind("INTERACTED", "Item", "User"): USERS})
def no_weight(path): return _loaded(edges={TAKEN: pa.table({"from": ["u"], "to": ["i"]})})
def declares_texts(path): return _loaded(info=DatasetInfo("d", "D", "own", declared={"User": ("age",)}))
def declares_nonsense(path):
    return _loaded(info=DatasetInfo("d", "D", "own", declared={"Person": (Property("a", PropertyType.FLOAT),)}))
def declares_an_end(path):
    return _loaded(info=DatasetInfo("d", "D", "own", declared={"INTERACTED": (Property("to", PropertyType.STRING),)}))
def number_as_id(path): return _loaded(info=DatasetInfo(5, "D", "own"))
def nameless(path): return _loaded(info=DatasetInfo("", "", "own"))
"""


@pytest.fixture
def module(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    (tmp_path / "functions_of_a_test.py").write_text(FUNCTIONS)
    (tmp_path / "broken_module_of_a_test.py").write_text("def f(:\n")
    (tmp_path / "raising_module_of_a_test.py").write_text("import sys\nsys.exit(3)\n")
    monkeypatch.chdir(tmp_path)
    return "functions_of_a_test"


@pytest.mark.parametrize("function", ["right", "partial"])
def test_functions_that_are_loaders(module: str, function: str) -> None:
    assert read(f"{module}:{function}", "x").tables.counts() == {"User": 1}


def test_what_a_loader_says_itself_stays(module: str) -> None:
    with pytest.raises(InputError) as raised:
        read(f"{module}:says_so", "x")
    assert str(raised.value) == "the file is blue (x)"


@pytest.mark.parametrize(
    ("name", "sentence"),
    [
        ("sys:nothing", "'sys:nothing' is no loader: 'sys' is a module of Python itself"),
        ("os:system", "'os:system' is no loader: 'os' is a module of Python itself"),
        ("json:loads", "'json:loads' is no loader: 'json' is a module of Python itself"),
        ("os.path:join", "'os.path:join' is no loader: 'os.path' is a module of Python itself"),
        ("numpy:nothing", "the module 'numpy' has no function 'nothing'"),
        ("a..b:c", "'a..b' is not the name of a module"),
        (" :c", "' ' is not the name of a module"),
        (
            "broken_module_of_a_test:f",
            "the module '.*' cannot be imported: SyntaxError: ",
        ),
        ("raising_module_of_a_test:f", "the module '.*' cannot be imported: SystemExit: 3"),
        ("functions_of_a_test:frame", "'functions_of_a_test:frame' is no loader: it returned list, not Loaded"),
        ("functions_of_a_test:nothing", "it returned NoneType, not Loaded"),
        ("functions_of_a_test:no_path", r"it cannot be called as load\(path, \*, options\)"),
        ("functions_of_a_test:needs_more", "it cannot be called as .*'word'"),
        ("functions_of_a_test:only_keywords", "has no option 'path'|cannot be called"),
        ("functions_of_a_test:breaks", "the loader '.*:breaks' failed: KeyError: 'a'"),
        ("functions_of_a_test:ends", "the loader '.*:ends' failed: SystemExit: enough"),
        ("functions_of_a_test:recursive", "the loader '.*:recursive' failed: RecursionError"),
        ("functions_of_a_test:Class", "no function written in Python"),
        ("functions_of_a_test:INFO", "has no function 'INFO'"),
        ("functions_of_a_test:no_info", "'.*:no_info' returned .*: info is NoneType, not DatasetInfo"),
        ("functions_of_a_test:no_tables", "tables is dict, not GraphTables"),
        ("functions_of_a_test:no_report", "report is list, not LoaderReport"),
        ("functions_of_a_test:list_of_rows", r"nodes\['User'\] is no pyarrow table"),
        ("functions_of_a_test:unknown_label", "'.*:unknown_label' returned .*: there is no node label 'Person'"),
        ("functions_of_a_test:unknown_column", "column 'age' is not a property of the schema"),
        ("functions_of_a_test:no_id", "the required column 'id' is missing"),
        ("functions_of_a_test:null_id", "'id' is null in row 1"),
        ("functions_of_a_test:doubled_id", "the User id 'u' stands 2 times"),
        ("functions_of_a_test:tuple_kind", "the key .*'INTERACTED', 'User', 'Item'.* of edges is no EdgeKind"),
        ("functions_of_a_test:wrong_ends", "INTERACTED cannot connect Item to User"),
        ("functions_of_a_test:no_weight", "the required column 'weight' is missing"),
        ("functions_of_a_test:declares_texts", r"info.declared\['User'\] is no tuple of Property"),
        ("functions_of_a_test:declares_nonsense", "unknown label or type|there is no node label 'Person'"),
        ("functions_of_a_test:declares_an_end", "INTERACTED cannot have a property called 'to'"),
        ("functions_of_a_test:number_as_id", "info.id is no text"),
        ("functions_of_a_test:nameless", "the data set's id '' is empty"),
    ],
)
def test_functions_that_are_none(module: str, name: str, sentence: str) -> None:
    with pytest.raises(GraphrecError, match=sentence) as raised:
        read(name, "x")
    assert isinstance(raised.value, UsageError | InputError)
    assert "\n" not in str(raised.value)


def test_the_options_of_something_without_a_signature() -> None:
    assert loader_options(type) == ()  # type: ignore[arg-type]


def test_functions_of_installed_packages_are_found() -> None:
    assert callable(find_loader("graphrec.loaders.table:load"))
