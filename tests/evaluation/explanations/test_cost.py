from __future__ import annotations

import time

import pytest
import torch

from graphrec.evaluation.explanations.cost import Cost, cost
from tests.evaluation.explanations.stated import FIVE, Stating, adding, histories


class Working(Stating):
    """Takes a while of the processor for every call."""

    calls = 0

    def weigh(self, model, profiles, items):
        self.calls += 1
        until = time.process_time() + 0.05
        while time.process_time() < until:
            pass
        return super().weigh(model, profiles, items)


def test_seconds_of_the_processor_without_the_first_call():
    explainer = Working([0] * 5)
    found = cost(adding(FIVE), explainer, histories([[0], [1]], 5), torch.tensor([[3, 4]] * 2), at_least=0.12)
    assert (explainer.calls, found.explanations) == (4, 12)  # one to warm up, three of two users with two items
    assert found.per_second == pytest.approx(12 / 0.15, rel=0.3)


def test_one_thread_while_it_is_timed_and_as_many_as_before_afterwards():
    before = torch.get_num_threads()
    seen = []

    class Looking(Stating):
        def weigh(self, model, profiles, items):
            seen.append(torch.get_num_threads())
            return super().weigh(model, profiles, items)

    cost(adding(FIVE), Looking([0] * 5), histories([[0]], 5), torch.tensor([[3]]), at_least=0.0)
    assert set(seen) == {1}
    assert torch.get_num_threads() == before


def test_how_many_times_cheaper():
    assert Cost(1000, 2.0).times_cheaper_than(Cost(10, 4.0)) == 200
    assert Cost(1000, 2.0).to_dict() == {"explanations": 1000, "seconds": 2.0, "per_second": 500.0}
