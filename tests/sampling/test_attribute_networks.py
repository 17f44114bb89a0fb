"""Attribute networks by hand, beside the paper's dense formula, and where there is little to link."""

from __future__ import annotations

import logging

import numpy as np
import pytest

from graphrec.dataset.incidence import Incidence
from graphrec.errors import UsageError
from graphrec.sampling import user_value_pairs as pairs_module
from graphrec.sampling.attribute_networks import attribute_networks
from graphrec.sampling.values_of_kind import attribute_kinds
from graphrec.testing.toy import build
from tests.sampling.networks_by_hand import dense_network, random_data

GENRE, DIRECTOR = "item.genre=", "item.director="
FILMS = {
    "alien": [GENRE + "horror", GENRE + "drama", DIRECTOR + "Ito"],
    "blade": [GENRE + "horror", GENRE + "drama", DIRECTOR + "Ito"],
    "casa": [GENRE + "drama", DIRECTOR + "Lang"],
    "dune": [],
}
HAND = build(
    {
        "u": {"alien": 5, "blade": 4, "casa": 3, "dune": 5},
        "v": {"alien": 4, "blade": 5},
        "w": {"blade": 5, "casa": 1},
        "x": {"casa": 5},
    },
    list(FILMS),
    carried=FILMS,
    positive_if="rating>=3",
)


def test_a_network_by_hand() -> None:
    director, genre = attribute_networks(HAND)
    assert (director.kind, genre.kind) == ("director", "genre")
    # u and v took alien and blade, which share a director and two genres; u took casa too, a drama as both are
    assert director.product(np.eye(4)).tolist() == [[0, 2, 0, 0], [2, 0, 0, 0], [0, 0, 0, 0], [0, 0, 0, 0]]
    assert genre.product(np.eye(4)).tolist() == [[0, 4, 1, 0], [4, 0, 1, 0], [1, 1, 0, 0], [0, 0, 0, 0]]
    assert genre.degrees().tolist() == [5, 5, 2, 0]
    # (u, drama), (u, horror), (v, drama), (v, horror): all else has one item, as w's horror and drama
    attributes = HAND.attributes.ids.take(genre.attributes[genre.values]).to_pylist()
    owners = HAND.users.ids.take(genre.owners).to_pylist()
    joined = [[HAND.items.ids[int(i)].as_py() for i in genre.items_of_pairs.row(n)] for n in range(4)]
    assert list(zip(owners, attributes, joined, strict=True)) == [
        ("u", "item.genre=drama", ["alien", "blade", "casa"]),
        ("u", "item.genre=horror", ["alien", "blade"]),
        ("v", "item.genre=drama", ["alien", "blade"]),
        ("v", "item.genre=horror", ["alien", "blade"]),
    ]
    assert genre.carried.row(0).tolist() == [1, 2]  # comedy, drama, horror, western
    assert repr(genre) == "<AttributeNetwork genre: 4 pairs with 9 entries, 4 values>"


def test_low_ratings_link_too_if_all_that_was_taken_counts() -> None:
    genre = attribute_networks(HAND, ["genre"], "taken")[0]
    # w took blade and casa
    assert genre.product(np.eye(4)).tolist() == [[0, 4, 1, 0], [4, 0, 2, 0], [1, 2, 0, 0], [0, 0, 0, 0]]


def test_hubs_can_be_left_out_and_are_counted(caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.INFO):
        (genre,) = attribute_networks(HAND, ["genre"], max_share=0.5)
    # three of four films are dramas; horror is carried by exactly half of them and stays
    assert HAND.attributes.ids.take(genre.left_out).to_pylist() == ["item.genre=drama"]
    assert genre.product(np.eye(4)).tolist() == [[0, 2, 0, 0], [2, 0, 0, 0], [0, 0, 0, 0], [0, 0, 0, 0]]
    assert "attribute network genre: left out 1 of 4 values, which more than 0.5 of the items carry" in caplog.text
    assert repr(genre) == "<AttributeNetwork genre: 2 pairs with 4 entries, 3 values, left out: 1>"


