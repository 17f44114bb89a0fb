"""Sorted explanation paths on a graph that somebody can work out by hand.

Ann took a and b, Bob a and c, Cy d; c is recommended to Ann. a and c come from Sheffield, b, c and d were made by Eno,
and b influenced c. Vectors of the items: a = c = (1, 0), b = (0, 1), d = (.6, .8).
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest
import torch

from graphrec.dataset.ids import IdMap
from graphrec.dataset.kinds import ITEM_ENTITIES
from graphrec.dataset.knowledge import Knowledge
from graphrec.dataset.profiles import Profiles, profiles_of
from graphrec.errors import UsageError
from graphrec.explainers.registry import find_explainer
from graphrec.explainers.sep import paths as paths_module
from graphrec.explainers.sep.explainer import Sep
from graphrec.explainers.sep.links import CO_TAKEN, Links, build_links
from graphrec.explainers.sep.paths import Paths, paths_between
from graphrec.explainers.sep.representation import item_vectors, means, similarity, unit
from graphrec.explainers.sep.sorting import select_diverse
from graphrec.schema.property_graph import EVIDENCE_LABELS, GROUNDS
from graphrec.testing.toy import build
from tests.explainers.handmade import Handmade, first_items, fitted, taking

if TYPE_CHECKING:
    from graphrec.dataset.dataset import Dataset

VECTORS = np.array([[1, 0], [0, 1], [1, 0], [0.6, 0.8]], dtype=np.float32)
A, B, C, D, SHEFFIELD, ENO = range(6)
SILENT = Handmade([[0.0] * 4] * 4)
GENRE = {"item.genre=pop": ("item", "genre")}


def graph(**carried: list[str]) -> Dataset:
    taken = {"ann": {"a": 1.0, "b": 1.0}, "bob": {"a": 1.0, "c": 1.0}, "cy": {"d": 1.0}}
    data = build(taken, ["a", "b", "c", "d"], attributes=GENRE, carried=carried)
    names = ["home", "influenced", "made_by"]
    facts = [(A, 0, SHEFFIELD), (C, 0, SHEFFIELD), (B, 2, ENO), (C, 2, ENO), (ENO, 2, D), (B, 1, C)]
    head, relation, tail = np.array(facts).T
    entities = IdMap.of("Entity", ["sheffield", "eno"])
    knowledge = Knowledge.of(head, relation, tail, names, 4, 2)
    return data.changed(
        nodes={"Entity": entities}, links={ITEM_ENTITIES: knowledge.links("item", "entity")}, knowledge=knowledge
    )


def asked(people: int = 50, **carried: list[str]) -> tuple[Links, Profiles]:
    data = graph(**carried)
    return build_links(data, VECTORS, people), profiles_of(data, np.arange(3, dtype=np.int32), np.array([0, 2]))


def found(links: Links, profiles: Profiles, item: int, user: int = 0) -> dict[tuple[int, int, str], Paths]:
    paths = list(paths_between(links, profiles, np.array([user]), np.array([item]), 0.5))
    return {
        (int(p.taken[i]), int(p.node[i]), links.vias[p.via[i]]): Paths(*(getattr(p, n)[i : i + 1] for n in p.__dict__))
        for p in paths
        for i in range(len(p))
    }


def test_credibility_is_the_mean_similarity_along_the_path() -> None:
    """Ann is (1, 1)/√2, .85355 alike to a and to b; Eno is (1.6, 1.8)/2.4083; (1 + cos)/2 is how alike two are."""
    links, profiles = asked()
    bob = links.numbering.first_user + 1
    paths = found(links, profiles, C)
    credible = {path: float(p.credibility[0]) for path, p in paths.items()}
    assert credible == pytest.approx(
        {
            (A, SHEFFIELD, "relation:home"): 0.85355 ** (1 / 3),
            (B, ENO, "relation:made_by"): (0.85355 * 0.87371 * 0.83219) ** (1 / 3),
            (B, C, "relation:influenced"): (0.85355 * 0.5) ** (1 / 2),
            (A, bob, CO_TAKEN): 0.85355 ** (1 / 3),
        },
        abs=2e-5,
    )


def test_readability_is_short_specific_and_without_strangers() -> None:
    """Of four items Sheffield and Bob touch two (1 − log 2/log 4 = .5), Eno three (.20752); one fact counts in full."""
    links, profiles = asked(a=["item.genre=pop"], b=["item.genre=pop"], c=["item.genre=pop"], d=["item.genre=pop"])
    bob, pop = links.numbering.first_user + 1, links.numbering.first_attribute
    readable = {path: float(p.readability[0]) for path, p in found(links, profiles, C).items()}
    assert readable == pytest.approx(
        {
            (B, C, "relation:influenced"): 1.0,
            (A, SHEFFIELD, "relation:home"): 2 / 3 * 0.5,
            (A, bob, CO_TAKEN): 2 / 3 * 0.5 * 0.5,
            (B, ENO, "relation:made_by"): 2 / 3 * 0.20752,
            (A, pop, "attribute:genre"): 0.0,
            (B, pop, "attribute:genre"): 0.0,
        },
        abs=1e-5,
    )


def test_diversity_lets_a_path_pay_for_what_it_repeats() -> None:
    """The second path repeats two of three parts of the first: .9 × (1 − .6 × 2/3) = .54, less than the third's .6.

    Then it repeats, at most, the same two thirds; the fourth repeats all the third has but one: .5 × .6 = .3.
    """
    parts = np.array([[[0, 7, 1], [0, 7, 2], [1, 8, 3], [1, 9, 3], [0, 0, 0]]])
    value = np.array([[1.0, 0.9, 0.6, 0.5, -np.inf]])
    places, worth = select_diverse(value, parts, 5, diversity=0.6)
    assert places.tolist() == [[0, 2, 1, 3, -1]]
    np.testing.assert_allclose(worth, [[1.0, 0.6, 0.54, 0.3, 0.0]])
    assert select_diverse(value, parts, 2, diversity=0.0)[0].tolist() == [[0, 1]]
    np.testing.assert_allclose(select_diverse(value, parts, 4, diversity=1.0)[1], [[1.0, 0.6, 0.3, 0.5 / 3]])


def sorted_paths(**settings: Any) -> Sep:
    explainer = Sep(**settings)
    explainer._links = asked()[0]
    return explainer


def test_the_nodes_of_sorted_paths_are_the_evidence() -> None:
    """Worth with weights .5 and .5: influenced .82664, home .64096, made_by .49606 without, and × (1 − .5/3) with
    what it repeats, the item b; Bob's repeats the item a."""
    _, profiles = asked()
    evidence = sorted_paths().evidence(SILENT, profiles.rows(np.array([0])), torch.tensor([[C]]))
    assert evidence.anchors is not None
    told = {
        (EVIDENCE_LABELS[evidence.labels[0, i]], int(evidence.nodes[0, i])): (
            evidence.via_names[int(evidence.vias[0, i])].as_py(),
            GROUNDS[evidence.grounds[0, i]],
            int(evidence.anchors[0, 0, i]),
            float(evidence.weights[0, 0, i]),
        )
        for i in range(evidence.labels.shape[1])
    }
    made_by = (0.5 * (0.85355 * 0.87371 * 0.83219) ** (1 / 3) + 0.5 * 2 / 3 * 0.20752) * (1 - 0.5 / 3)
    expected = {
        ("Item", B): ("relation:influenced", "history", B, 0.82664),
        ("Item", A): ("relation:home", "history", A, 0.64096),
        ("Entity", 0): ("relation:home", "entity", A, 0.64096),
        ("Entity", 1): ("relation:made_by", "entity", B, made_by * 0.87371),
    }
    assert {key: value[:3] for key, value in told.items()} == {key: value[:3] for key, value in expected.items()}
    assert {k: v[3] for k, v in told.items()} == pytest.approx({k: v[3] for k, v in expected.items()}, abs=1e-5)
    weights = sorted_paths().weigh(SILENT, profiles, torch.tensor([[C], [C]])).weights
    np.testing.assert_allclose(weights[0, 0], [0.64096, 0.82664], atol=1e-5)


