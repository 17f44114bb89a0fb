from __future__ import annotations

import shlex
from itertools import product
from pathlib import Path

import pytest

from graphrec.errors import InputError
from graphrec.loading.registry import read
from graphrec.loading.shipped import SHIPPED
from graphrec.loading.wrong_loader import better_command, recognised
from tests.loaders.folders import MOVIELENS, OF_LOADER, TABLE, write_folder

RELEASES = [(name, number) for name, releases in OF_LOADER.items() for number in range(len(releases))]


def _release(tmp_path: Path, owner: str, number: int) -> Path:
    write_folder(tmp_path / "data set", OF_LOADER[owner][number])
    return tmp_path / "data set"


def test_every_shipped_loader_has_a_small_folder() -> None:
    assert set(OF_LOADER) == set(SHIPPED)


@pytest.mark.parametrize(("owner", "number"), RELEASES)
def test_a_release_is_recognised_as_one_data_set_and_loads(tmp_path: Path, owner: str, number: int) -> None:
    path = _release(tmp_path, owner, number)
    assert recognised(path) == [owner]
    assert better_command(owner, path) == ""
    assert read(owner, path).info.loader == owner


@pytest.mark.parametrize(
    ("asked", "owner", "number"), [(a, *release) for a, release in product(SHIPPED, RELEASES) if a != release[0]]
)
def test_a_wrong_loader_names_the_right_one(tmp_path: Path, asked: str, owner: str, number: int) -> None:
    path = _release(tmp_path, owner, number)
    with pytest.raises(InputError) as caught:
        read(asked, path)
    command = f"graphrec load {owner} {shlex.quote(str(path))}"
    assert caught.value.remedy == f"These look like files of {SHIPPED[owner].data}: {command}"
    assert str(tmp_path) in caught.value.where  # what was wrong is still told


@pytest.mark.parametrize(("owner", "number"), RELEASES)
def test_a_folder_above_and_below(tmp_path: Path, owner: str, number: int) -> None:
    path = _release(tmp_path, owner, number)
    right = f"graphrec load {owner} {shlex.quote(str(path))}"
    for place in (path.parent, path / "absent"):
        with pytest.raises(InputError, match="a folder away") as caught:
            read(owner, place)
        assert caught.value.remedy == f"Files of {SHIPPED[owner].data} lie a folder away: {right}"


def test_a_file_of_the_folder_instead_of_the_folder(tmp_path: Path) -> None:
    path = _release(tmp_path, "movielens", 0)
    for asked in ("movielens", "table", "lastfm"):
        assert better_command(asked, path / "ratings.dat").endswith(f"load movielens {shlex.quote(str(path))}")


def test_a_data_set_that_is_one_file(tmp_path: Path) -> None:
    reviews = _release(tmp_path, "amazon", 0) / "reviews_Toys_5.json"
    moved = reviews.rename(reviews.with_name("toys.json"))
    right = f"graphrec load amazon {shlex.quote(str(moved))}"
    assert better_command("lastfm", moved) == f"These look like files of Amazon: {right}"
    assert better_command("amazon", moved.parent) == ""  # the folder's only file of reviews
    (tmp_path / "yelp").mkdir()
    archive = tmp_path / "yelp" / "yelp_dataset.tar"
    archive.touch()
    assert better_command("yelp", archive.parent) == f"Files of Yelp lie a folder away: graphrec load yelp {archive}"


def test_several_data_sets_below(tmp_path: Path) -> None:
    for name in ("a", "b"):
        write_folder(tmp_path / name, MOVIELENS)
    write_folder(tmp_path / "c", OF_LOADER["lastfm"][0])
    one, other = (f"graphrec load movielens {tmp_path / name}" for name in ("a", "b"))
    assert better_command("movielens", tmp_path) == f"Files of MovieLens lie a folder away: {one}, or {other}"
    assert better_command("amazon-beauty", tmp_path).startswith("Files of MovieLens and LastFM lie a folder away")


def test_nothing_is_said_where_nothing_is_known(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write_folder(tmp_path, TABLE)
    (tmp_path / "other").mkdir()
    monkeypatch.chdir(tmp_path)
    assert better_command("movielens", tmp_path / "other") == ""
    assert better_command("movielens", Path("mistyped")) == ""  # beside a mapping
    assert better_command("table", Path("other")).endswith("graphrec load table .")
    monkeypatch.chdir(tmp_path / "other")
    assert better_command("table", Path()).endswith("graphrec load table ..")


def test_a_file_of_another_name_or_content_is_not_recognised(tmp_path: Path) -> None:
    write_folder(tmp_path, {"ratings.csv": "user,film,stars\n1,2,3\n", "mapping.txt": "", "u.data/x": "1\t2\t3\t4\n"})
    assert recognised(tmp_path) == []
    (tmp_path / "ratings.dat").write_bytes(b"\x1f\x8b damaged")
    assert recognised(tmp_path) == []


def test_files_of_the_right_loader_keep_their_own_remedy(tmp_path: Path) -> None:
    path = _release(tmp_path, "movielens", 0)
    (path / "movies.dat").unlink()
    with pytest.raises(InputError, match=r"there is no such file .*movies\.dat\). Check the path"):
        read("movielens", path)


def test_a_mapping_that_was_named_says_what_the_files_are(tmp_path: Path) -> None:
    path = _release(tmp_path, "movielens", 1)
    mapping = tmp_path / "own.toml"
    mapping.write_text('[dataset]\nid = "m"\n[interactions]\nfile = "ratings.csv"\nuser = "who"\nitem = "movieId"\n')
    with pytest.raises(InputError, match=r"the column 'who' is missing.*Columns found: userId"):
        read("table", path, {"mapping": str(mapping)})
