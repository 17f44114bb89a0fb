"""Asking a store why: the shipped queries' rows become typed answers, on both engines."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from graphrec.answers import Node, fetch_list, fetch_why
from graphrec.errors import UnknownIdError

if TYPE_CHECKING:
    from graphrec.store.store import Store

SPACE = Node("Factor", "fit-1/0", "space")


def test_one_item_has_every_reason_in_order(store: Store) -> None:
    why = fetch_why(store, "ada", "dune")
    assert (why.run.id, why.user, why.item) == ("new", Node("User", "ada", "Ada"), Node("Item", "dune", "Dune"))
    assert (why.score, why.rank, why.rest, why.stale) == (2.0, 1, 0.2, False)
    assert [r.evidence.name for r in why.supporting] == [
        "Alien", "Sci-Fi", "Ridley Scott", "25-34", "story", "pacing", "space",
    ]  # fmt: skip
    assert [r.evidence.name for r in why.opposing] == ["Casablanca"]
    scifi, factor = why.reasons[1], why.reasons[6]
    assert (scifi.weight, scifi.share, scifi.effect, scifi.ground) == (0.5, 0.2, 0.3, "item_attribute")
    assert scifi.anchor == Node("Item", "blade", "Blade Runner")
    assert (factor.effect, factor.anchor, factor.flips, factor.via) == (None, None, None, "factor:fit-1/0")
    assert [r.factor for r in why.reasons[:3]] == [SPACE, None, SPACE]
    assert why.covered == pytest.approx(0.32 + 0.2 + 0.12 + 0.04 + 0.04 + 0.02 + 0.02 + 0.04)


def test_a_list_has_each_recommendation_with_its_own_reasons(store: Store) -> None:
    answers = fetch_list(store, "ben")
    assert [(w.item.id, len(w.reasons)) for w in answers] == [("dune", 2), ("blade", 1)]
    assert answers[0].reasons == fetch_why(store, "ben", "dune").reasons
    assert [(w.item.id, w.reasons) for w in fetch_list(store, "ada")][1] == ("emma", ())


def test_another_run_is_asked_by_its_id_and_a_run_of_other_data_is_stale(store: Store) -> None:
    old = fetch_why(store, "ada", "fargo", "old")
    assert [r.evidence.id for r in old.reasons] == ["casa"]
    assert old.stale


@pytest.mark.parametrize(
    ("user", "item", "run", "words"),
    [
        ("nobody", "dune", "", "no user 'nobody'"),
        ("ada", "nothing", "", "no item 'nothing'"),
        ("ada", "fargo", "", "does not recommend the item 'fargo' to the user 'ada'"),
        ("dan", "dune", "", "recommends nothing to the user 'dan'"),
        ("ada", "dune", "never", "no run 'never'"),
        ("'}) DETACH DELETE n //", "dune", "", "no user"),
    ],
)
def test_what_is_not_there_is_named(store: Store, user: str, item: str, run: str, words: str) -> None:
    with pytest.raises(UnknownIdError, match=words.replace("(", r"\(")):
        fetch_why(store, user, item, run)
    assert len(fetch_list(store, "ada")) == 2


def test_an_unknown_user_has_no_list(store: Store) -> None:
    with pytest.raises(UnknownIdError, match="no user"):
        fetch_list(store, "nobody")
