"""Training of one model by several processes, launched by torchrun.

Every process has all data and makes the same batches; of each step's batches it takes its own, and the gradients'
mean moves the weights, which therefore stay the same everywhere. A step of n processes is one with a batch n times as
large. The first process alone reads and writes checkpoints, validates and reports, and says the others what came of it.
"""

from __future__ import annotations

from contextlib import contextmanager
from importlib import import_module
from typing import TYPE_CHECKING, Any, TypeVar

import torch
from torch import distributed

from graphrec.errors import GraphrecError, UsageError
from graphrec.torchrun import Launch, launch

if TYPE_CHECKING:
    from collections.abc import Callable, Generator, Iterable, Iterator

    from torch import nn

T = TypeVar("T")


class Team(Launch):
    """The processes that train together, seen from one of them; its GPU has its number on its machine."""

    @property
    def first(self) -> bool:
        """Whether this process writes, validates and reports."""
        return self.rank == 0

    def share(self, batches: Iterable[T]) -> Generator[T | None, None, None]:
        """Yield this process's batch of each step; None where the last step has fewer batches than processes."""
        own_batch, number = None, -1
        for number, batch in enumerate(batches):
            if number % self.size == self.rank:
                own_batch = batch
            if number % self.size == self.size - 1:
                yield own_batch
                own_batch = None
        if (number + 1) % self.size:
            yield own_batch

    def average_gradients(self, network: nn.Module, took_part: bool) -> None:
        """Replace gradients by their mean over the processes that had a batch."""
        if self.size == 1:
            return
        parameters = [parameter for parameter in network.parameters() if parameter.requires_grad]
        has_gradient = [parameter.grad is not None for parameter in parameters]
        parts = [torch.zeros_like(p).flatten() if p.grad is None else p.grad.flatten() for p in parameters]
        flags = torch.tensor([*has_gradient, took_part], dtype=parts[0].dtype, device=parts[0].device)
        together = torch.cat([*parts, flags])
        distributed.all_reduce(together)
        *sums, flags = torch.split(together, [*(len(part) for part in parts), len(flags)])
        for parameter, total, anybody in zip(parameters, sums, flags[:-1].tolist(), strict=True):
            parameter.grad = (total / flags[-1]).view_as(parameter) if anybody else None

    def sum_over_processes(self, values: torch.Tensor) -> torch.Tensor:
        """Return the sum of every process's values."""
        if self.size > 1:
            distributed.all_reduce(values)
        return values

    def broadcast_weights(self, network: nn.Module) -> None:
        """Copy the weights and buffers of the first process to all others."""
        if self.size > 1:
            for tensor in network.state_dict().values():
                distributed.broadcast(tensor, 0)

    def agreed(self, ask: Callable[[], T]) -> T:
        """Return the result of ``ask``, which only the first process calls.

        Raises:
            GraphrecError: in the first process; the others leave with its exit code.
        """
        if self.size == 1:
            return ask()
        message: list[Any] = [None, None]
        failure: GraphrecError | None = None
        if self.first:
            try:
                message = [ask(), None]
            except GraphrecError as error:
                failure, message = error, [None, error.exit_code]
        distributed.broadcast_object_list(message, 0)
        if failure is not None:
            raise failure
        if message[1] is not None:
            raise SystemExit(message[1])
        answer: T = message[0]
        return answer


class _Current:
    team = Team()


def current_team() -> Team:
    """Return the team that this process trains in: itself alone, except within ``joined``."""
    return _Current.team


@contextmanager
def joined() -> Iterator[Team]:
    """Train together with the other processes that torchrun launched, if it did, until the block ends.

    Raises:
        UsageError: this PyTorch cannot join processes.
    """
    place = launch()
    if place.size == 1:
        yield Team()
        return
    if not distributed.is_available():
        raise UsageError("this build of PyTorch cannot train with several processes", remedy="Start without torchrun")
    # If imported later, this module's default arguments would keep the group, and its threads, after the block.
    import_module("torch.distributed.nn.functional")
    distributed.init_process_group("cpu:gloo,cuda:nccl" if torch.cuda.is_available() else "gloo")
    _Current.team = Team(place.rank, place.size, place.local_rank)
    try:
        yield _Current.team
    finally:
        _Current.team = Team()
        distributed.destroy_process_group()
