"""Sets of features that a user cares more or less for: by hand, and what holds of every set."""

from __future__ import annotations

from itertools import product
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest
import torch

from graphrec.dataset.profiles import profiles_of
from graphrec.errors import UsageError
from graphrec.explainers.counterfactual.explainer import Counterfactual
from graphrec.explainers.counterfactual.linear_changes import least_size
from graphrec.explaining.amounts import has_amounts
from graphrec.models.aspects.model import Aspects
from graphrec.models.reviews.car import CAR
from graphrec.models.reviews.cnr import CNR
from graphrec.models.reviews.nar import NAR
from graphrec.rankings.top_items import top_items
from graphrec.schema.property_graph import GROUNDS
from tests.explainers.counterfactual.feature_models import HiddenHead, LinearHead, by_hand, mentioning, reviewed
from tests.explainers.handmade import fitted

if TYPE_CHECKING:
    from graphrec.dataset.profiles import Profiles
    from graphrec.explaining.amounts import FeatureModel
    from graphrec.explaining.reason_sets import ReasonSets
    from graphrec.models.model import Model
    from graphrec.models.reviews.net_model import NetModel

ONE = 1 + 4 * np.tanh(0.5)
"""f_u of one mention, 2.848."""


def found_for(model: LinearHead, profiles: Any, *, item: int = 0, **settings: Any) -> ReasonSets:
    settings = {"flip": "next", **settings}
    return Counterfactual(**settings).find_sets(model, profiles, torch.tensor([[item]]))


def test_the_smallest_change_of_one_feature() -> None:
    """They mention 0 and 1. Item 0 scores 2.848 · (2 + .5), item 1 2.848 · (1 + 1): a lead of .5 · 2.848 = 1.424.

    Feature 0 takes 2 − 1 = 1 a unit, so that 1.424 less of it make the two level. Feature 1 speaks for item 1.
    """
    model = by_hand([[2, 1], [0.5, 1]])
    found = found_for(model, mentioning([0, 1], items=[[0], [0, 1]], features=2))
    assert found.flips.item()
    assert found.deltas[0, 0].tolist() == [pytest.approx(-0.5 * ONE, rel=2e-3), 0.0]
    assert found.amounts is not None
    assert found.amounts[0].tolist() == pytest.approx([ONE, ONE])
    assert found.contrast.item() == 1
    assert found.joint_effect.item() == pytest.approx(2 * 0.5 * ONE, rel=2e-3)
    assert found.weights[0, 0, 0].item() == pytest.approx(0.5 * ONE, rel=2e-3)
    assert found.sizes.item() == 1


def test_raising_is_of_what_somebody_mentions() -> None:
    """Feature 1 takes .5 from the lead of 2.848 a unit, and may rise by 5; feature 2 would take 9, but nobody says it.

    5 · .5 < 2.848, so that nothing suffices; with a lead of 2 of both, 4 more of feature 1 do.
    """
    model = by_hand([[2, 1], [0, 0.5], [0, 9]])
    profiles = mentioning([0], items=[[0], [0, 1]], features=3)
    assert not found_for(model, profiles, direction="raise").flips.item()
    closer = by_hand([[2, 1], [0, 0.5], [0, 9]], bias=[0, ONE - 2])
    found = found_for(closer, profiles, direction="raise")
    assert found.flips.item()
    assert found.slots.nodes[0].tolist() == [0, 1]
    assert GROUNDS[found.slots.grounds[0, 1]] == "rival_side"
    assert found.deltas[0, 0].tolist() == [0.0, pytest.approx(4, rel=2e-3)]
    assert found.amounts is not None
    assert found.amounts[0].tolist() == pytest.approx([ONE, 0.0])
    either = found_for(closer, profiles, direction="any")
    assert either.deltas[0, 0].tolist() == [pytest.approx(-2, rel=2e-3)], "less of feature 0 is a smaller change"


