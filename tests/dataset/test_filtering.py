"""Filters of a data set in a stated order."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pytest

import graphrec as gr
from graphrec.dataset.dataset import Dataset
from graphrec.dataset.filtering import FilterCount
from graphrec.dataset.ids import IdMap
from graphrec.dataset.mentions import Mentions
from graphrec.dataset.positive_rule import PositiveRule
from graphrec.errors import InputError, UsageError
from graphrec.loading import registry
from graphrec.testing.toy import build, toy

if TYPE_CHECKING:
    from pathlib import Path

DATA = build(
    {"ada": {"a": 5, "b": 4, "c": 1}, "ben": {"b": 4, "d": 5}, "cat": {"a": 5, "c": 2}, "dan": {}},
    ["a", "b", "c", "d", "e"],
    carried={
        "a": ["item.genre=drama", "item.director=Ito"],
        "b": ["item.genre=drama", "item.director=Lang"],
        "c": ["item.genre=horror", "item.director=Lang"],
        "d": ["item.genre=horror"],
        "e": ["item.genre=drama", "item.director=Ito"],
        "ada": ["user.age=young"],
    },
    positive_if="rating>=3",
)


def pairs(dataset: Dataset) -> set[tuple[str, str]]:
    """Return the interactions by ids."""
    users, items = dataset.users.ids.to_pylist(), dataset.items.ids.to_pylist()
    seen = dataset.interactions
    return {(users[user], items[item]) for user, item in zip(seen.user, seen.item, strict=True)}


def test_positives_by_hand() -> None:
    """Ada's and Cat's c are no positives; c, e and Dan have nothing left."""
    kept = gr.filter_dataset(DATA, [{"positives": True}])
    assert pairs(kept.dataset) == {("ada", "a"), ("ada", "b"), ("ben", "b"), ("ben", "d"), ("cat", "a")}
    assert kept.dataset.users.ids.to_pylist() == ["ada", "ben", "cat"]
    assert kept.dataset.items.ids.to_pylist() == ["a", "b", "d"]
    assert kept.account == (FilterCount("as loaded", 4, 5, 7), FilterCount("positive interactions", 3, 3, 5))


def test_attributes_by_hand_and_what_nodes_carry_follows_them() -> None:
    kept = gr.filter_dataset(DATA, [{"item_attributes": ["genre", "director"]}]).dataset
    assert pairs(kept) == {("ada", "a"), ("ada", "b"), ("ada", "c"), ("ben", "b"), ("cat", "a"), ("cat", "c")}
    names = kept.attributes.ids.to_pylist()
    carried = {kept.items.ids[row].as_py(): {names[a] for a in kept.item_attributes.row(row)} for row in range(3)}
    assert carried == {
        "a": {"item.genre=drama", "item.director=Ito"},
        "b": {"item.genre=drama", "item.director=Lang"},
        "c": {"item.genre=horror", "item.director=Lang"},
    }
    assert [names[a] for a in kept.user_attributes.row(0)] == ["user.age=young"]


def test_the_order_matters() -> None:
    """Positives of items with a director: Ada two, Ben and Cat one each. Before that, Ben has two as well."""
    steps: list[dict[str, Any]] = [{"item_attributes": ["director"]}, {"users_with": 2}]
    assert pairs(gr.filter_dataset(DATA, steps).dataset) == {("ada", "a"), ("ada", "b"), ("ada", "c")}
    assert pairs(gr.filter_dataset(DATA, steps[::-1]).dataset) == {
        ("ada", "a"), ("ada", "b"), ("ada", "c"), ("ben", "b")
    }  # fmt: skip


def test_items_with_counts_positives() -> None:
    assert pairs(gr.filter_dataset(DATA, [{"items_with": 2}]).dataset) == {
        ("ada", "a"), ("cat", "a"), ("ada", "b"), ("ben", "b")
    }  # fmt: skip


def test_every_step_counts_and_has_a_fingerprint_of_its_own() -> None:
    data = toy(3, n_users=60)
    steps = [{"positives": True}, {"item_attributes": ["genre"]}, {"users_with": 3}, {"items_with": 4}]
    kept = gr.filter_dataset(data, steps)
    assert [one.step for one in kept.account] == [
        "as loaded",
        "positive interactions",
        "items with genre",
        "users with 3 positive interactions or more",
        "items with 4 positive interactions or more",
    ]
    prefixes = {gr.filter_dataset(data, steps[:n]).dataset.fingerprint for n in range(5)}
    assert len(prefixes) == 5
    assert data.fingerprint in prefixes
    last = kept.dataset
    assert kept.account[-1] == FilterCount(
        kept.account[-1].step, len(last.users), len(last.items), last.taken.n_entries
    )
    assert np.bincount(last.interactions.item).min() >= 4
    assert last.positives.n_entries == len(last.interactions)


def test_no_step_changes_nothing() -> None:
    kept = gr.filter_dataset(DATA, [])
    assert kept.dataset is DATA
    assert kept.account == (FilterCount("as loaded", 4, 5, 7),)


@pytest.mark.parametrize(
    ("step", "said"),
    [
        ({"user_with": 5}, "there is no filter 'user_with'.*Did you mean users_with"),
        ({"users_with": 5, "items_with": 5}, "is not one step"),
        ("users_with", "is not one step"),
        ({"users_with": 0}, "cannot be 0.*a whole number of 1 or more"),
        ({"items_with": True}, "cannot be True"),
        ({"pairs": 3}, "cannot be 3.*columns user and item"),
        ({"positives": False}, "cannot be False.*leave the step out"),
        ({"item_attributes": []}, r"cannot be \[\].*kinds of attributes"),
        ({"item_attributes": "director"}, "cannot be 'director'"),
        ({"item_attributes": ["actor"]}, "no item has an attribute of the kind 'actor'.*director, genre"),
        ({"item_attributes": ["age"]}, "no item has an attribute of the kind 'age'"),
    ],
)
def test_what_is_no_step(step: Any, said: str) -> None:
    with pytest.raises(UsageError, match=f"(?s){said}"):
        gr.filter_dataset(DATA, [step])


def test_a_step_that_leaves_nothing() -> None:
    with pytest.raises(InputError, match=r"leaves no interaction: users with 9 positive.*there were 5"):
        gr.filter_dataset(DATA, [{"positives": True}, {"users_with": 9}])


# Ada on a, b and c, Ben on b and d, Cat on c
SAID = [
    (0, 0, 0, 1.0, 1),
    (0, 1, 0, 1.0, 1),
    (0, 2, 0, -1.0, 1),
    (1, 1, 0, -1.0, 1),
    (1, 3, 0, 1.0, 1),
    (2, 2, 0, 0.5, 2),
]


def said(dataset: Dataset) -> list[tuple[str, str, float]]:
    """Return user, item and sentiment of each mention, by ids; empty for an end elsewhere."""
    ends = (
        (ids.ids.to_pylist(), positions)
        for ids, positions in ((dataset.users, dataset.mentions.user), (dataset.items, dataset.mentions.item))
    )
    users, items = ([names[place] if place >= 0 else "" for place in positions] for names, positions in ends)
    return list(zip(users, items, dataset.mentions.sentiment.tolist(), strict=True))


def test_what_those_who_went_wrote_of_an_item_stays() -> None:
    """Ben and Cat have fewer than three interactions; of c, which Ada took too, Cat's review stays."""
    mentions = Mentions.of(*np.array([*SAID, (-1, 4, 0, 1.0, 9)]).T)
    data = DATA.changed(nodes={"Feature": IdMap.of("Feature", ["x"])}, mentions=mentions, positive_if=PositiveRule(""))
    kept = gr.filter_dataset(data, [{"users_with": 3}]).dataset
    assert said(kept) == [
        ("", "b", -1.0), ("", "c", 0.5), ("ada", "a", 1.0), ("ada", "b", 1.0), ("ada", "c", -1.0)
    ]  # fmt: skip
    assert kept.item_features.weights.tolist() == [1.0, 0.0, 0.0]  # c: (−1 + 2 · .5) / 3

    items = gr.filter_dataset(data, [{"items_with": 2}]).dataset  # d went
    assert said(items) == [
        ("ada", "a", 1.0), ("ada", "b", 1.0), ("ada", "c", -1.0),
        ("ben", "", 1.0), ("ben", "b", -1.0), ("cat", "c", 0.5),
    ]  # fmt: skip

    positive = data.changed(positive_if=PositiveRule("rating>=3"))
    kept = gr.filter_dataset(positive, [{"positives": True}]).dataset
    assert said(kept) == [("ada", "a", 1.0), ("ada", "b", 1.0), ("ben", "b", -1.0), ("ben", "d", 1.0)]


