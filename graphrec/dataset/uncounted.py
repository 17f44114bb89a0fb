"""Interactions that the rule of what is positive leaves out, in words: who has no others is recommended nothing."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from graphrec.wording import counted

if TYPE_CHECKING:
    from collections.abc import Mapping

    import numpy.typing as npt

    from graphrec.dataset.dataset import Dataset
    from graphrec.dataset.positive_rule import PositiveRule

DECISIVE = ("rating", "weight", "timestamp")
"""Properties of interactions that a rule may look at."""


def users_without_positives(dataset: Dataset, users: npt.NDArray[Any]) -> npt.NDArray[np.int64]:
    """Return those of some users who have interactions, none of them positive.

    Args:
        dataset: whose rule decides.
        users: positions.
    """
    numbers = np.asarray(users, dtype=np.int64)
    has_none = (dataset.taken.counts[numbers] > 0) & (dataset.positives.counts[numbers] == 0)
    without: npt.NDArray[np.int64] = numbers[has_none]
    return without


def why_none_counts(dataset: Dataset, user: int, name: str) -> str:
    """Return why a person has no positive interaction, with the remedy; empty if the person has one, or none at all.

    Args:
        dataset: whose rule decides.
        user: position.
        name: how the person is called.
    """
    if not len(users_without_positives(dataset, np.array([user]))):
        return ""
    own = slice(*np.searchsorted(dataset.interactions.user, [user, user + 1]))
    columns = {column: getattr(dataset.interactions, column)[own] for column in DECISIVE}
    return none_counts(dataset.positive_if, columns, name)


def none_counts(rule: PositiveRule, columns: Mapping[str, npt.NDArray[Any]], name: str) -> str:
    """Return why none of a person's interactions counts; empty if one does, or there are none.

    Args:
        rule: what is positive.
        columns: ``DECISIVE``, of one length; NaN where unknown.
        name: how the person is called.
    """
    number = len(columns["weight"])
    if not number or rule.mask(columns).any():
        return ""
    whose = f"none of {name}'s {number:,} interactions counts"
    if number == 1:
        whose = f"{name}'s only interaction does not count"
    return f"{whose}: {_rule_in_words(rule, columns)}"


def why_nothing(dataset: Dataset, user: int, name: str) -> str:
    """Return why a model can recommend nothing to a person; arguments as for ``why_none_counts``."""
    if not dataset.taken.counts[user]:
        return f"{name} has no interaction with an item that the model knows"
    return why_none_counts(dataset, user, name) or f"the model can use nothing that is known of {name}"


def how_many_count(rule: PositiveRule, columns: Mapping[str, npt.NDArray[Any]], whose: str) -> str:
    """Return how many interactions of a file the rule leaves out and why; empty if all count.

    Args:
        rule: what is positive.
        columns: ``DECISIVE``, of one length; NaN where unknown.
        whose: where the interactions come from, such as ``new.csv``.
    """
    out = ~rule.mask(columns)
    if not out.any():
        return ""
    number = len(out)
    some = f"none of the {counted(number, 'interaction')} in {whose} counts"
    if not out.all():
        some = f"{int(out.sum()):,} of the {counted(number, 'interaction')} in {whose} do not count"
    return f"{some}: {_rule_in_words(rule, {name: column[out] for name, column in columns.items()})}"


def _rule_in_words(rule: PositiveRule, columns: Mapping[str, npt.NDArray[Any]]) -> str:
    """Return the rule, what the interactions have instead, and what to do; all of them fail the rule."""
    values = columns[rule.column]
    known = values[~np.isnan(values)]
    missing = len(values) - len(known)
    remedy = f"Give a column {rule.column}, or train a model that counts interactions without one"
    if not len(known):
        return f"the model counts {rule.text}, and there is no {rule.column}. {remedy}"
    low, high = (f"{end:.10g}" for end in (known.min(), known.max()))
    facts = f"the {rule.column} is {low}" if low == high else f"the {rule.column} is {low} to {high}"
    facts += f", or missing ({counted(missing, 'time')})" if missing else ""
    return f"the model counts {rule.text}, and {facts}. {remedy if missing else 'Train a model that counts others'}"