def test_what_is_raised_may_be_said_of_the_item_alone() -> None:
    """Feature 1 is mentioned of item 0 and speaks against it: by 1 a unit, of a lead of 2.848."""
    model = by_hand([[2, 1], [-1, 0]])
    found = found_for(model, mentioning([0], items=[[0, 1], [0]], features=2), direction="raise")
    assert GROUNDS[found.slots.grounds[0, 1]] == "item_side"
    assert found.deltas[0, 0].tolist() == [0.0, pytest.approx(ONE, rel=2e-3)]


def test_the_last_candidate_has_no_rival() -> None:
    model, profiles = by_hand([[2, 1], [0.5, 1]]), mentioning([0, 1], items=[[0], [0, 1]], features=2)
    assert not found_for(model, profiles, item=1).flips.item()
    assert found_for(model, profiles, item=-1).contrast.item() == -1


def test_of_equal_scores_the_higher_item_is_the_rival_and_must_pass() -> None:
    """Both score 2 · 2.848 at first: they are level, and a little less of feature 0 lets item 1 pass."""
    model, profiles = by_hand([[1.5, 1], [0.5, 1]]), mentioning([0, 1], items=[[0], [0, 1]], features=2)
    found = found_for(model, profiles)
    assert found.contrast.item() == 1
    assert found.flips.item()
    assert -1e-2 < found.deltas[0, 0, 0].item() < 0


def test_another_than_the_next_best_may_push_an_item_out_of_the_top() -> None:
    """Of f = 2.848, item 0 scores f + 3.5, item 1 2 f + .3, item 2 always 5.

    Item 1 is next, and falls faster than item 0 where f falls. Item 2 passes both where f is below 1.5.
    """
    model = by_hand([[1, 2, 0]], bias=[3.5, 0.3, 5])
    found = found_for(model, mentioning([0], items=[[0], [0], [0]], features=1), flip="top", top=1)
    assert found.flips.item()
    assert found.contrast.item() == 2
    assert found.deltas[0, 0].tolist() == [pytest.approx(1.5 - ONE, rel=2e-3)]


def test_hardly_a_set_of_whole_changes_is_missed() -> None:
    """Against all 2^n sets of features that are lowered to nothing: at most one in twenty that exist is not found."""
    data = reviewed(users=40, items=10, features=8)
    model = LinearHead().fit(data)
    rng = np.random.default_rng(0)
    weights, bias = rng.normal(size=(8, 10)), 8 * rng.normal(size=10)
    model.restore({**model.arrays(), "weights": np.float32(weights), "bias": np.float32(bias)})
    aligned, known = model.align(data)
    profiles = profiles_of(aligned, known, np.arange(len(data.users)))
    items = torch.from_numpy(top_items(model.score(profiles).numpy(), aligned.taken, np.ones(10, bool), 3)[0])
    found = Counterfactual(top=3).find_sets(model, profiles, items).flips
    values = model.feature_values(profiles)
    free = torch.from_numpy(aligned.taken.csr().toarray() == 0)
    subsets = torch.tensor(list(product([0.0, 1.0], repeat=8)))
    exist = torch.zeros_like(found)
    for row in range(len(values)):
        scores = model.score_amounts(profiles.rows(np.array([row])), (subsets * values[row])[None])[0]
        scores = scores.masked_fill(~free[row], float("-inf"))
        for place, item in enumerate(items[row].tolist()):
            exist[row, place] = ((scores > scores[:, [item]] + 1e-4).sum(dim=1) >= 3).any()
    assert exist.sum() > 30
    assert (exist & ~found).sum() <= exist.sum() / 20


