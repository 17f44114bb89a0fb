"""Batches made ahead are the same batches."""

from __future__ import annotations

import threading
import time
from typing import TYPE_CHECKING, ClassVar

import pytest
import torch

from graphrec.models import training
from graphrec.models.cml.model import CML
from graphrec.models.config import GradientConfig
from graphrec.models.fm.model import FM
from graphrec.models.prefetch import PREFETCHED, prefetch
from graphrec.models.reconet.model import RecoNet
from graphrec.models.saving import fit_id
from graphrec.testing.toy import toy

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    import numpy as np

    from graphrec.models.recommender import Recommender


def makers() -> list[threading.Thread]:
    return [thread for thread in threading.enumerate() if thread.name == "batches"]


def test_order_and_number_are_kept() -> None:
    assert list(prefetch(iter(range(50)))) == list(range(50))
    assert list(prefetch([])) == []
    assert list(prefetch([None, None])) == [None, None]
    assert makers() == []


def test_so_many_are_made_while_one_is_in_use_and_no_more() -> None:
    made: list[int] = []

    def batches() -> Iterator[int]:
        for number in range(20):
            made.append(number)
            yield number

    coming = prefetch(batches())
    assert next(coming) == 0
    until = time.monotonic() + 5
    while len(made) < PREFETCHED + 2 and time.monotonic() < until:  # the one in use, those ready, and one that waits
        time.sleep(0.01)
    time.sleep(0.05)
    assert made == list(range(PREFETCHED + 2))
    coming.close()
    assert makers() == []


def test_an_error_comes_where_its_batch_would_have() -> None:
    def batches() -> Iterator[int]:
        yield 1
        yield 2
        raise ZeroDivisionError("of the third")

    coming = prefetch(batches())
    assert [next(coming), next(coming)] == [1, 2]
    with pytest.raises(ZeroDivisionError, match="of the third"):
        next(coming)
    assert makers() == []


def test_an_error_in_the_loop_ends_the_thread() -> None:
    class Failing(training.TrainingTask):
        def __init__(self) -> None:
            self.network = torch.nn.Linear(1, 1)

        def optimiser(self) -> torch.optim.Optimizer:
            return torch.optim.SGD(self.network.parameters(), lr=0.1)

        def batches(self, epoch: int, rng: np.random.Generator) -> Iterator[int]:
            yield from range(1000)

        def loss(self, batch: int) -> torch.Tensor:
            raise KeyError(batch)

    with pytest.raises(KeyError, match="0"):
        training.train(Failing(), GradientConfig(epochs=1), identity={})
    assert makers() == []


@pytest.mark.parametrize(
    "model",
    [
        lambda: RecoNet(epochs=3, embedding_size=6, batch_size=16, thinning=0.3),
        lambda: FM(epochs=3, embedding_size=4, batch_size=16),
        lambda: CML(epochs=3, embedding_size=4, batch_size=16),
    ],
)
def test_a_fit_is_the_same_with_and_without(model: Callable[[], Recommender], monkeypatch: pytest.MonkeyPatch) -> None:
    data = toy()

    def fitted() -> Recommender:
        return model().fit(data, validation=data.positives)

    with_thread = fit_id(fitted())
    monkeypatch.setattr(training, "prefetch", lambda batches: (batch for batch in batches))
    assert fit_id(fitted()) == with_thread


def test_a_trainee_may_say_that_its_batches_cannot_be_foreseen() -> None:
    seen: list[str] = []

    class Watching(training.TrainingTask):
        deterministic_batches: ClassVar[bool] = False

        def __init__(self) -> None:
            self.network = torch.nn.Linear(1, 1)

        def optimiser(self) -> torch.optim.Optimizer:
            return torch.optim.SGD(self.network.parameters(), lr=0.1)

        def batches(self, epoch: int, rng: np.random.Generator) -> Iterator[float]:
            for _ in range(3):
                seen.append(threading.current_thread().name)
                yield self.network.weight.item()

        def loss(self, batch: float) -> torch.Tensor:
            assert batch == self.network.weight.item(), "made before the last step"
            return self.network.weight.sum()

    training.train(Watching(), GradientConfig(epochs=1), identity={})
    assert seen == [threading.current_thread().name] * 3
