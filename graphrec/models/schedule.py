"""How long a training lasts, and after which epochs it is validated.

Where ``epochs`` is given, a training takes so many at most and is validated after each. Where it is left out, it takes
``steps`` steps of the optimiser and ``least_epochs`` epochs, whichever is more, and is validated at the end of an epoch
in which a multiple of ``validate_every`` steps was passed. On 1,100 ratings, where an epoch is a step or two, the steps
decide, and ``patience``, which counts validations, is not used up before anything was learned; on a million ratings the
epochs decide. An epoch is never cut, and a batch is never made smaller: on small data it is all that there is.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from graphrec.models.checkpoint import State
    from graphrec.models.config import GradientConfig


class Schedule:
    """The length of a training.

    Args:
        config: with ``epochs``, or ``steps``, ``least_epochs`` and ``validate_every``; and ``patience``.
    """

    def __init__(self, config: GradientConfig) -> None:
        self._config = config

    def is_over(self, state: State) -> bool:
        """Return whether all is done, or validation has not become better for ``patience`` times."""
        return self._is_done(state) or _validations_since_best(state) >= self._config.patience

    def is_validated(self, state: State, steps_before: int) -> bool:
        """Return whether an epoch that is done is followed by a validation and a checkpoint.

        Args:
            state: after the epoch.
            steps_before: steps that were done before the epoch.
        """
        every = self._config.validate_every
        return self._config.epochs is not None or self._is_done(state) or state.steps // every > steps_before // every

    def expected_epochs(self, state: State) -> int:
        """Return how many epochs the training takes at most; 0 as long as the steps of an epoch are not known."""
        config = self._config
        if config.epochs is not None:
            return config.epochs
        if not state.steps:
            return 0
        return max(config.least_epochs, -(-config.steps * state.epoch // state.steps))

    def _is_done(self, state: State) -> bool:
        config = self._config
        if config.epochs is not None:
            return state.epoch >= config.epochs
        return state.epoch >= config.least_epochs and state.steps >= config.steps


def _validations_since_best(state: State) -> int:
    if state.best_value is None:
        return 0
    return len(state.values) - 1 - state.values.index(state.best_value)