@pytest.mark.parametrize("kind", [HiddenHead, CAR])
def test_where_lowering_is_enough_any_change_is(kind: type[Model]) -> None:
    data = reviewed(users=60, items=10)
    model = (kind(embedding_size=8, epochs=20) if kind is CAR else kind()).fit(data)
    aligned, known = model.align(data)
    profiles = profiles_of(aligned, known, np.arange(len(data.users)))
    items = torch.from_numpy(top_items(model.score(profiles).numpy(), aligned.taken, np.ones(10, bool), 3)[0])
    lowered, either = (
        Counterfactual(top=3, direction=direction).find_sets(model, profiles, items).flips
        for direction in ("lower_own", "any")
    )
    assert lowered.any()
    assert not (lowered & ~either).any()


def test_somebody_with_nothing_is_recommended_nothing() -> None:
    """A newcomer with one feature, of which item 0 makes 2 f and item 1 f + b: it passes where f < b."""
    newcomer = mentioning([0], items=[[0], [0]], features=1)
    assert found_for(by_hand([[2, 1]], bias=[0, 0.5]), newcomer).flips.item(), "half of it is left"
    assert not found_for(by_hand([[2, 1]]), newcomer).flips.item()


@pytest.mark.parametrize("flip", ["next", "top"])
@pytest.mark.parametrize("direction", ["lower_own", "raise", "any"])
@pytest.mark.parametrize("kind", [LinearHead, HiddenHead, Aspects, CAR])
def test_every_set_flips_and_each_member_is_needed(kind: type[Model], direction: str, flip: str) -> None:
    """Scored apart: the contrast passes, none could be left out, and the amounts stay between nothing and T."""
    data = reviewed()
    model = (kind(embedding_size=8, epochs=3) if kind in (Aspects, CAR) else kind()).fit(data)
    assert has_amounts(model)
    aligned, known = model.align(data)
    profiles = profiles_of(aligned, known, np.arange(len(data.users)))
    items = torch.from_numpy(top_items(model.score(profiles).numpy(), aligned.taken, np.ones(24, bool), 3)[0])
    found = Counterfactual(top=3, flip=flip, direction=direction).find_sets(model, profiles, items)
    values = model.feature_values(profiles)
    free = torch.ones(len(profiles), 24, dtype=torch.bool)
    free[aligned.taken.row_of_entry, aligned.taken.indices.astype(np.int64)] = False
    assert found.flips.float().mean() > 0.5
    assert (found.flips == (found.sizes > 0)).all()
    for row, place in found.flips.nonzero().tolist():
        own = profiles.rows(np.array([row]))
        item, contrast = int(items[row, place]), int(found.contrast[row, place])
        slots = found.members[row, place].nonzero()[:, 0]
        node, delta = torch.from_numpy(found.slots.nodes[row])[slots].long(), found.deltas[row, place, slots]
        grounds = found.slots.grounds[row][slots.numpy()]
        changed = values[row].index_add(0, node, delta)
        assert (changed >= -1e-6).all()
        assert (changed <= model.feature_range[1] + 1e-6).all()
        assert (delta < 0).all() if direction == "lower_own" else direction == "any" or (delta > 0).all()
        after = _scores(model, own, changed)
        assert after[contrast] > after[item]
        assert found.joint_effect[row, place] == pytest.approx(
            float(_scores(model, own, values[row])[item] - after[item]), abs=1e-5
        )
        if flip == "top":
            assert ((after > after[item]) & free[row]).sum() >= 3
        for member, ground in zip(node.tolist(), grounds.tolist(), strict=True):
            undone = changed.clone()
            undone[member] = values[row, member]
            back = _scores(model, own, undone)
            above = (back > back[item]) & free[row]
            assert above.sum() < 3 if flip == "top" else not above[contrast], "every member is needed"
            mentions = {
                "mentioned": aligned.user_features.row(row),
                "item_side": aligned.item_features.row(item),
                "rival_side": aligned.item_features.row(contrast),
            }
            assert member in mentions[GROUNDS[ground]]


def _scores(model: FeatureModel, own: Profiles, features: torch.Tensor) -> torch.Tensor:
    return model.score_amounts(own, features[None, None])[0, 0]


