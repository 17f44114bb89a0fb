"""The engine that does every part here, one after the other."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from graphrec.engines.engine import Part, Result


class InProcess:
    """An ``Engine`` without workers; what is used where no engine is named."""

    name = "in-process"

    def map(self, work: Callable[[Part], Result], parts: Iterable[Part]) -> Iterator[tuple[int, Result]]:
        """Do the parts in their order; see ``Engine.map``."""
        for number, part in enumerate(parts):
            yield number, work(part)
