"""Training examples whose labels are the items that thinning leaves out. A departure from the paper (``examples``).

A user's input is what an epoch's thinning leaves of them, whole; the items left out are asked for, each an example, at
most ``per_user`` of them, drawn at random. An attribute of an item that is left out is input where a remaining item
carries it, and nowhere else, so that the input never names the answer. This is how InDGRM is fitted here, as
autoencoders that predict what their input lacks are; the paper's process asks for items that thinning leaves in.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from graphrec.models.reconet.example_batch import ExampleAssembler, shuffled, user_chunks

if TYPE_CHECKING:
    from collections.abc import Iterator

    from graphrec.dataset.incidence import Incidence
    from graphrec.models.reconet.example_batch import ExampleBatch
    from graphrec.models.reconet.features import FeatureSource


class LeftOutExamples:
    """Sampler of the examples of an epoch.

    Args:
        taken: users × items, all that they took.
        source: feature sets of the thinned users, whose items are a part of those.
        per_user: examples of a user, at most one for each item left out.
        cold: share of examples with the user's own attributes as only input.
        mask_inputs: the softmax leaves out the items that are input.
    """

    def __init__(
        self, taken: Incidence, source: FeatureSource, *, per_user: int, cold: float = 0.0, mask_inputs: bool = False
    ) -> None:
        self._source = source
        self._left_out = taken.where(~source.items.has(taken.row_of_entry, taken.indices))
        self._per_user = np.minimum(self._left_out.counts, per_user)
        self._assembler = ExampleAssembler(cold=cold, mask_inputs=mask_inputs)

    def epoch(self, rng: np.random.Generator, batch_size: int) -> Iterator[ExampleBatch]:
        """Yield the examples of one epoch, users in random order, about ``batch_size`` examples at once."""
        nothing = np.empty(0, dtype=np.int64)
        for users in user_chunks(self._per_user, batch_size, rng):
            examples = self._per_user[users]
            row = np.repeat(np.arange(len(users)), examples)
            turn = np.arange(len(row)) - np.repeat(np.cumsum(examples) - examples, examples)
            left_out = self._left_out.rows(users)
            labels = left_out.indices[shuffled(left_out, rng)[left_out.indptr[row] + turn]].astype(np.int64)
            batch = self._assembler.batch(self._source.rows(users), row, labels, (nothing, nothing), rng)
            if len(batch):
                yield batch