@pytest.mark.parametrize("kind", [CAR, NAR, CNR])
def test_a_linear_head_is_said_to_be_linear_and_is(kind: type[NetModel]) -> None:
    data = reviewed()
    for head in ("linear", "mlp"):
        model = kind(embedding_size=8, epochs=2, head=head, learning_rate=0.05).fit(data)
        profiles = profiles_of(*model.align(data), np.arange(len(data.users)))
        values = model.feature_values(profiles)
        scores = model.score_amounts(profiles, torch.stack([values, 0.5 * values, 0 * values], dim=1)).detach()
        torch.testing.assert_close(scores[:, 0], model.score(profiles), atol=1e-5, rtol=1e-4)
        bend = (scores[:, 1] - (scores[:, 0] + scores[:, 2]) / 2).abs().max()
        assert model.linear_in_features == (head == "linear")
        assert bool(bend < 1e-5) == model.linear_in_features


@pytest.mark.parametrize("settings", [{}, {"overlap": False}, {"profile": "paper"}, {"members": 2}])
def test_aspects_scores_amounts_as_it_scores(settings: dict[str, Any]) -> None:
    """With f_u as it is the two agree; for all items and for named ones; and each score is linear in the amounts."""
    data = reviewed()
    model = Aspects(embedding_size=8, epochs=3, **settings).fit(data)
    profiles = profiles_of(*model.align(data), np.arange(len(data.users)))
    values, named = model.feature_values(profiles), torch.tensor([[3, 0, 7]]).repeat(len(profiles), 1)
    amounts = torch.stack([values, values * 0.5, torch.zeros_like(values)], dim=1).requires_grad_()
    scores = model.score_amounts(profiles, amounts)
    torch.testing.assert_close(scores[:, 0].detach(), model.score(profiles), atol=2e-5, rtol=1e-4)
    torch.testing.assert_close(model.score_amounts(profiles, amounts, named), scores[:, :, named[0]])
    torch.testing.assert_close(scores[:, 1], (scores[:, 0] + scores[:, 2]) / 2)
    (slope,) = torch.autograd.grad(scores[:, 0, 5].sum(), amounts)
    further = model.score_amounts(profiles, amounts + slope)
    torch.testing.assert_close(
        further[:, 0, 5] - scores[:, 0, 5], slope[:, 0].square().sum(dim=1), atol=1e-5, rtol=1e-4
    )


@pytest.mark.parametrize("direction", ["lower_own", "raise", "any"])
def test_of_a_linear_head_no_set_is_larger_than_a_greedy_one_and_none_is_missed(direction: str) -> None:
    """The closed form against the search that any other head takes: never more members, hardly ever larger."""

    class Searched(LinearHead):
        linear_in_features = False

    data = reviewed(users=60)
    sets = []
    for kind in (LinearHead, Searched):
        model = kind().fit(data)
        aligned, known = model.align(data)
        profiles = profiles_of(aligned, known, np.arange(60))
        items = torch.from_numpy(top_items(model.score(profiles).numpy(), aligned.taken, np.ones(24, bool), 3)[0])
        sets.append(Counterfactual(flip="next", direction=direction).find_sets(model, profiles, items))
    exact, greedy = sets
    assert (exact.flips >= greedy.flips).all()
    both = exact.flips & greedy.flips
    assert (exact.sizes <= greedy.sizes)[both].all()
    as_many = both & (exact.sizes == greedy.sizes)
    size, other = (each.deltas.abs().sum(dim=2)[as_many] for each in sets)
    assert (size <= 1.01 * other + 1e-4).all()


