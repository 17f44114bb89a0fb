"""Names of factors of items: the attributes and entities that are over-represented among them.

An item is one of a factor's if it belongs to no factor of the same kind more. Of N items, K carry a mark (an attribute
or an entity with a name of its own); of the n items of the factor, x do. By chance alone x follows the hypergeometric
distribution. The marks with the least probability of x or more make the name, attributes before entities, as far as
one in five such marks at most would be there by chance (false discovery rate, Benjamini and Hochberg 1995, of each
factor's attributes and of its entities; all that enough items carry are tested, whether or not they are in the
factor). A factor without any such mark is called by the items that are most of it, and one that no item belongs to most
by its number.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pyarrow.compute as pc
from scipy import sparse, stats

if TYPE_CHECKING:
    from collections.abc import Sequence

    import numpy.typing as npt

    from graphrec.dataset.dataset import Dataset
    from graphrec.dataset.incidence import Incidence

MARKS_IN_A_NAME = 3
"""Most marks (or items, where there are no marks) in a name."""
LEAST_ITEMS = 3
"""Least number of a factor's items that carry a mark."""
_CODE = r"^(?:Q[0-9]+|[mg]\.[0-9a-z_]+)$"
FALSE_DISCOVERIES = 0.2
"""Largest share of false discoveries among the marks in names."""


def names_by_items(
    belonging: npt.NDArray[np.float32], groups: npt.NDArray[np.int64], dataset: Dataset, noun: str = "factor"
) -> list[str]:
    """Return a name for each factor; no two are the same.

    Args:
        belonging: float32 [items, factors], how much each item belongs to each factor.
        groups: int64 [factors], factors of one kind have one number.
        dataset: in the same numbering.
        noun: what a factor without anything to call it by is called, before its number.
    """
    marks, names = item_marks(dataset)
    tested = np.flatnonzero(np.asarray(marks.sum(axis=0)).ravel() >= LEAST_ITEMS)
    of_attributes, of_entities = np.split(tested, [np.searchsorted(tested, len(dataset.attributes))])
    best = np.column_stack([strongest(belonging[:, groups == group]) for group in np.unique(groups)])
    surprise = over_representation(best, marks)
    factors: list[str] = []
    for factor, row in enumerate(surprise):
        telling = [mark for kind in (of_attributes, of_entities) for mark in discoveries(row, kind)]
        name = " · ".join(names[mark] for mark in telling[:MARKS_IN_A_NAME])
        name = name or _by_items(belonging[:, factor], best[:, factor], dataset) or f"{noun} {factor + 1}"
        factors.append(name)
    return told_apart(factors)


def told_apart(names: Sequence[str]) -> list[str]:
    """Return names with a number behind each that another has before it; no two are the same."""
    apart: dict[str, None] = {}
    for number, name in enumerate(names, start=1):
        told, again = name, number
        while told in apart:
            told, again = f"{name} ({again})", again + 1
        apart[told] = None
    return list(apart)


def over_representation(belongs: npt.NDArray[np.bool_], marks: sparse.csr_matrix) -> npt.NDArray[np.float64]:
    """Return log P(x or more by chance), [factors, marks]; 0 where fewer than ``LEAST_ITEMS`` items carry the mark.

    Args:
        belongs: bool [items, factors].
        marks: items × marks, 0 or 1.
    """
    total = len(belongs)
    carriers = np.asarray(marks.sum(axis=0)).ravel()
    seen = (sparse.csr_matrix(belongs.T.astype(np.float64)) @ marks).toarray()
    surprise = np.zeros(seen.shape)
    factor, mark = np.nonzero(seen >= LEAST_ITEMS)  # of the others, by far the most, nothing need be computed
    size = belongs.sum(axis=0)[factor]
    surprise[factor, mark] = stats.hypergeom.logsf(seen[factor, mark] - 1, total, carriers[mark], size)
    return surprise


def discoveries(surprise: npt.NDArray[np.float64], tested: npt.NDArray[np.int64]) -> npt.NDArray[np.int64]:
    """Return the marks that are over-represented, the most surprising first (Benjamini and Hochberg).

    Args:
        surprise: float64 [marks], log P.
        tested: int64, the marks among which to look, chosen without a look at the factor.
    """
    ordered = tested[np.argsort(surprise[tested], kind="stable")]
    allowed = np.log(FALSE_DISCOVERIES * np.arange(1, len(ordered) + 1) / max(len(ordered), 1))
    passing = np.flatnonzero(surprise[ordered] <= allowed)
    return ordered[: passing[-1] + 1] if len(passing) else ordered[:0]


def strongest(belonging: npt.NDArray[np.float32]) -> npt.NDArray[np.bool_]:
    """Return the strongest factor of a kind for each node, bool [nodes, factors]; none where it belongs to none."""
    top = belonging.max(axis=1, keepdims=True, initial=0)
    best: npt.NDArray[np.bool_] = (belonging == top) & (belonging > 0)
    return best


def _by_items(belonging: npt.NDArray[np.float32], best: npt.NDArray[np.bool_], dataset: Dataset) -> str:
    """Return a name from the items of a factor, first those with high membership that many users took.

    Args:
        belonging: float32 [items], how much each belongs to the factor.
        best: bool [items], whether it belongs to no factor of the kind more; the others have no part in the name.
        dataset: in the same numbering.
    """
    takers = np.bincount(dataset.positives.indices, minlength=len(belonging))
    weight = np.where(best, belonging * (1 + takers), 0)
    chosen = [item for item in np.argsort(-weight, kind="stable")[:MARKS_IN_A_NAME] if weight[item] > 0]
    items = " · ".join(str(dataset.items.columns["name"][int(item)].as_py()) for item in chosen)
    return f"items like {items}" if items else ""


def item_marks(dataset: Dataset) -> tuple[sparse.csr_matrix, Sequence[str]]:
    """Return items × marks, and the marks' names; what has no name of its own is no mark.

    An attribute with an empty name has none, and no item carries it here. Of an entity, a name that only repeats the
    id, or the part of it after its prefix behind the word "entity", is none of its own; nor is a code of Wikidata or
    Freebase (Q8877, m.06pj8).
    """
    ids, called = dataset.entities.ids, dataset.entities.columns["name"]
    numbered = pc.binary_join_element_wise("entity", pc.replace_substring_regex(ids, "^.*:", ""), " ")
    is_named = pc.and_(pc.not_equal(called, ids), pc.not_equal(called, numbered))
    is_named = pc.and_(is_named, pc.invert(pc.match_substring_regex(called, _CODE)))
    readable = is_named.to_numpy(zero_copy_only=False)
    parts = [
        named_attributes(dataset, dataset.item_attributes).csr(np.float64),
        dataset.item_entities.csr(np.float64)[:, np.flatnonzero(readable)],
    ]
    names = dataset.attributes.columns["name"].to_pylist() + called.filter(readable).to_pylist()
    return sparse.hstack(parts, format="csr"), names


def named_attributes(dataset: Dataset, carried: Incidence) -> Incidence:
    """Return who carries which attribute, nodes × attributes, without attributes whose name is empty."""
    is_named = pc.not_equal(dataset.attributes.columns["name"], "").to_numpy(zero_copy_only=False).astype(np.bool_)
    return carried.where(is_named[carried.indices])
