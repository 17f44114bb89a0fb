"""Bare URIs as names: their last part, by hand."""

from __future__ import annotations

import pyarrow as pa
import pytest

from graphrec.tables.uri_names import name_of_uri, readable_name, readable_names

DBR = "http://dbpedia.org/resource"


@pytest.mark.parametrize(
    ("uri", "name"),
    [
        (f"{DBR}/Steven_Spielberg", "Steven Spielberg"),
        (f"<{DBR}/Steven_Spielberg>", "Steven Spielberg"),
        (f"{DBR}/Joe_%22King%22_Oliver_(band)", 'Joe "King" Oliver (band)'),
        (f"{DBR}/Am%C3%A9lie", "Amélie"),
        (f"{DBR}/AC/DC", "AC/DC"),
        (f"{DBR}/Category:War_films", "Category:War films"),
        ("http://www.wikidata.org/entity/Q8877", "Q8877"),
        ("http://rdf.freebase.com/ns/m.06pj8", "m.06pj8"),
        ("https://example.org/genres/drama/", "drama"),
        ("http://example.org/onto#Science_Fiction", "Science Fiction"),
        ("http://example.org/onto/Film#", "Film"),
        ("http://example.org", "http://example.org"),
        ("http://example.org/", "http://example.org/"),
        ("http://example.org/_", "http://example.org/_"),
        ("Q8877", "Q8877"),
        ("m.06pj8", "m.06pj8"),
        ("dbr:Steven_Spielberg", "dbr:Steven_Spielberg"),
        ("see http://example.org/a", "see http://example.org/a"),
        ('"42"^^<http://www.w3.org/2001/XMLSchema#integer>', '"42"^^<http://www.w3.org/2001/XMLSchema#integer>'),
        ("", ""),
    ],
)
def test_the_last_part(uri: str, name: str) -> None:
    assert name_of_uri(uri) == name
    assert readable_name(uri, uri) == name


def test_a_name_of_its_own_stays() -> None:
    ids = pa.array([f"{DBR}/A_B", f"{DBR}/A_B", f"x:{DBR}/A_B", "7", "8"])
    names = pa.array([f"{DBR}/A_B", "a film", f"{DBR}/A_B", f"{DBR}/A_B", None])
    assert readable_names(ids, names).to_pylist() == ["A B", "a film", "A B", f"{DBR}/A_B", None]
    assert readable_names(pa.array(["a"]), pa.array(["b"])).to_pylist() == ["b"]
