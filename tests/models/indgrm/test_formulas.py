"""Scores and weights of InDGRM again, in NumPy and from the arrays alone, one user and one item at a time."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pytest
import torch

from graphrec.explaining.evidence import history_slots
from graphrec.models.indgrm.config import AS_PRINTED, LIFTED
from graphrec.testing.toy import toy
from tests.models.indgrm.small import fitted, profiles

if TYPE_CHECKING:
    from graphrec.models.indgrm.model import InDGRM

PRINTED = {**AS_PRINTED, "epochs": 4, "embedding_size": 6, "batch_size": 8, "inner_steps": 1, "prune_below": 0.9}
FORMS: dict[str, dict[str, Any]] = {
    "affine": {},
    "lifted": {name: value for name, value in LIFTED.items() if name not in ("epochs", "embedding_size", "averaging")},
    "printed": PRINTED,
    "printed, gate of variances": {**PRINTED, "gate": "variance", "kl_weight": 0.01},
    "one cluster": {"clusters": 1},
    "no groups": {"groups": 0},
    "diagonal": {"component_maps": "diagonal", "tied": True, "prune_below": 1.0},
    "no maps": {"component_maps": "none", "prune_below": 1.0, "prune_unit": "mean"},
    "network decoder": {"decoder": "network", "decoder_size": 3},
    "inner product": {"similarity": "inner", "decoder": "identity", "item_bias": False},
}


class Again:
    """The model by the formulas of its paper, in float64.

    Args:
        model: fitted.
    """

    def __init__(self, model: InDGRM) -> None:
        self.config = model.config
        names = {name.removeprefix("network."): array for name, array in model.arrays().items()}
        self.arrays = {name: array.astype(np.float64) for name, array in names.items()}
        self.h = self.arrays["decoder.items"]
        self.groups = None
        if "prototypes.vectors" in self.arrays:
            near = [[self.similar(h, p) for p in self.arrays["prototypes.vectors"]] for h in self.h]
            self.groups = np.argmax(near, axis=1)
        variances = np.exp(self.arrays["prior.log_variances"])
        unit = variances.mean(axis=1, keepdims=True) if self.config.prune_unit == "mean" else 1.0
        self.kept = variances >= np.minimum(self.config.prune_below * unit, variances.max(axis=1, keepdims=True))

    def similar(self, one: np.ndarray, other: np.ndarray) -> float:
        """Return (6): the cosine over τ, or the inner product."""
        if self.config.similarity == "inner":
            return float(one @ other)
        return float(one @ other / (np.linalg.norm(one) * np.linalg.norm(other)) / self.config.temperature)

    def encoded(self, taken: np.ndarray) -> np.ndarray:
        """Return e of (14)."""
        own = self.h if self.config.tied else self.arrays["encoder.items"]
        e = own[taken].sum(axis=0) / np.sqrt(len(taken))
        if self.config.encoder == "linear":
            return e
        hidden = sum(
            self.arrays["encoder.hidden_items"][j] + self.arrays["encoder.hidden_groups"][self.groups[j]] for j in taken
        )
        return np.concatenate([e, np.tanh(hidden / np.sqrt(len(taken)))])

    def component(self, k: int, e: np.ndarray) -> np.ndarray:
        """Return W^(k) e."""
        if self.config.component_maps == "full":
            return self.arrays["maps.weight"][k] @ e
        return self.arrays["maps.weight"][k] * e if self.config.component_maps == "diagonal" else e

    def gate(self, e: np.ndarray) -> np.ndarray:
        """Return π̃."""
        count, size = self.kept.shape
        if count == 1:
            return np.ones(1)
        linear = e[:size]
        if self.config.gate == "variance":
            variances = np.exp(self.arrays["prior.log_variances"])
            sticks = 1 / (1 + np.exp(-self.arrays["prior.stick_logits"]))
            weights = [v * np.prod(1 - sticks[:k]) for k, v in enumerate(np.append(sticks, 1.0))]
            means = np.stack([self.component(k, e) for k in range(count)])
            densities = np.exp(-0.5 * means**2 / variances) / np.sqrt(2 * np.pi * variances)
            logits = np.log(weights) + np.log(densities).sum(axis=1)
        elif self.config.gate == "cosine":
            centres = self.arrays["gate.centres"]
            cosines = centres @ linear / (np.linalg.norm(centres, axis=1) * np.linalg.norm(linear))
            logits = cosines / self.config.gate_temperature
        else:
            of_users, of_centres = self.arrays["gate.of_users.weight"], self.arrays["gate.of_centres.weight"]
            shift = self.arrays["gate.of_centres.bias"]
            logits = np.array(
                [
                    self.arrays["gate.out"] @ np.tanh(of_users @ linear + of_centres @ centre + shift)
                    for centre in self.arrays["gate.centres"]
                ]
            )
        odds = np.exp(logits - logits.max())
        return odds / odds.sum()

    def latent(self, taken: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """Return z and the gate."""
        e = self.encoded(taken)
        gate = self.gate(e)
        return sum(weight * self.kept[k] * self.component(k, e) for k, weight in enumerate(gate)), gate

    def score(self, taken: np.ndarray, item: int) -> float:
        """Return (9), with the item's bias."""
        z, gate = self.latent(taken)
        fit = self.similar(self.h[item], z)
        bias = self.arrays["decoder.bias"][item] if self.config.item_bias else 0.0
        if self.groups is None:
            return fit + bias
        group = self.groups[item]
        fit += sum(weight * self.arrays["decoder.mapping.weight"][k, group] @ z for k, weight in enumerate(gate))
        return self.link(group, fit) + bias

    def link(self, group: int, fit: float) -> float:
        """Return f_g(s)."""
        if self.config.decoder == "identity":
            return fit
        parameters = self.arrays["decoder.link.parameters_of_groups"][group]
        if self.config.decoder == "affine":
            return parameters[0] * fit + parameters[1]
        inner, shift, outer = parameters[:-1].reshape(3, -1)
        return float(outer @ np.tanh(inner * fit + shift) + parameters[-1])


