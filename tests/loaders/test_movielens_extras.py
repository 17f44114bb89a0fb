"""What stands beside the ratings of the later releases: tags.dat, links.csv, the tag genome."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from graphrec.errors import InputError, UsageError
from graphrec.loaders.movielens import load
from graphrec.schema.elements import EdgeKind
from tests.loaders.checks import assert_sound, edge_set
from tests.loaders.folders import MOVIELENS, write_folder

if TYPE_CHECKING:
    from pathlib import Path

ITEM_ATTRIBUTE = EdgeKind("HAS_ATTRIBUTE", "Item", "Attribute")
LATEST = {
    "ratings.csv": "userId,movieId,rating,timestamp\n1,1,4.5,10\n2,2,3,10\n2,3,0.5,10\n",
    "movies.csv": "movieId,title,genres\n1,Toy Story (1995),Comedy\n2,Heat (1995),Crime\n3,Void,(no genres listed)\n",
    "links.csv": "movieId,imdbId,tmdbId\n2,0113277,949\n1,0114709,\n9,0000009,9\n",
    "genome-tags.csv": 'tagId,tag\n1,"toys, moving"\n2,heist\n3,boring\n',
    "genome-scores.csv": (
        "movieId,tagId,relevance\n1,1,0.99925\n1,2,0.03\n1,3,0.5\n2,1,0.0125\n2,2,0.8\n2,3,0.79975\n9,2,1.0\n"
    ),
}


@pytest.fixture
def latest(tmp_path: Path) -> Path:
    write_folder(tmp_path, LATEST)
    return tmp_path


def test_links_are_properties_where_asked(latest: Path) -> None:
    assert assert_sound(load(latest)).nodes["Item"].column_names[:3] == ["id", "name", "year"]
    assert "imdb" not in load(latest).tables.nodes["Item"].column_names
    loaded = load(latest, links=True)
    assert assert_sound(loaded).nodes["Item"].select(["id", "imdb", "tmdb"]).to_pydict() == {
        "id": ["1", "2", "3"],
        "imdb": ["tt0114709", "tt0113277", None],  # seven digits, zeros in front
        "tmdb": [None, "949", None],
    }
    assert [p.name for p in loaded.info.declared["Item"]] == ["year", "imdb", "tmdb"]


@pytest.mark.parametrize(
    ("least", "tags"),
    [
        (0.8, {("1", "toys, moving"), ("2", "heist")}),
        (0.79975, {("1", "toys, moving"), ("2", "heist"), ("2", "boring")}),
        (1, set()),
    ],
)
def test_tags_of_the_genome_from_a_relevance_on(latest: Path, least: float, tags: set[tuple[str, str]]) -> None:
    loaded = load(latest, min_relevance=least)
    found = edge_set(assert_sound(loaded).edges[ITEM_ATTRIBUTE])
    assert {(item, tag.partition("=")[2]) for item, tag in found if "genome tag" in tag} == tags
    told = [remark for remark in loaded.report.remarks if remark.startswith("genome-scores.csv")]
    assert told == [f"genome-scores.csv: {len(tags)} of 7 relevances are of these movies and at least {least:g}"]


def test_what_is_there_and_not_read_is_told(latest: Path) -> None:
    assert load(latest).report.remarks[-2:] == [
        "genome-scores.csv: not read; min_relevance=0.8 takes its tags that fit at least so well",
        "links.csv: not read; links=true takes the ids at IMDb and TMDB",
    ]
    assert not any("not read" in remark for remark in load(latest, links=True, min_relevance=0.5).report.remarks)


def test_what_is_asked_for_and_not_there_is_an_error(latest: Path) -> None:
    for name, options in (
        ("links.csv", {"links": True}),
        ("genome-tags.csv", {"min_relevance": 0.5}),
        ("genome-scores.csv", {"min_relevance": 0.5}),
    ):
        (latest / name).unlink()
        with pytest.raises(InputError, match=f"there is no such file .*{name}"):
            load(latest, **options)  # type: ignore[arg-type]


@pytest.mark.parametrize("least", [-0.1, 1.5, float("nan")])
def test_relevances_outside_0_to_1_are_refused(latest: Path, least: float) -> None:
    with pytest.raises(UsageError, match="Relevances are from 0 to 1"):
        load(latest, min_relevance=least)


def test_tags_of_10m(tmp_path: Path) -> None:
    write_folder(tmp_path, {name: MOVIELENS[name] for name in ("ratings.dat", "movies.dat")})
    # UTF-8 and single colons within tags; the last line's tag is of no movie that is here.
    (tmp_path / "tags.dat").write_text(
        "15::1::Crème: brûlée::1215184630\n16::2::crème: brûlée ::1188263867\n16::2::slow::1188263867\n9::99::slow::1\n"
    )
    tables = assert_sound(load(tmp_path, min_tag_uses=2))
    found = {(item, tag) for item, tag in edge_set(tables.edges[ITEM_ATTRIBUTE]) if "tag=" in tag}
    assert found == {("1", "item.tag=crème: brûlée"), ("2", "item.tag=crème: brûlée")}
