"""Groups of the catalogue: by attribute, entity, factor, community and list, and what settings are refused."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest

import graphrec as gr
from graphrec.errors import InputError, UnknownIdError, UsageError
from graphrec.explainers.groups.communities import community_names, community_of_items
from graphrec.explainers.groups.explainer import Groups
from graphrec.explainers.groups.taken_groups import taken_groups
from graphrec.models.ease import EASE
from graphrec.models.resolved.model import Resolved
from graphrec.testing.knowledge import toy_with_knowledge, with_facts
from graphrec.testing.toy import build, toy
from tests import clustered
from tests.explainers.handmade import taking

if TYPE_CHECKING:
    from graphrec.dataset.dataset import Dataset
    from graphrec.explainers.groups.grouping import Grouping
    from graphrec.models.model import Model


def grouping(data: Dataset, model: Model | None = None, **settings: Any) -> Grouping:
    return Groups(**settings).prepare(model or EASE().fit(data), data).grouping


def members(found: Grouping, data: Dataset) -> dict[str, list[str]]:
    """Return the items of each group."""
    held = {group: [] for group in found.ids.to_pylist()}
    for item, group in zip(found.items.row_of_entry, found.items.indices, strict=True):
        held[found.ids[int(group)].as_py()].append(data.items.ids[int(item)].as_py())
    return held


def test_entities_by_any_relation_or_one() -> None:
    data = toy_with_knowledge(n_items=6)
    found = grouping(data, by="entity")
    even, odd = ["i00", "i02"], ["i01", "i03"]
    assert members(found, data) == {
        "entity:Ito": ["i00"],
        "entity:Lang": ["i01"],
        "entity:love": even,
        "entity:war": odd,
    }
    assert found.names.to_pylist() == ["love", "war", "Ito", "Lang"]
    by = grouping(data, by="entity:by, entity:starring")
    assert by.ids.to_pylist() == ["entity:Ito", "entity:Lang", "entity:Ito"]
    with pytest.raises(UsageError, match=r"no item has an entity by the relation 'with' to group by.*about, by, is a"):
        grouping(data, by="entity:with")
    with pytest.raises(UsageError, match=r"no item has an entity to group by. Load a knowledge graph"):
        grouping(with_facts(data, [], []), by="entity")


def test_attributes_that_no_item_carries() -> None:
    data = build({"ann": {"alien": 1.0}}, ["alien"], carried={"ann": ["user.age=old"]})
    with pytest.raises(UsageError, match=r"no item has an attribute to group by. Load attributes"):
        grouping(data)
    data = build({"ann": {"alien": 1.0}}, ["alien"], carried={"alien": ["item.genre=horror"]})
    assert members(grouping(data), data) == {"attribute:item.genre=horror": ["alien"]}
    with pytest.raises(UsageError, match=r"of the kind 'director' to group by. Items have genre"):
        grouping(data, by="attribute:director")


def test_factors() -> None:
    """Each item is in the groups of the factors to which more than .4 of it belongs."""
    data = toy_with_knowledge()
    model = Resolved(embedding_size=6, item_factors=3, entity_factors=2, epochs=4, device="cpu").fit(data)
    factors = model.factors(data)
    found = grouping(data, model, by="factor", belonging=0.4)
    assert found.ids.to_pylist() == [f"factor:{number}" for number in factors.ids.ids.to_pylist()]
    assert found.names.equals(factors.ids.columns["name"])
    expected = factors.members["Item"] >= 0.4
    assert (found.items.csr().toarray() > 0).tolist() == expected.tolist()
    assert 0 < expected.sum() < expected.size
    with pytest.raises(UsageError, match=r"resolved has no factor that an item belongs to by 1\.5: the most is"):
        grouping(data, model, by="factor", belonging=1.5)
    with pytest.raises(UsageError, match=r"ease has no factor that an item belongs to. Take a model with factors"):
        grouping(data, by="factor")


def test_communities_of_two_tastes() -> None:
    """Seven people took the first four films, six the next three; one person took one of each; nobody took the last."""
    items = [f"i{number}" for number in range(8)]
    taken = {f"a{n}": dict.fromkeys(items[:4], 1.0) for n in range(7)}
    taken |= {f"b{n}": dict.fromkeys(items[4:7], 1.0) for n in range(6)}
    taken |= {"both": {"i1": 1.0, "i2": 1.0, "i6": 1.0}, "one": {"i2": 1.0}}
    data = build(taken, items)
    found = grouping(data, by="community")
    assert members(found, data) == {"community:1": items[:4], "community:2": items[4:7]}
    assert found.names.to_pylist() == ["community of “The i2”, “The i1”", "community of “The i6”, “The i4”"]
    community = community_of_items(data.co_purchases, 8, seed=3)
    assert community.tolist() == [0, 0, 0, 0, 1, 1, 1, -1]
    assert community_names(np.full(8, -1), data.taken, data.items.columns["name"]).to_pylist() == []
    alone = build({"ann": {"i0": 1.0, "i1": 1.0}}, items)
    with pytest.raises(UsageError, match="no two items were taken by five users"):
        grouping(alone, by="community")


def test_lists_from_files(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    Path("seen.txt").write_text("i03\ni00\n\ni03\n", encoding="utf-8")
    Path("other.csv").write_text("i01\n", encoding="utf-8")
    config = Groups.Config.read({"by": "list", "lists": "seen.txt, other.csv"})
    assert config.model_dump()["lists"] == {"seen": ("i03", "i00"), "other": ("i01",)}
    data = toy_with_knowledge()
    found = grouping(data, config=config)
    assert members(found, data) == {"list:seen": ["i00", "i03"], "list:other": ["i01"]}
    assert found.names.to_pylist() == ["seen", "other"]
    both = grouping(data, by="list, entity", lists={"a": ("i02",)})
    assert both.ids.to_pylist()[:2] == ["list:a", "entity:love"]
    with pytest.raises(UnknownIdError, match="there is no Item with id 'nowhere'"):
        grouping(data, by="list", lists={"a": ("i02", "nowhere")})
    with pytest.raises(InputError, match=r"gone.txt"):
        Groups.Config.read({"by": "list", "lists": "gone.txt"})


def test_settings_that_are_refused() -> None:
    for settings, said in (
        ({"by": "genre"}, "'by': 'genre' is none of attribute, entity, factor, community, list"),
        ({"by": ""}, "'by': '' is none of"),
        ({"by": "attribute:"}, "'by': 'attribute:': write it like attribute:genre"),
        ({"by": "factor:3"}, "'by': 'factor:3': write it like attribute:genre"),
        ({"by": "list"}, "'lists': by names list"),
        ({"lists": {"a": ("x",)}}, "'lists': say by=list"),
        ({"by": "list", "lists": "a/x.txt,b/x.txt"}, "'lists': two of the files have the same name"),
        ({"attributes": "leave"}, "'attributes'"),
        ({"smallest": 0}, "'smallest'"),
        ({"smallest": 4, "largest": 3}, "'largest': it is below smallest, 4"),
    ):
        with pytest.raises(UsageError) as refused:
            Groups(**settings)
        assert f"the setting {said}" in str(refused.value)
    with pytest.raises(UsageError, match=r"the groups have not been gathered. Call prepare"):
        Groups().groups_of(taking([0, 1], items=3))


def test_the_groups_of_users_by_hand() -> None:
    """Group 0 holds the items 0, 1 and 2, group 1 the items 1, 2, 3 and 4, group 2 nothing."""
    taken = taking([0, 1, 4], [], [1, 2], [0, 1, 2, 3], items=5).items
    grouped = taking([0], [0, 1], [0, 1], [1], [1], items=3).items
    found = taken_groups(taken, grouped, smallest=2, largest=2)
    assert found.sets.users.tolist() == [0, 0]
    assert found.groups.tolist() == [0, 1]
    assert [found.sets.members.row(number).tolist() for number in range(2)] == [[0, 1], [1, 4]]
    more = taken_groups(taken, grouped, smallest=2, largest=3)
    assert more.sets.users.tolist() == [0, 0, 3, 3]
    assert [more.sets.members.row(number).tolist() for number in (2, 3)] == [[0, 1, 2], [1, 2, 3]]
    assert more.place(4).tolist() == [0, 1, 0, 1]
    one = taken_groups(taken, grouped, smallest=1, largest=9)
    assert one.groups.tolist() == [0, 1, 0, 1], "both groups of the third user are all of the history"
    assert not len(taken_groups(taken, grouped, smallest=5, largest=9).groups)


@pytest.mark.parametrize("by", ["attribute:genre,attribute:genre", "attribute,attribute:genre", "factor, factor"])
def test_nothing_is_grouped_twice(by: str) -> None:
    with pytest.raises(UsageError, match="is asked for twice"):
        Groups(by=by)


def test_lists_are_ids_of_any_type_and_are_not_empty() -> None:
    assert Groups(by="list", lists={"a": [260, 1]}).config.lists == {"a": ("260", "1")}
    for lists, what in (({"a": "260"}, "'a' is '260'"), ({"a": []}, "'a' is an empty list"), (["a"], "lists of ids")):
        with pytest.raises(UsageError, match=what):
            Groups(by="list", lists=lists)


def test_groups_that_are_all_protected_are_refused() -> None:
    """By genre alone nothing would be left to show; by genre and director the directors are."""
    data = toy()
    model = EASE(reg=3.0).fit(data)
    by_genre = Groups(by="attribute:genre")
    with pytest.raises(UsageError, match="groups are by attribute:genre alone, which is protected"):
        gr.recommend(model, data, protect=["genre"], explainer=by_genre)
    with pytest.raises(UsageError, match="which is protected"):
        gr.Predictor(model, data, protect=iter(["genre"]), explainer=by_genre)
    both = Groups(by="attribute:genre,attribute:director")
    shown = gr.recommend(model, data, protect=["genre"], explainer=both).tables.reasons["set_of"].to_pylist()
    assert {str(group).partition("=")[0] for group in shown} == {"attribute:item.director"}


def test_a_group_by_factor_is_not_named_after_a_protected_kind() -> None:
    data = clustered.films()
    model = clustered.Clustered().fit(data)

    def names(*protect: str) -> str:
        run = gr.recommend(model, data, protect=protect, explainer=Groups(by="factor", smallest=1))
        return " ".join(run.tables.reasons["set_name"].drop_null().to_pylist())

    assert "space" in names()
    assert "items like" in names("genre")
    assert "space" not in names("genre")
