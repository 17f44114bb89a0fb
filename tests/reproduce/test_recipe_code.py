"""A recipe is data: what it names is registered, and code is imported for those alone who were told and allow it."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

import pytest

from graphrec.errors import InputError
from graphrec.loading.registry import BUILT_IN
from graphrec.models.registry import MODELS
from graphrec.reproduce.cache import Cache
from graphrec.reproduce.jobs.registry import modules_of
from graphrec.reproduce.recipe_code import Named
from graphrec.reproduce.recipe_files import read_recipe
from tests.reproduce.tiny import QUICK, REASONS, TINY, write_recipe

if TYPE_CHECKING:
    from pathlib import Path

CODE = [
    ('loader = "movielens"', 'loader = "os:system"', "data: the loader 'os:system' is code", "movielens, neo4j"),
    ('model = "ease"', 'model = "builtins:exec"', "row 'EASE': the model 'builtins:exec' is code", "popularity"),
    ('kind = "settings"', 'kind = "os:walk"', "section 2: the kind of section 'os:walk' is code", "sankey"),
]


@pytest.mark.parametrize(("old", "new", "words", "known"), CODE)
def test_code_is_refused_and_named(tmp_path: Path, old: str, new: str, words: str, known: str) -> None:
    text = TINY.replace(old, new, 1)
    with pytest.raises(InputError, match=words) as refused:
        read_recipe(str(write_recipe(tmp_path, text)))
    assert "a recipe is data" in str(refused.value)
    assert known in refused.value.remedy
    assert "--allow-code" in refused.value.remedy


@pytest.mark.parametrize("module", ["os:system", "subprocess:run", "trap_beside_a_recipe:Trap"])
@pytest.mark.parametrize(("old", "key"), [('model = "ease"', "model"), ('kind = "settings"', "kind")])
def test_allowed_code_is_that_of_installed_packages_and_said_first(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, module: str, old: str, key: str
) -> None:
    (tmp_path / "trap_beside_a_recipe.py").write_text("raise SystemExit('this was run')")
    monkeypatch.chdir(tmp_path)
    monkeypatch.syspath_prepend(tmp_path)
    told: list[Named] = []
    path = write_recipe(tmp_path, TINY.replace(old, f'{key} = "{module}"', 1))
    with pytest.raises(InputError, match=r"that pip has installed, not of Python itself or of the current folder"):
        read_recipe(str(path), told.append)
    assert [named.name for named in told] == [module]
    assert "trap_beside_a_recipe" not in sys.modules


def test_code_that_is_allowed_is_used(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    site = tmp_path / "site-packages"
    (site / "recipe_pack_of_a_test").mkdir(parents=True)
    (site / "recipe_pack_of_a_test" / "__init__.py").write_text(
        'from graphrec.models.ease import EASE\n\nclass Mine(EASE):\n    name = "mine"\n'
    )
    monkeypatch.syspath_prepend(site)
    monkeypatch.setattr("graphrec.user_modules._installed_folders", lambda: [str(site)])
    name, told = "recipe_pack_of_a_test:Mine", list[Named]()
    text = TINY.replace('model = "ease"', f'model = "{name}"', 1)
    recipe = read_recipe(str(write_recipe(tmp_path, text)), told.append)
    assert recipe.row("EASE").model == name
    assert told == [Named("row 'EASE'", "model", name, MODELS)]
    assert modules_of("fit", {"model": name})[-1] == "recipe_pack_of_a_test"
    with pytest.raises(InputError, match="there is no kind of section 'recipe_pack_of_a_test:Mine'"):
        read_recipe(str(write_recipe(tmp_path, TINY.replace('"settings"', f'"{name}"'))), told.append)


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        ('loader = "movielens"', 'loader = "movilens"', r"data: there is no loader 'movilens'.*Did you mean movielens"),
        ('model = "ease"', 'model = "eas"', r"row 'EASE': there is no model 'eas'.*Did you mean ease"),
        ('kind = "settings"', 'kind = "setings"', r"no kind of section 'setings'.*Did you mean settings"),
        ('model = "ease"', 'modle = "ease"', r"rows\.0\.modle: there is no such key|rows\.0\.model: Field required"),
        ("trials = 2", "trials = 2\nseed = [1]", r"protocol\.seed: there is no such key.*Did you mean seeds"),
        ('folder = "toy"', 'folder = "../../etc"', r"'\.\./\.\./etc' does not lie below the folder of data"),
        ('folder = "toy"', 'folder = "/etc"', r"'/etc' does not lie below"),
        ('files = ["ratings.csv"', 'files = ["../ratings.csv"', r"'\.\./ratings\.csv' does not lie below"),
        ('name = "table"', 'name = "../../table"', r"cannot be the name of a figure"),
        ("reg = [1.0, 100.0]", "reg = [1.0, nan]", "holds NaN"),
        ("reg = [1.0, 100.0]", "reg = [1.0, 2024-01-03]", "holds a date or a time"),
        ("reg = [1.0, 100.0]", "reg = " + "[" * 3000 + "]" * 3000, "nested too deep"),
        ("reg = [1.0, 100.0]", "reg = " + "9" * 6000, "the recipe is no TOML"),
        ("reg = [1.0, 100.0]", f"reg = {list(range(200))}, seed = {list(range(200))}", "more than 10,000"),
        ("trials = 2", 'trials = 2\npositive_if = "rating ~ 3"', "positive_if|Cannot overwrite"),
    ],
)
def test_what_is_wrong_says_what_was_meant(tmp_path: Path, old: str, new: str, words: str) -> None:
    assert old in TINY
    with pytest.raises(InputError, match=words):
        read_recipe(str(write_recipe(tmp_path, TINY.replace(old, new, 1))))


@pytest.mark.parametrize(
    ("section", "words"),
    [
        ('kind = "planted_truth"\nmethods = ["RecoNat"]', "no method 'RecoNat'.*Did you mean RecoNet"),
        (
            'kind = "planted_truth"\nstandard = { nose = 0.1 }',
            "the setting 'nose'.*Settings: users, items",
        ),
        ('kind = "stated_tastes"\nown = "nothing"', "stated_tastes: there is no method 'nothing'"),
        ('kind = "stated_tastes"\nvary = { strenth = [1.0] }', "stated_tastes: the setting 'strenth'.*strength"),
    ],
)
def test_methods_and_settings_of_sections_are_known_before_anything_runs(
    tmp_path: Path, section: str, words: str
) -> None:
    text = TINY.replace('kind = "settings"', section)
    with pytest.raises(InputError, match=words):
        read_recipe(str(write_recipe(tmp_path, text)))


def test_a_recipe_is_a_file_of_a_bounded_size(tmp_path: Path) -> None:
    (tmp_path / "large.toml").write_text("#" * (5 << 20))
    (tmp_path / "device.toml").symlink_to("/dev/zero")
    for name in ("large.toml", "device.toml"):
        with pytest.raises(InputError, match="a recipe is a file of at most"):
            read_recipe(str(tmp_path / name))


def test_a_quick_look_is_checked_too(tmp_path: Path) -> None:
    text = TINY + REASONS + QUICK.replace("users = 5", 'users = "many"', 1)
    recipe = read_recipe(str(write_recipe(tmp_path, text)))
    with pytest.raises(ValueError, match="users"):
        recipe.quickened()


def test_the_name_of_a_row_leads_out_of_no_cache(tmp_path: Path) -> None:
    class Job:
        kind, key = "reasons", "k"
        group = "../../../etc/passwd"

    place = Cache(tmp_path / "cache").place(Job(), ".json")  # type: ignore[arg-type]
    assert place.parents[2] == tmp_path / "cache"
    Job.group = ".."
    assert Cache(tmp_path / "cache").place(Job(), ".json").parent.name == "_"  # type: ignore[arg-type]


def test_registries_name_no_code_of_others() -> None:
    for target in (*BUILT_IN.values(), *MODELS.values()):
        assert target.startswith("graphrec.")