@pytest.mark.parametrize("form", FORMS)
def test_scores_by_the_formulas(form: str) -> None:
    data = toy()
    model = fitted(data, **FORMS[form])
    again, users = Again(model), profiles(data)
    scores = model.score(users).numpy()
    expected = [
        [again.score(users.items.row(user), item) for item in range(len(data.items))] for user in range(len(users))
    ]
    np.testing.assert_allclose(scores, expected, atol=2e-5, rtol=1e-5)


def test_some_of_the_forms_prune_and_link() -> None:
    """So that the formulas above are of more than masks of ones and mappings of zeros."""
    models = {name: fitted(**FORMS[name]) for name in ("diagonal", "no maps", "affine")}
    assert all(0 < min(models[name].dimensions()) < 6 for name in ("diagonal", "no maps"))
    assert models["affine"].arrays()["network.decoder.mapping.weight"].any()


@pytest.mark.parametrize("form", ["affine", "lifted", "diagonal", "inner product"])
def test_a_weight_is_the_part_of_the_score_with_gate_length_and_number_held(form: str) -> None:
    """Worked out one item at a time: z_j = Σ_k π̃_k W^(k) a_j / √n, in the place of z but for its length."""
    data = toy()
    model = fitted(data, **FORMS[form])
    again, users = Again(model), profiles(data, least=2)
    own = again.h if model.config.tied else again.arrays["encoder.items"]
    items = torch.tensor([[4, 0, 7]]).repeat(len(users), 1)
    weights = model.evidence(users, items).weights.numpy()
    for user in range(0, len(users), 4):
        taken = users.items.row(user)
        z, gate = again.latent(taken)
        length = np.linalg.norm(z) * model.config.temperature if model.config.similarity == "cosine" else 1.0
        for place, item in enumerate([4, 0, 7]):
            group, h = again.groups[item], again.h[item]
            towards = h / (np.linalg.norm(h) * length) if model.config.similarity == "cosine" else h
            towards = towards + np.tensordot(gate, again.arrays["decoder.mapping.weight"][:, group], axes=1)
            slope = again.link(group, 1.0) - again.link(group, 0.0)
            for slot, j in enumerate(taken):
                part = sum(
                    weight * again.kept[k] * again.component(k, own[j]) for k, weight in enumerate(gate)
                ) / np.sqrt(len(taken))
                assert weights[user, place, slot] == pytest.approx(slope * towards @ part, abs=2e-5, rel=1e-4)


def test_each_taken_item_speaks_through_its_own_group() -> None:
    data = toy()
    model = fitted(data)
    evidence = model.evidence(profiles(data), torch.zeros(len(profiles(data)), 1, dtype=torch.int64))
    groups, ids = Again(model).groups, model.factors(data).table()
    by_group = {row["index"]: f"factor:{row['id']}" for row in ids.to_pylist() if row["kind"] == "item_group"}
    ways = evidence.via_names.to_pylist()
    for user, slot in zip(*np.nonzero(evidence.labels >= 0), strict=True):
        assert ways[evidence.vias[user, slot]] == by_group[groups[evidence.nodes[user, slot]]]


def test_without_groups_items_speak_for_themselves() -> None:
    data = toy()
    evidence = fitted(data, groups=0).evidence(profiles(data), torch.zeros(len(profiles(data)), 1, dtype=torch.int64))
    assert evidence.via_names.to_pylist() == ["self"]


def test_what_the_linear_path_adds_is_in_the_slot_of_its_item() -> None:
    data = toy()
    alone, both = fitted(data), fitted(data, linear_path=0.7, linear_reg=5.0)
    users = profiles(data)
    items = torch.tensor([[4, 0]]).repeat(len(users), 1)
    linear = both.arrays()["linear_path.weights"]
    added = both.evidence(users, items).weights - alone.evidence(users, items).weights
    slots = history_slots(users.items)
    for user, slot in zip(*np.nonzero(slots.labels >= 0), strict=True):
        expected = linear[slots.nodes[user, slot], [4, 0]]
        np.testing.assert_allclose(added[user, :, slot].numpy(), expected, atol=1e-5)


def test_the_weights_of_networks_sum_to_the_score_less_its_constants() -> None:
    data = toy()
    for settings in (FORMS["printed"], FORMS["network decoder"]):
        model = fitted(data, **settings)
        users = profiles(data)
        items = torch.arange(len(data.items)).repeat(len(users), 1)
        sums = model.evidence(users, items).weights.sum(dim=2) + model.constants
        torch.testing.assert_close(sums, model.score(users), atol=1e-5, rtol=1e-5)
        assert model.additive_measures == ()


def test_scores_follow_from_the_latent_space() -> None:
    """With a mapping the gate stands behind z, since scores depend on both; without links z is enough."""
    data = toy()
    users = profiles(data)
    for settings, width in (({"lasso": 0.0}, 6 + 3), ({"lasso": 1e6}, 6), ({"mapping": False}, 6), ({"groups": 0}, 6)):
        model = fitted(data, **settings)
        latents = model.user_latents(users)
        assert latents.shape == (len(users), width)
        torch.testing.assert_close(model.scores_of_latents(latents), model.score(users), atol=1e-5, rtol=1e-5)
        assert model.item_latents().shape == (len(data.items), 6)
