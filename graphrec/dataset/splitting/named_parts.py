"""Parts that somebody else cut: their words for them, and the validation part where they have none."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from graphrec.dataset.incidence import Incidence
from graphrec.dataset.splitting.places import TRAIN, VALIDATION, random_places
from graphrec.dataset.splitting.split import PARTS, Split
from graphrec.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Mapping

    import numpy.typing as npt

    from graphrec.dataset.dataset import Dataset

WORDS = {
    **{part: part for part in PARTS},
    "training": "train",
    "valid": "validation",
    "val": "validation",
    "dev": "validation",
    "testing": "test",
}
"""Word for a part to the part."""

CODES = np.array([PARTS.index(part) for part in WORDS.values()], dtype=np.int8)
"""Of each word its part, an index into ``PARTS``; int8 [words]."""


def checked_validation(share: float) -> float:
    """Return the share of training pairs for validation; raise UsageError unless it is from 0 to below 1."""
    if not 0 <= share < 1:
        raise UsageError(f"the validation share is {share}", remedy="Give 0, or a share below 1 such as 0.2")
    return share


def split_into(
    dataset: Dataset,
    keys: npt.NDArray[np.int64],
    parts: npt.NDArray[np.int8],
    made: Mapping[str, Any],
    *,
    validation: float,
    own_words: str,
    rng: np.random.Generator,
) -> Split:
    """Return the split of pairs whose parts are known; where none is for validation, one is cut from training.

    Of every user with n ≥ 2 training pairs max(1, ⌊n · validation⌉) are then for validation, one pair at least staying.

    Args:
        dataset: the data to cut.
        keys: int64 [pairs], user · items + item, without repeats.
        parts: int8 [pairs], index into ``PARTS``.
        made: how it was made; what became of the validation part is added.
        validation: the share, from 0 to below 1; 0 cuts none.
        own_words: what to note of a validation part that is there, in place of the share.
        rng: draws the pairs.

    Raises:
        InputError: there is no pair, none for training or for test, or none for validation where a share was asked for.
    """
    named = Incidence.from_pairs(*np.divmod(keys, len(dataset.items)), (len(dataset.users), len(dataset.items)))
    parts = parts[np.argsort(keys)]
    own = bool((parts == VALIDATION).any())
    if validation and not own:
        parts = _with_validation(named, parts, validation, rng)
    wanted = ("train", "test", *(("validation",) if validation and not own else ()))
    return Split.of(dataset, named, parts, {**made, "validation": own_words if own else validation}, wanted)


def _with_validation(
    named: Incidence, parts: npt.NDArray[np.int8], share: float, rng: np.random.Generator
) -> npt.NDArray[np.int8]:
    """Return the parts with a random share of every user's training pairs in the validation part."""
    is_training = parts == TRAIN
    training = named.where(is_training)
    numbers = np.maximum(np.rint(training.counts * share), 1).astype(np.int64)
    numbers = np.minimum(numbers, training.counts - 1)  # of who has one, none
    chosen = random_places(training, rng) < numbers[training.row_of_entry]
    cut = parts.copy()
    cut[np.flatnonzero(is_training)[chosen]] = VALIDATION
    return cut