def test_only_the_asked_number_of_paths_counts() -> None:
    _, profiles = asked()
    weights = sorted_paths(paths=1).weigh(SILENT, profiles, torch.tensor([[C], [C]])).weights
    np.testing.assert_allclose(weights[0, 0], [0.0, 0.82664], atol=1e-5)
    credible = sorted_paths(paths=1, credibility=1.0)
    weights = credible.weigh(SILENT, profiles, torch.tensor([[C], [C]])).weights
    np.testing.assert_allclose(weights[0, 0], [0.85355 ** (1 / 3), 0.0], atol=1e-5)


def test_a_path_visits_nothing_twice_and_nobody_explains_himself() -> None:
    """To b, which Ann took herself, no path leads through Ann; and none starts at b."""
    links, profiles = asked()
    assert {(taken, node) for taken, node, _ in found(links, profiles, B)} == set()
    stranger = replace(profiles.rows(np.array([0])), known=np.array([-1], np.int32))
    ann = links.numbering.first_user
    assert {(taken, node) for taken, node, _ in found(links, stranger, B)} == {(A, ann)}


def test_people_are_followed_most_alike_first() -> None:
    """Of those who took a, Bob at (1, 0) is more alike to it than Ann."""
    links, profiles = asked(people=1)
    bob = links.numbering.first_user + 1
    followed = links.out.node[links.out.indptr[A] : links.out.indptr[A + 1]]
    assert followed[followed >= links.numbering.first_user].tolist() == [bob]
    nobody, _ = asked(people=0)
    assert CO_TAKEN not in {via for _, _, via in found(nobody, profiles, C)}


