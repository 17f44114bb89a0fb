"""The commands of docs/data.md, from the owner's graph to a why-path, and the mapping that is proposed."""

from __future__ import annotations

import re
import shlex
from typing import TYPE_CHECKING

import pytest

from graphrec.commands import main
from graphrec.errors import InputError
from graphrec.loaders.neo4j.proposal import proposed_mapping
from tests.conftest import ROOT
from tests.loaders.neo4j.shop import load_by, owner
from tests.store.neo4j.foreign_graphs import bare, graph

if TYPE_CHECKING:
    from pathlib import Path

SECTION = (ROOT / "docs" / "data.md").read_text(encoding="utf-8").split("\n## neo4j\n")[1].split("\n## ")[0]
MORE = """
UNWIND range(11, 18) AS user UNWIND range(1, 8) AS item WITH user, item WHERE user * item % 3 > 0
MERGE (c:Customer {number: user}) MERGE (p:Product {sku: 'p' + item}) SET c.name = 'c' + user, p.title = 't' + item
CREATE (c)-[:PLACED]->(:Order {at: datetime('2024-02-01T00:00:00Z')})-[:CONTAINS {quantity: 1}]->(p)
"""


def test_the_commands_of_the_page(
    shop: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("GRAPHREC_STORE", raising=False)
    (mapping,) = re.findall(r"^```toml\n(.*?)^```", SECTION, flags=re.MULTILINE | re.DOTALL)
    (commands,) = re.findall(r"^```sh\n(.*?)^```", SECTION, flags=re.MULTILINE | re.DOTALL)
    propose, *lines = (line.replace("neo4j://localhost", shop) for line in commands.replace(" && ", "\n").splitlines())
    with owner(shop) as own:
        own.run(MORE).consume()
        before = graph(own)
        assert main.run(shlex.split(propose.partition(" > ")[0])[1:]) == 0
        (tmp_path / "mapping.toml").write_text(capsys.readouterr().out, encoding="utf-8")
        for text in (None, mapping):
            if text:
                (tmp_path / "mapping.toml").write_text(text, encoding="utf-8")
                monkeypatch.setenv("GRAPHREC_STORE", str(tmp_path / "second"))
            words = [shlex.split(line)[1:] for line in lines]
            assert [word[0] for word in words] == ["load", "train", "recommend", "why"]
            for line in words if text else words[:1]:
                assert main.run([*line, *(["--set", "epochs=2"] if line[0] == "train" else [])]) == 0, line
        assert "number 1 for" in capsys.readouterr().out
        own.run("MATCH (c:Customer {number: 3}), (p:Product {sku: 'p1'}) CREATE (c)-[:PLACED]->(o:Order {at: 1}) "
                "CREATE (o)-[:CONTAINS {quantity: 1}]->(p)").consume()  # fmt: skip
        changed = graph(own)
        nightly = ["--load", "neo4j", shop, "--option", "mapping=mapping.toml", "--fit", "keep"]
        assert main.run(["refresh", "graphrec-fit", *nightly]) == 0
        assert main.run([*words[0], "--replace"]) == 0
        assert graph(own) == changed != before
    assert "Nothing was removed" in capsys.readouterr().out


def test_a_proposal(shop: str, tmp_path: Path) -> None:
    text = proposed_mapping(shop)
    assert "#              4  (:Order)-[:CONTAINS]->(:Product)" in text.splitlines()
    assert '[users]\nlabel = "Customer"\nid = "number"\nname = "name"\n# attributes = ["age", "country"]\n' in text
    assert '[items]\nlabel = "Product"\nid = "sku"\nname = "title"\n' in text
    assert '\n[[interactions]]\npath = "(:Customer)-[:RATED]->(:Product)"\n' in text
    assert '\n# [[interactions]]\n# path = "(:Customer)-[:PLACED]->(:Order)-[:CONTAINS]->(:Product)"\n' in text
    loaded = load_by(shop, text, tmp_path)
    kinds = sorted(loaded.tables.nodes["Attribute"].column("kind").unique().to_pylist())
    assert kinds == ["IN", "MADE_BY"]
    assert loaded.tables.nodes["User"].num_rows == 3


def test_a_proposal_of_odd_names_and_of_nothing(shop: str, tmp_path: Path) -> None:
    bare(shop)
    with owner(shop) as own:
        own.run(
            'CREATE (a:`who "is`{`the id`: 1})-[:`has ``it`]->(b:`thing of`{k: 1}), (:Alone), '
            "(a)-[:`\\\\u0060]-() DETACH DELETE a //`]->(b)"
        ).consume()
        assert len(graph(own)) == 5
    text = proposed_mapping(shop)
    loaded = load_by(shop, text, tmp_path)
    assert loaded.tables.nodes["User"].column("id").to_pylist() == ["1"]
    with owner(shop) as own:
        assert len(graph(own)) == 5
    bare(shop)
    with pytest.raises(InputError, match="no relationships between nodes of different labels"):
        proposed_mapping(shop)
