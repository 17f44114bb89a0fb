"""The protocol of engines: work is mapped over parts, wherever its workers are.

A part is described by little, such as a range of users; work holds what every part needs, such as the model, and
reaches each worker once. What a part gives depends on the part and the work alone, never on the engine, on the number
of workers, or on which of them did what before. So a part may be done again by another worker when one is lost.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol, TypeVar

from graphrec.errors import GraphrecError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

Part = TypeVar("Part")
Result = TypeVar("Result")

ATTEMPTS = 4
"""How often workers are replaced before a part is given up."""

AHEAD = 2
"""Parts that a worker is given at once, so that it need not wait for who collects the results."""


class Engine(Protocol):
    """Something that maps work over parts."""

    @property
    def name(self) -> str:
        """What ``--engine`` calls it."""

    def map(self, work: Callable[[Part], Result], parts: Iterable[Part]) -> Iterator[tuple[int, Result]]:
        """Do the work of each part; yield its place among the parts and its result, as they are done.

        Few parts are taken from ``parts``, and few results wait, at a time: memory grows with the workers, not with the
        job. Whoever stops to iterate ends the workers.

        Args:
            work: called with a part. For engines that have other processes, it can be pickled.
            parts: in the order in which they are begun.

        Raises:
            GraphrecError: what the work raised; or workers were ended from outside again and again.
        """


def lost_worker() -> GraphrecError:
    """Return the error of a part whose workers were replaced ``ATTEMPTS`` times and never did it."""
    return GraphrecError(
        f"{ATTEMPTS} workers in a row were ended from outside, perhaps for want of memory",
        remedy="The same command again goes on where it was; fewer workers on a machine need less",
    )
