"""A run in parts, as a store takes it in: what comes before them, the parts, and what comes after."""

from __future__ import annotations

import json
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import chain
from typing import TYPE_CHECKING

from graphrec.digests import digest
from graphrec.engines.kept_parts import KeptParts
from graphrec.tables.explanation_streams import from_bytes, to_bytes

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence
    from pathlib import Path

    from graphrec.engines.engine import Engine
    from graphrec.progress import Progress
    from graphrec.tables.explanations import Explanations

STEP = "recommending, in parts"


@dataclass(frozen=True, eq=False)
class RunParts:
    """The batches of a run, most of them in parts that an engine's workers make. It is used once.

    Attributes:
        before: batches that come first, with the factors.
        make: yields the batches of a part, wherever it is called: it is pickled once for each worker.
        parts: ranges of users, the same for every attempt at the run.
        after: batches that come last.
        engine: has the parts made.
    """

    before: Iterable[Explanations]
    make: Callable[[range], Iterator[Explanations]]
    parts: Sequence[range]
    after: Iterable[Explanations]
    engine: Engine

    def job(self, run_id: str, form: str) -> str:
        """Return a digest of what the parts depend on.

        Args:
            run_id: id of the run, which says what is asked of which fit and data.
            form: what becomes of a part.
        """
        return digest(json.dumps([run_id, form, [(part.start, part.stop) for part in self.parts]]))

    @contextmanager
    def kept_beside(self, output: Path, run_id: str, progress: Progress) -> Iterator[Iterator[Explanations]]:
        """Have the parts made and kept beside an output; give all batches, in the order of a run without parts.

        What was kept is removed when the block ends without an error.

        Args:
            output: the file or folder that the batches go into.
            run_id: id of the run.
            progress: told how far it has come.
        """
        kept = KeptParts.beside(output, self.job(run_id, "batches"))
        kept.complete(self.engine, BatchesAsBytes(self.make), self.parts, progress, STEP)
        made = (batch for content in kept.in_order(len(self.parts)) for batch in from_bytes(content))
        yield chain(self.before, made, self.after)
        kept.remove()


@dataclass(frozen=True)
class BatchesAsBytes:
    """Makes a part, and gives its batches as bytes.

    Attributes:
        make: as of ``RunParts``.
    """

    make: Callable[[range], Iterator[Explanations]]

    def __call__(self, part: range) -> bytes:
        """Return the batches of a part."""
        return to_bytes(self.make(part))