def test_pairs_keep_users_and_items_that_a_file_names(tmp_path: Path) -> None:
    """Ben and d are not named; c is, by Cat's pair, and Ada's interaction with it stays."""
    path = tmp_path / "pairs.csv"
    path.write_text("user,item\nada,a\ncat,c\nada,b\nzoe,b\n", encoding="utf-8")
    kept = gr.filter_dataset(DATA, [{"pairs": str(path)}])
    assert pairs(kept.dataset) == {("ada", "a"), ("ada", "b"), ("ada", "c"), ("cat", "a"), ("cat", "c")}
    assert [count.step for count in kept.account] == ["as loaded", "users and items of pairs.csv"]

    elsewhere = tmp_path / "folder"
    elsewhere.mkdir()
    again = elsewhere / "other.csv"
    again.write_bytes(path.read_bytes())
    same = gr.filter_dataset(DATA, [{"pairs": str(again)}]).dataset.fingerprint
    assert same == kept.dataset.fingerprint, "the content decides, not the place"
    path.write_text("user,item\nada,a\n", encoding="utf-8")
    assert gr.filter_dataset(DATA, [{"pairs": str(path)}]).dataset.fingerprint != same


def test_pairs_of_a_file_that_cannot_be_used(tmp_path: Path) -> None:
    path = tmp_path / "pairs.csv"
    with pytest.raises(InputError, match="there is no such file"):
        gr.filter_dataset(DATA, [{"pairs": str(path)}])
    path.write_text("user,item\nada,a\n,b\n", encoding="utf-8")
    with pytest.raises(InputError, match=r"user is empty.*pairs\.csv, line 3"):
        gr.filter_dataset(DATA, [{"pairs": str(path)}])
    path.write_text("user,item\nzoe,z\n", encoding="utf-8")
    with pytest.raises(InputError, match=r"leaves no interaction: users and items of pairs\.csv"):
        gr.filter_dataset(DATA, [{"pairs": str(path)}])


def test_the_paper_s_users_of_movielens_small(data: Path) -> None:
    """eRAN: 663 users. With the users' filter first it would be all 671."""
    loaded = registry.read("movielens", data / "movielens-small-2016", {})
    rated = Dataset.from_tables(loaded.tables, loaded.info, "rating>3")
    steps: list[dict[str, Any]] = [{"positives": True}, {"item_attributes": ["director", "actor"]}, {"users_with": 5}]
    last = gr.filter_dataset(rated, steps).account[-1]
    assert (last.users, last.items, last.interactions) == (663, 6_917, 61_929)
    with_genre = [steps[0], {"item_attributes": ["director", "actor", "genre"]}, steps[2]]
    last = gr.filter_dataset(rated, with_genre).account[-1]
    assert (last.users, last.items, last.interactions) == (663, 6_907, 61_918)
    every_rating = Dataset.from_tables(loaded.tables, loaded.info)
    assert gr.filter_dataset(every_rating, steps[1:]).account[-1].users == 671