def test_stored_links_can_take_the_place_of_users() -> None:
    links = Incidence.from_pairs(np.array([0, 2, 1, 3, 1]), np.array([2, 0, 2, 0, 1]), (4, 4))
    director, genre = attribute_networks(HAND, links=links)
    # alien – casa from both sides, blade – casa from one; dune carries nothing; a link to itself is none
    assert genre.product(np.eye(4)).tolist() == [[0, 0, 1, 0], [0, 0, 1, 0], [1, 1, 0, 0], [0, 0, 0, 0]]
    assert director.pairs.shape == (0, 4)
    assert genre.of_links
    with pytest.raises(UsageError, match="2 × 2, and there are 4 items"):
        attribute_networks(HAND, links=Incidence.empty(2, 2))


@pytest.mark.parametrize("of", ["positives", "taken"])
@pytest.mark.parametrize("at_once", [1, 50, 4_000_000])
def test_the_product_is_that_of_the_papers_matrix(of: str, at_once: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pairs_module, "_ENTRIES_AT_ONCE", at_once)
    data = random_data()
    vectors = np.random.default_rng(1).normal(size=(25, 3))
    networks = attribute_networks(data, of=of)
    assert [network.kind for network in networks] == ["actor", "genre"]
    for network in networks:
        whole = dense_network(data.positives if of == "positives" else data.taken, network.carried)["paths"]
        assert whole.any()
        np.testing.assert_array_equal(network.product(np.eye(25)), whole)
        np.testing.assert_allclose(network.product(vectors), whole @ vectors)
        np.testing.assert_allclose(network.product(vectors[:, 0]), whole @ vectors[:, 0])
        single = network.product(vectors.astype(np.float32))
        assert single.dtype == np.float32
        np.testing.assert_allclose(single, whole @ vectors, rtol=1e-4, atol=1e-3)
        np.testing.assert_array_equal(network.degrees(), whole.sum(axis=1))
        assert (network.items_of_pairs.counts > 1).all(), "a pair with one item links nothing"


def test_numbers_too_large_for_one_key_are_sorted_all_the_same() -> None:
    pair = np.array([2**60, 5, 2**60, 5])
    for n_items in (2, 100):  # fits into 63 bits, does not
        pairs, items = pairs_module._sorted(pair, np.array([1, 1, 0, 0], dtype=np.int32), n_items)
        assert pairs.tolist() == [5, 5, 2**60, 2**60]
        assert items.tolist() == [0, 1, 0, 1]
        assert items.dtype == np.int32


def test_little_to_link() -> None:
    data = random_data()
    assert attribute_kinds(data) == ["actor", "genre"], "one item alone carries the label, users alone the age"
    (label,) = attribute_networks(data, ["label"])
    assert label.degrees().tolist() == [0] * 25
    assert data.attributes.ids.take(label.attributes).to_pylist() == ["item.label=one"]
    with pytest.raises(UsageError, match=r"no item attribute is of the kind 'age'\. Kinds are actor, genre, label"):
        attribute_networks(data, ["age"])
    bare = build({"u": {"a": 5, "b": 5}}, ["a", "b"], attributes={})
    assert attribute_networks(bare) == []
    with pytest.raises(UsageError, match="Kinds are none here"):
        attribute_networks(bare, ["genre"])


def test_one_value_for_all_items_is_co_purchase_itself() -> None:
    items = ["a", "b", "c"]
    data = build(
        {"u": {"a": 5, "b": 5, "c": 5}, "v": {"a": 5, "b": 5}, "w": {"c": 5}, "nobody": {}},
        items,
        carried={item: ["item.genre=drama"] for item in items},
    )
    (genre,) = attribute_networks(data)
    assert genre.product(np.eye(3)).tolist() == [[0, 2, 1], [2, 0, 1], [1, 1, 0]]
    (without,) = attribute_networks(data, ["genre"], max_share=0.99)
    assert without.degrees().tolist() == [0, 0, 0]
    assert without.rows(np.arange(3)).n_entries == 0


def test_what_makes_no_sense_is_refused() -> None:
    for options, said in (
        ({"kinds": ["genre", "genre"]}, "named twice"),
        ({"kinds": "genre"}, "Give a list"),
        ({"of": "liked"}, "no interactions 'liked'"),
        ({"max_share": 0.0}, "max_share is 0"),
        ({"max_share": 1.5}, "max_share is 1.5"),
    ):
        with pytest.raises(UsageError, match=said):
            attribute_networks(HAND, **options)
    genre = attribute_networks(HAND, ["genre"])[0]
    for vectors in (np.ones((3, 2)), np.ones(5), np.ones((4, 2, 2))):
        with pytest.raises(UsageError, match="not one for each of 4 items"):
            genre.product(vectors)
