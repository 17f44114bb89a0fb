"""Paths from users to recommended items, each with its credibility and readability."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from graphrec.arrays.bounded_blocks import row_blocks, uneven_blocks
from graphrec.explainers.sep.representation import means, similarity

if TYPE_CHECKING:
    from collections.abc import Iterator

    import numpy.typing as npt

    from graphrec.dataset.profiles import Profiles
    from graphrec.explainers.sep.links import Links

PATHS_AT_ONCE = 2_000_000
"""Paths held at once, before the best of each pair are kept."""


@dataclass(frozen=True, eq=False)
class Paths:
    """Paths user → taken item → node → recommended item, as columns.

    Where the node is the recommended item itself, one fact leads there.

    Attributes:
        pair: int64 [paths], which user and item it is about.
        taken: int64, the item that the user took.
        node: int64, what lies between, in the numbering of the links.
        via: int32, what the edge from the taken item is called.
        onward: float64, similarity of the ends of that edge.
        credibility, readability: float64 in [0, 1].
    """

    pair: npt.NDArray[np.int64]
    taken: npt.NDArray[np.int64]
    node: npt.NDArray[np.int64]
    via: npt.NDArray[np.int32]
    onward: npt.NDArray[np.float64]
    credibility: npt.NDArray[np.float64]
    readability: npt.NDArray[np.float64]

    def __len__(self) -> int:
        return len(self.pair)


def paths_between(
    links: Links,
    profiles: Profiles,
    user: npt.NDArray[np.int64],
    item: npt.NDArray[np.int64],
    stranger: float,
) -> Iterator[Paths]:
    """Yield all paths of some pairs, block by block; a pair's paths are in one block.

    * Credibility: the geometric mean of the similarities of the path's ends, edge by edge. A user is the mean of the
      items taken.
    * Readability: two edges over the number of edges, so that one fact between the items counts in full; times how
      specific the node between is, 1 − log(items it touches) / log(items); times ``stranger`` where it is a person,
      since other users mean nothing to the reader.

    Args:
        links: the graph.
        profiles: of B users.
        user: int64 [P], rows of the profiles.
        item: int64 [P].
        stranger: in [0, 1].
    """
    taken = profiles.items
    person = means(links.vectors, taken.row_of_entry, taken.indices, len(profiles))
    start = similarity(person, taken.row_of_entry, links.vectors, taken.indices)
    edge, entry = links.out.of_items(taken.indices)
    key = taken.row_of_entry[entry] * links.numbering.nodes + links.out.node[edge]
    order = np.argsort(key, kind="stable")
    key, edge, entry = key[order], edge[order], entry[order]
    for block in _blocks(links, key, user, item):
        back, pair = links.back.of_items(item[block])
        pair = block[pair]
        keys_back = user[pair] * links.numbering.nodes + links.back.node[back]
        first = np.searchsorted(key, keys_back, side="left")
        count = np.searchsorted(key, keys_back, side="right") - first
        through = np.repeat(np.arange(len(back)), count)
        match = np.repeat(first - (np.cumsum(count) - count), count) + np.arange(len(through))
        of, out, start_of = pair[through], edge[match], entry[match]
        node, source = links.out.node[out], taken.indices[start_of].astype(np.int64)
        oneself = profiles.known[user[of]] + links.numbering.first_user
        simple = (source != item[of]) & ((node != oneself) | (profiles.known[user[of]] < 0))
        of, out, start_of, node, source = of[simple], out[simple], start_of[simple], node[simple], source[simple]
        direct = node == item[of]
        onward, homeward = links.out.alike[out], links.back.alike[back[through[simple]]]
        product = start[start_of] * onward * np.where(direct, 1.0, homeward)
        yield Paths(
            pair=of,
            taken=source,
            node=node,
            via=links.out.via[out],
            onward=onward,
            credibility=product ** np.where(direct, 1 / 2, 1 / 3),
            readability=np.where(direct, 1.0, 2 / 3 * _specific(links, node, stranger)),
        )


def _specific(links: Links, node: npt.NDArray[np.int64], stranger: float) -> npt.NDArray[np.float64]:
    items = links.numbering.items
    alone = np.log(np.maximum(links.degree[node], 1)) / np.log(max(items, 2))
    person = node >= links.numbering.first_user
    specific: npt.NDArray[np.float64] = np.clip(1 - alone, 0.0, 1.0) * np.where(person, stranger, 1.0)
    return specific


def _blocks(
    links: Links, key: npt.NDArray[np.int64], user: npt.NDArray[np.int64], item: npt.NDArray[np.int64]
) -> Iterator[npt.NDArray[np.int64]]:
    """Yield runs of pairs with at most ``PATHS_AT_ONCE`` paths, and as many edges, together, or one by one."""
    for block in row_blocks(len(item), int(np.diff(links.back.indptr).max(initial=0)), PATHS_AT_ONCE):
        pairs = np.arange(block.start, block.stop)
        back, pair = links.back.of_items(item[pairs])
        keys_back = user[pairs][pair] * links.numbering.nodes + links.back.node[back]
        counts = np.searchsorted(key, keys_back, side="right") - np.searchsorted(key, keys_back, side="left")
        paths = np.bincount(pair, weights=counts, minlength=len(pairs)).astype(np.int64)
        for part in uneven_blocks(paths, PATHS_AT_ONCE):
            yield pairs[part]


def best_of_each(paths: Paths, value: npt.NDArray[np.float64], most: int) -> npt.NDArray[Any]:
    """Return the places of the ``most`` best paths of each pair, by pair and then best first.

    Of equal ones the lower numbers come first.
    """
    order = np.lexsort((paths.via, paths.node, paths.taken, -value, paths.pair))
    pair = paths.pair[order]
    begins = np.flatnonzero(np.append(True, pair[1:] != pair[:-1])) if len(pair) else np.empty(0, dtype=np.int64)
    length = np.diff(np.append(begins, len(pair)))
    place = np.arange(len(pair)) - np.repeat(begins, length)
    return order[place < most]