def test_blocks_change_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    dataset, model, profiles = fitted("ease")
    explainer = Sep(users=20).prepare(model, dataset)
    whole = explainer.evidence(model, profiles, first_items(profiles))
    monkeypatch.setattr(paths_module, "PATHS_AT_ONCE", 40)
    torch.testing.assert_close(explainer.evidence(model, profiles, first_items(profiles)).weights, whole.weights)


def test_vectors_tell_how_alike_the_model_scores_items() -> None:
    """In all dimensions the cosine is the correlation of two items' standardised scores over users."""
    dataset, model, _ = fitted("ease")
    aligned, known = model.align(dataset)
    vectors = item_vectors(model, aligned, known, users=1000, dimensions=64, seed=0)
    able = np.flatnonzero(aligned.positives.counts)
    scores = model.score(profiles_of(aligned, known, able)).numpy()
    scores = (scores - scores.mean(axis=1, keepdims=True)) / scores.std(axis=1, keepdims=True)
    np.testing.assert_allclose(vectors @ vectors.T, np.corrcoef(scores.T), atol=1e-4)
    few = item_vectors(model, aligned, known, users=5, dimensions=2, seed=0)
    assert few.shape == (len(dataset.items), 2)
    np.testing.assert_allclose(np.linalg.norm(few, axis=1), 1, atol=1e-5)
    same = Handmade([[1.0] * 12] * 12)
    assert not item_vectors(same, aligned, known, users=9, dimensions=4, seed=0).any()


def test_means_and_similarities() -> None:
    middle = means(VECTORS, np.array([0, 0, 2]), np.array([0, 1, 3]), 3)
    np.testing.assert_allclose(middle, [[0.5**0.5, 0.5**0.5], [0, 0], [0.6, 0.8]], atol=1e-6)
    alike = similarity(VECTORS, np.array([0, 0, 0]), VECTORS, np.array([0, 1, 3]))
    np.testing.assert_allclose(alike, [1.0, 0.5, 0.8], atol=1e-6)
    assert unit(np.zeros((1, 2), dtype=np.float32)).tolist() == [[0.0, 0.0]]


def test_it_has_to_see_the_graph_first() -> None:
    with pytest.raises(UsageError, match=r"the graph that .* gathered. Call prepare first"):
        find_explainer("sep")().weigh(SILENT, taking([1], items=3), torch.tensor([[0]]))
