"""The knowledge graph and the rules of attributes of a mapping, worked out by hand."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pyarrow.compute as pc
import pytest

from graphrec.errors import InputError
from graphrec.loaders import lastfm
from graphrec.loaders.table import load
from graphrec.schema import EdgeKind
from tests.loaders.checks import assert_sound, edge_set

if TYPE_CHECKING:
    from pathlib import Path

    from graphrec.loading.contract import Loaded

FILES = {
    "taken.csv": "user,item\nann,1\nbob,2\ncid,3\ncid,4\n",
    # As KGCN has it: entities are numbers, as items are; entity 2 is item 1, and entity 1 is nobody's item.
    "links.csv": "film,node\n1,2\n2,3\n3,3\n9,1\n",
    "facts.csv": "h,r,t\n2,by,7\n3,by,7\n1,by,8\n7,born,8\n2,type,0\n3,type,0\n",
    "more.csv": "h,r,t\n3,type,5\n",
    "nodes.csv": "node,label,what\n7,Mann,person\n8,Chicago,\n5,Thriller,genre\n6,Paris,city\n",
    "cities.csv": "node\n8\n10\n",
    "films.csv": (
        "id,price,year,plot,genres,actor\n"
        "1,5,1994,A heist in the city,Drama|Crime,al\n"
        "2,10,2001,The heist of a bank,Drama,al\n"
        "3,20,2009,A bank by the sea,Drama,bo\n"
        "4,free,,,,\n"
    ),
}
BASE = '[dataset]\nid = "films"\n[interactions]\nfile = "taken.csv"\nuser = "user"\nitem = "item"\n'
TRIPLES = '[triples]\nfile = "facts.csv"\nhead = "h"\nrelation = "r"\ntail = "t"\n'
LINKS = '[links]\nfile = "links.csv"\nitem = "film"\nentity = "node"\n'
ITEMS = '[items]\nfile = "films.csv"\nid = "id"\n'

HAS_ENTITY = EdgeKind("HAS_ENTITY", "Item", "Entity")
ENTITIES = EdgeKind("RELATED_TO", "Entity", "Entity")
HAS_ATTRIBUTE = EdgeKind("HAS_ATTRIBUTE", "Item", "Attribute")


def loaded(folder: Path, *sections: str) -> Loaded:
    for name, text in FILES.items():
        (folder / name).write_text(text)
    (folder / "mapping.toml").write_text(BASE + "".join(sections))
    result = load(folder)
    assert_sound(result)
    return result


def attributes(result: Loaded) -> set[tuple[object, ...]]:
    return edge_set(result.tables.edges[HAS_ATTRIBUTE])


def test_linked_entities_become_items_and_others_with_an_item_s_id_do_not(tmp_path: Path) -> None:
    result = loaded(tmp_path, TRIPLES, LINKS)
    assert edge_set(result.tables.edges[HAS_ENTITY], "relation") == {
        ("1", "7", "by"), ("2", "7", "by"), ("3", "7", "by"),
        ("1", "0", "type"), ("2", "0", "type"), ("3", "0", "type"),
    }  # fmt: skip
    assert edge_set(result.tables.edges[ENTITIES], "relation") == {("1", "8", "by"), ("7", "8", "born")}
    remarks = result.report.remarks
    assert (
        "links: 1 of 4 (25 %) linked items is not in the data set, such as 9; their entities stay entities" in remarks
    )
    assert "links: 1 entity is several items, such as 3 (2 and 3)" in remarks


def test_an_overlay_knows_no_items_and_keeps_all_links(tmp_path: Path) -> None:
    for name, text in FILES.items():
        (tmp_path / name).write_text(text)
    (tmp_path / "mapping.toml").write_text('[dataset]\nid = "graph"\nbase = "films"\n' + TRIPLES + LINKS)
    assert ("9", "8", "by") in edge_set(load(tmp_path).tables.edges[HAS_ENTITY], "relation")


def test_relations_are_left_out_by_section_and_hubs_of_all_triples(tmp_path: Path) -> None:
    more = TRIPLES.replace("[triples]", "[[triples]]").replace("facts", "more")
    first = TRIPLES.replace("[triples]", "[[triples]]")
    result = loaded(tmp_path, first, 'leave_out = ["type"]\nmost_items = 0.9\n', more, LINKS)
    # 7 has three of the three items that have an entity; 5 has two of them, and its relation is of the other section
    assert edge_set(result.tables.edges[HAS_ENTITY], "relation") == {("2", "5", "type"), ("3", "5", "type")}
    assert edge_set(result.tables.edges[ENTITIES], "relation") == {("1", "8", "by")}
    remarks = result.report.remarks
    assert "facts.csv: 2 of 6 (33 %) triples left out by their relation: type" in remarks
    assert "1 entity left out with 4 triples, since more than 90 % of 3 items have it: 7 (3 items)" in remarks


def test_entities_are_left_out_by_name(tmp_path: Path) -> None:
    result = loaded(tmp_path, TRIPLES, 'leave_out_entities = ["7", "0"]\nonly = ["by", "type"]\n', LINKS)
    assert HAS_ENTITY not in result.tables.edges
    assert edge_set(result.tables.edges[ENTITIES]) == {("1", "8")}


def test_names_and_kinds_of_entities(tmp_path: Path) -> None:
    nodes = '[[entities]]\nfile = "nodes.csv"\nid = "node"\nname = "label"\nkind_column = "what"\n'
    cities = '[[entities]]\nfile = "cities.csv"\nid = "node"\nkind = "city"\n'

    def entities(*sections: str) -> dict[str, tuple[str, str | None]]:
        table = loaded(tmp_path, TRIPLES, LINKS, *sections).tables.nodes["Entity"]
        return {row["id"]: (row["name"], row["kind"]) for row in table.to_pylist()}

    described = {"7": ("Mann", "person"), "8": ("Chicago", "city"), "0": ("0", None), "1": ("1", None)}
    assert entities(nodes, cities) == described
    assert entities(nodes, cities, "unconnected = true\n") == {**described, "10": ("10", "city")}


TITLES = """node,label,what
2,The Film,film
3,,film
7,Mann,person
"""
ENTITIES_SAID = '[entities]\nfile = "titles.csv"\nid = "node"\nname = "label"\nkind_column = "what"\n'


def names(result: Loaded) -> dict[str, str]:
    return {row["id"]: row["name"] for row in result.tables.nodes["Item"].to_pylist()}


def test_an_item_without_a_name_is_called_as_its_entity(tmp_path: Path) -> None:
    (tmp_path / "titles.csv").write_text(TITLES)
    result = loaded(tmp_path, ITEMS, 'properties = { price = "string" }\n', TRIPLES, LINKS, ENTITIES_SAID)
    assert names(result) == {"1": "The Film", "2": "2", "3": "3", "4": "4"}
    assert result.tables.nodes["Item"].filter(pc.field("id") == "1").column("price").to_pylist() == ["5"]
    assert "1 item without a name is called as its entity, such as 1: 'The Film'" in result.report.remarks
    assert {row["id"] for row in result.tables.nodes["Entity"].to_pylist()} == {"7", "8", "0", "1"}


def test_an_item_with_a_name_keeps_it(tmp_path: Path) -> None:
    (tmp_path / "titles.csv").write_text(TITLES)
    result = loaded(tmp_path, ITEMS, 'name = "genres"\n', TRIPLES, LINKS, ENTITIES_SAID)
    assert names(result) == {"1": "Drama|Crime", "2": "Drama", "3": "Drama", "4": "4"}
    assert not [remark for remark in result.report.remarks if "called as" in remark]


def test_one_entity_names_all_its_items_and_without_links_the_id_decides(tmp_path: Path) -> None:
    (tmp_path / "titles.csv").write_text("node,label,what\n3,Twins,film\n1,One,film\n")
    assert names(loaded(tmp_path, TRIPLES, LINKS, ENTITIES_SAID)) == {"1": "1", "2": "Twins", "3": "Twins", "4": "4"}
    assert names(loaded(tmp_path, TRIPLES, ENTITIES_SAID)) == {"1": "One", "2": "2", "3": "Twins", "4": "4"}


def test_attributes_by_their_rules(tmp_path: Path) -> None:
    rules = (
        'attributes = { price = { bins = 2 }, year = { width = 10, kind = "decade" }, '
        'plot = { terms = 1, most_items = 1.0 }, genres = { separator = "|", most_items = 0.5 } }\n'
    )
    result = loaded(tmp_path, ITEMS, rules)
    assert attributes(result) == {
        ("1", "item.price=under 10"), ("2", "item.price=10 or more"), ("3", "item.price=10 or more"),
        ("1", "item.decade=1990 to under 2000"), ("2", "item.decade=2000 to under 2010"),
        ("3", "item.decade=2000 to under 2010"),
        ("1", "item.plot=heist"), ("2", "item.plot=bank"), ("3", "item.plot=bank"),
        ("1", "item.genres=Crime"),
    }  # fmt: skip
    names = {row["id"]: row["name"] for row in result.tables.nodes["Attribute"].to_pylist()}
    assert names["item.decade=1990 to under 2000"] == "decade 1990 to under 2000"
    remarks = result.report.remarks
    assert "1 value of 'price', such as 'free', cannot be read as a number and became null" in remarks
    assert "price: 2 bins: under 10 (1 item) and 10 or more (2 items)" in remarks
    assert (
        "1 value of genres left out with 3 edges, since more than 50 % of 4 items have it: Drama (3 items)" in remarks
    )


def test_a_value_that_is_no_number_is_told_once_of_a_property_with_bins(tmp_path: Path) -> None:
    said = 'properties = { price = "float" }\nattributes = { price = { bins = 2 } }\n'
    remarks = loaded(tmp_path, ITEMS, said).report.remarks
    assert [remark for remark in remarks if "became null" in remark] == [
        "1 value of 'price', such as 'free', cannot be read as a number and became null"
    ]


def test_bins_do_not_depend_on_who_took_what(tmp_path: Path) -> None:
    rules = "attributes = { price = { bins = 2 } }\n"
    before = attributes(loaded(tmp_path, ITEMS, rules))
    (tmp_path / "taken.csv").write_text("user,item\n" + "".join(f"u{k},3\n" for k in range(50)))
    assert attributes(load(tmp_path)) == before


def test_entities_of_a_column_that_most_items_have(tmp_path: Path) -> None:
    result = loaded(tmp_path, ITEMS, 'entities = { actor = { relation = "starring", most_items = 0.4 } }\n')
    assert edge_set(result.tables.edges[HAS_ENTITY], "relation") == {("3", "bo", "starring")}
    assert "1 entity of starring left out with 2 edges, since more than 40 % of 4 items have it: al (2 items)" in (
        result.report.remarks
    )


@pytest.mark.parametrize(
    ("sections", "fault"),
    [
        (LINKS, r"the mapping has \[links\] to entities, and no \[triples\]"),
        ('[entities]\nfile = "nodes.csv"\nid = "node"\nname = "label"\n', r"neither \[triples\] nor a column"),
        (TRIPLES + '[entities]\nfile = "nodes.csv"\nid = "node"\n', "says nothing of the entities"),
        (TRIPLES + '[entities]\nid = "node"\nkind_column = "what"\nkind = "x"\n', "has both a kind and a kind_column"),
        (TRIPLES + 'only = ["by"]\nleave_out = ["by"]\n', "keeps and leaves out the relation 'by'"),
        (TRIPLES + "most_items = 50\n", "triples.most_items"),
        (
            TRIPLES + 'only = ["directed"]\n',
            r"no triple is left: their relations are such as by, born and type \(facts.csv\)",
        ),
        (TRIPLES + LINKS.replace('"node"', '"film"'), r"\[links\] gives the column 'film' two meanings"),
        (TRIPLES + LINKS + 'relation = "x"\n', "links.relation': is not known"),
        (ITEMS + "attributes = { price = { bins = 2, edges = [1] } }\n", "price': says both bins and edges"),
        (ITEMS + "attributes = { price = { bin = 2 } }\n", "Did you mean 'bins'"),
    ],
)
def test_what_makes_no_sense_is_refused(sections: str, fault: str, tmp_path: Path) -> None:
    with pytest.raises(InputError, match=fault):
        loaded(tmp_path, sections)


def test_kgcn_s_files_of_lastfm_give_the_graph_that_its_own_loader_gives(data: Path, tmp_path: Path) -> None:
    folder = data / "lastfm-hetrec2011"
    (tmp_path / "mapping.toml").write_text(
        f"""
        [dataset]
        id = "lastfm"
        [interactions]
        file = "{folder}/user_artists.dat"
        delimiter = "\\t"
        user = "userID"
        item = "artistID"
        weight = "weight"
        [triples]
        file = "{folder}/kgcn/kg.txt"
        delimiter = "\\t"
        columns = ["head", "relation", "tail"]
        head = "head"
        relation = "relation"
        tail = "tail"
        [links]
        file = "{folder}/kgcn/item_index2entity_id.txt"
        delimiter = "\\t"
        columns = ["item", "entity"]
        item = "item"
        entity = "entity"
        """
    )
    mapped = load(tmp_path).tables.edges
    own = lastfm.load(folder, graph="kgcn", overlay=True).tables.edges
    both = (HAS_ENTITY, EdgeKind("RELATED_TO", "Item", "Item"))
    assert {kind: mapped[kind].num_rows for kind in both} == dict(zip(both, (15_462, 56), strict=True))
    assert edge_set(mapped[both[1]], "relation") == edge_set(own[both[1]], "relation")
    assert {
        (item, f"kgcn:{entity}", relation) for item, entity, relation in edge_set(mapped[HAS_ENTITY], "relation")
    } == (edge_set(own[HAS_ENTITY], "relation"))
