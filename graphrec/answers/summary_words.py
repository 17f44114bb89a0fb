"""Item groups and user clusters in words: “this kind of thing”, and “people like” the user."""

from __future__ import annotations

from typing import TYPE_CHECKING

from graphrec.answers import text
from graphrec.wording import enumerated

if TYPE_CHECKING:
    from graphrec.answers.answer import Answer, ItemGroup, Takers, UserCluster

LEAST_TOLD = 0.1
"""Least membership in a cluster, and least part of the evidence that a group is, of which anything is said."""

FEWEST_PEOPLE = 3
"""Of fewer people in a cluster nothing is said: parts of so few mean nothing, and might tell who they are."""

ITEMS_NAMED = 3
"""Items of a group that are named. The others are not counted: only stored reasons could be, and the group's part of
the evidence comes from all."""


def summary_sentences(why: Answer) -> list[str]:
    """Return a sentence for each user cluster and each item group that says enough, clusters first.

    A cluster whose people took the item no more often than everybody speaks for nothing.
    """
    clusters = [
        people_like(why, one)
        for one in why.user_clusters
        if one.belongs >= LEAST_TOLD and one.takers.people >= FEWEST_PEOPLE and _took_more_often(one.takers)
    ]
    return clusters + [kind_of_thing(why, one) for one in why.item_groups if one.share >= LEAST_TOLD]


def people_like(why: Answer, one: UserCluster) -> str:
    """Return who took it: ``People like Dot (“space”): 3 of 4 others (75 %) watched it, of all 3 of 9 (33 %)``."""
    takers = one.takers
    return (
        f"People like {why.user.name} ({text.quoted(one.cluster)}): "
        f"{_part(takers.took, takers.people, ' others')} {text.shown_verb(why.verb)} it, "
        f"of all {_part(takers.everybody_took, takers.everybody)}"
    )


def kind_of_thing(why: Answer, one: ItemGroup) -> str:
    """Return what is of a group: ``This kind of thing (“space”), 94 % of the evidence: they watched “Alien”``."""
    named = [text.quoted(item) for item in one.items[:ITEMS_NAMED]]
    which = enumerated([*named, "others"] if len(one.items) > len(named) else named)
    took = f": they {text.shown_verb(why.verb)} {which}" if named else ""
    return f"This kind of thing ({text.quoted(one.group)}), {text.percent(one.share)} of the evidence{took}"


def _took_more_often(takers: Takers) -> bool:
    """Return whether the cluster's people took the item more often than everybody did."""
    return takers.took * takers.everybody > takers.everybody_took * takers.people


def _part(some: int, of: int, noun: str = "") -> str:
    return f"{some:,} of {of:,}{noun} ({text.percent(some / of if of else 0.0) if some else '0 %'})"