def test_the_size_is_at_most_a_hundredth_above_the_least_where_one_feature_is_enough() -> None:
    """With one member, the least size with any number of members is a lower bound that is often reached."""
    data = reviewed(users=60)
    model = LinearHead().fit(data)
    aligned, known = model.align(data)
    profiles = profiles_of(aligned, known, np.arange(60))
    items = torch.from_numpy(top_items(model.score(profiles).numpy(), aligned.taken, np.ones(24, bool), 1)[0])
    found = Counterfactual(flip="next").find_sets(model, profiles, items)
    values, scores = model.feature_values(profiles), model.score(profiles)
    single = (found.sizes == 1)[:, 0]
    item, rival = items[single, 0], found.contrast[single, 0]
    rows = single.nonzero()[:, 0]
    need = (scores[rows, item] - scores[rows, rival]).double()
    slope = (model.weights[:, item] - model.weights[:, rival]).T.clamp(min=0).double()
    room = values[rows].double()
    fits = torch.where(slope * room >= need[:, None], slope, 0.0).amax(dim=1)
    size = found.deltas.abs().sum(dim=2)[rows, 0].double()
    assert (size <= 1.01 * need / fits + 1e-4).all()
    assert (size >= least_size(need, slope, room) * (1 - 1e-5)).all()


def test_a_hidden_layer_takes_one_feature_in_the_median() -> None:
    data = reviewed(users=60)
    model = HiddenHead().fit(data)
    aligned, known = model.align(data)
    profiles = profiles_of(aligned, known, np.arange(60))
    items = torch.from_numpy(top_items(model.score(profiles).numpy(), aligned.taken, np.ones(24, bool), 5)[0])
    found = Counterfactual(flip="next", direction="any").find_sets(model, profiles, items)
    assert found.flips.float().mean() > 0.98
    assert found.sizes[found.flips].median() == 1
    assert found.deltas.abs().sum(dim=2)[found.flips].median() <= 2


def test_the_batch_changes_nothing() -> None:
    data = reviewed()
    model = HiddenHead().fit(data)
    aligned, known = model.align(data)
    profiles = profiles_of(aligned, known, np.arange(30))
    items = torch.from_numpy(top_items(model.score(profiles).numpy(), aligned.taken, np.ones(24, bool), 3)[0])
    explainer = Counterfactual(flip="next")
    whole = explainer.find_sets(model, profiles, items)
    for row in (0, 11, 29):
        alone = explainer.find_sets(model, profiles.rows(np.array([row])), items[row : row + 1])
        width = alone.deltas.shape[2]
        torch.testing.assert_close(whole.deltas[row : row + 1, :, :width], alone.deltas, atol=2e-4, rtol=1e-3)
        assert (whole.contrast[row] == alone.contrast[0]).all()


def test_inputs_that_are_on_or_off_cannot_be_raised() -> None:
    _, model, profiles = fitted("ease")
    for direction in ("raise", "any"):
        explainer = Counterfactual(direction=direction)
        with pytest.raises(UsageError, match=rf"direction={direction} raises inputs, and those of ease are on or off"):
            explainer.claim(model)
        with pytest.raises(UsageError, match="Leave out direction"):
            explainer.find_sets(model, profiles, torch.zeros(len(profiles), 1, dtype=torch.int64))


def test_the_next_overtakes_where_inputs_are_switched_off() -> None:
    dataset, model, profiles = fitted("ease")
    aligned, _ = model.align(dataset)
    scores = model.score(profiles)
    items = torch.from_numpy(top_items(scores.numpy(), aligned.taken, np.ones(scores.shape[1], bool), 3)[0])
    rows = np.flatnonzero((items.numpy() >= 0).all(axis=1) & (model.count_inputs(profiles) > 1))
    free = torch.ones(scores.shape, dtype=torch.bool)
    free[aligned.taken.row_of_entry, aligned.taken.indices.astype(np.int64)] = False
    found = Counterfactual(flip="next").find_sets(model, profiles.rows(rows), items[rows], candidates=free[rows])
    assert found.flips[:, :2].float().mean() > 0.5
    of_first = found.flips[:, 0]
    assert (found.contrast[of_first, 0] == items[rows][of_first, 1]).all(), "the rival of the first is the second"
