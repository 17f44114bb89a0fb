"""What holds for the reasons that a model gives."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
import pytest
import torch

import graphrec as gr
from graphrec.dataset.incidence import Incidence
from graphrec.dataset.kinds import ITEM_ATTRIBUTES, ITEM_ENTITIES, USER_ATTRIBUTES
from graphrec.dataset.profiles import Profiles, profiles_of
from graphrec.errors import UnknownIdError, UsageError
from graphrec.recommendation.batches import explain, recommend
from graphrec.recommendation.request import Request
from graphrec.schema.property_graph import EVIDENCE_LABELS, VIA_DISLIKED
from graphrec.tables.explanations import Explanations
from graphrec.testing.frames import ALL, EVERYTHING, frames
from graphrec.testing.grounds import GroundsBattery
from graphrec.testing.measures import MeasuresBattery
from graphrec.testing.recommending import RecommendingBattery
from graphrec.testing.switching import SwitchingBattery

if TYPE_CHECKING:
    from graphrec.dataset.dataset import Dataset
    from graphrec.models.model import Model


class ModelBattery(SwitchingBattery, MeasuresBattery, GroundsBattery, RecommendingBattery):
    """Assertions on a model and its explanations, beside those on what it scores and recommends."""

    def score_without(self, model: Model, profile: Profiles, label: str, node: int) -> np.ndarray:
        """Return the scores of one user, float32 [items], with one input switched off.

        The attributes of taken items become the user's own, so that switching an item off leaves its attributes. Of
        items whose entities are inputs too, no profile can leave these behind: ``leaves_entities`` says where that is
        so. A model with further kinds of input overrides this method.

        Args:
            model: fitted.
            profile: of one user, in the model's numbering.
            label: ``Item``, ``Attribute`` or ``Entity``; where a battery says so, others.
            node: number of the node that is switched off.
        """
        attributes = np.union1d(profile.reached_attributes.row(0), profile.user_attributes.row(0))
        items, links = profile.items.row(0), profile.item_entities
        if label == "Item":
            items = items[items != node]
        elif label == "Entity":
            links = links.where(links.indices != node)
        else:
            attributes = attributes[attributes != node]
        n_items, n_attributes = profile.item_attributes.n_rows, profile.item_attributes.n_columns
        others = Profiles(
            profile.known,
            Incidence.from_pairs(np.zeros_like(items), items, (1, n_items)),
            {
                **profile.links,
                USER_ATTRIBUTES: Incidence.from_pairs(np.zeros_like(attributes), attributes, (1, n_attributes)),
                ITEM_ATTRIBUTES: Incidence.empty(n_items, n_attributes),
                ITEM_ENTITIES: links,
            },
            profile.mention_counts,
            profile.disliked.where(~np.isin(profile.disliked.indices, [node] if label == "Item" else [])),
        )
        scores: np.ndarray = model.score(others).numpy()[0]
        return scores

    def leaves_entities(self, model: Model, profile: Profiles, label: str, node: int) -> bool:
        """Return whether an item that is switched off leaves entities behind as inputs."""
        entities = (model.inputs(profile).labels == EVIDENCE_LABELS.index("Entity")).any()
        return label == "Item" and bool(entities) and len(profile.item_entities.row(node)) > 0

    def test_explains_pairs_by_ids(self, model: Model, dataset: Dataset, explained: Any) -> None:
        """Explain pairs by their ids: the reasons that the recommendations have."""
        some = explained[0].iloc[::3]
        rows, reasons = frames(
            [gr.explain(model, dataset, some["user"].tolist(), some["item"].tolist(), reasons=ALL, against=ALL).tables]
        )
        assert len(rows) == len(some)
        pairs = set(zip(some["user"], some["item"], strict=True))
        mine = explained[1][[pair in pairs for pair in zip(explained[1]["user"], explained[1]["item"], strict=True)]]
        np.testing.assert_allclose(np.sort(reasons["weight"]), np.sort(mine["weight"]), atol=1e-6, rtol=1e-5)
        one = gr.explain(model, dataset, some["user"].iloc[0], some["item"].iloc[0]).tables
        assert one.recommendations.num_rows == 1
        with pytest.raises(UnknownIdError, match="no Item with id 'nothing'"):
            gr.explain(model, dataset, some["user"].iloc[0], "nothing")
        with pytest.raises(UsageError, match="2 users and 1 item are not pairs"):
            gr.explain(model, dataset, some["user"].iloc[:2].tolist(), some["item"].iloc[0])

    def test_reasons_sum_to_the_score(self, model: Model, explained: Any) -> None:
        """Weights in units of the score sum to it, less an item's constant; each recommendation counts its reasons."""
        rows, reasons = explained
        assert len(reasons) > len(rows)
        assert (rows["n_reasons"] == _counted(rows, reasons)).all()
        if model.weight_unit == "score":
            constants = np.zeros(len(model.record.items)) if model.constants is None else model.constants.numpy()
            left = rows["rest"] - constants[model.record.items.require(rows["item"].tolist())]
            assert (left.abs() / np.maximum(rows["score"].abs(), 1)).max() < 1e-5

    def test_shares_sum_to_one(self, explained: Any) -> None:
        """Shares of all reasons for an item sum to 1, signs aside."""
        totals = explained[1].assign(share=explained[1]["share"].abs()).groupby(["user", "item"])["share"].sum()
        np.testing.assert_allclose(totals, 1, atol=1e-5)

    def test_reasons_are_ranked_by_weight(self, explained: Any) -> None:
        """Reasons for an item rank 1, 2, … by weight; those against it −1, −2, …."""
        for _, rows in explained[1].groupby(["user", "item"]):
            pros, cons = rows[rows["rank"] > 0].sort_values("rank"), rows[rows["rank"] < 0].sort_values("rank")[::-1]
            assert (pros["weight"] > 0).all()
            assert (cons["weight"] < 0).all()
            assert pros["weight"].is_monotonic_decreasing
            assert cons["weight"].is_monotonic_increasing
            assert pros["rank"].tolist() == list(range(1, len(pros) + 1))
            assert cons["rank"].tolist() == list(range(-1, -len(cons) - 1, -1))

    def test_fewer_reasons_are_the_first_of_all(self, model: Model, dataset: Dataset, explained: Any) -> None:
        """Ask for fewer reasons: the first of all, with the same weights and shares."""
        _, few = frames(recommend(model, dataset, Request(k=4, reasons=2, against=1)))
        some = explained[1][explained[1]["rank"].isin([1, 2, -1])]
        np.testing.assert_allclose(few["weight"], some["weight"], atol=1e-6, rtol=1e-5)
        np.testing.assert_allclose(few["share"], some["share"], atol=1e-6)

    def test_what_belongs_to_a_node_stands_on_its_first_row_alone(self, explained: Any) -> None:
        """Store net weight and effects of a node once; the net weight is the sum over all ways it came through."""
        reasons = explained[1]
        columns = ["user", "item", "label", "evidence", "method"]
        for _, rows in reasons.groupby(columns, sort=False, observed=True):
            ordered = rows.assign(opposes=rows["rank"] < 0, place=rows["rank"].abs()).sort_values(["opposes", "place"])
            assert ordered["net"].notna().tolist() == [True] + [False] * (len(rows) - 1)
            assert ordered["net"].iloc[0] == pytest.approx(rows["weight"].sum(), abs=1e-5)
            assert ordered[["effect", "held_effect"]].iloc[1:].isna().all(axis=None)

    def test_effects_are_what_scoring_again_measures(self, model: Model, dataset: Dataset, explained: Any) -> None:
        """An effect is the score less the score without that input."""
        aligned, known = model.align(dataset)
        numbers = {"Item": dataset.items, "Attribute": dataset.attributes, "Feature": dataset.nodes["Feature"]}
        measured = 0
        of_nodes = explained[1][explained[1]["net"].notna()]
        for row in of_nodes[of_nodes["label"].isin(list(numbers))].iloc[::7].itertuples():
            user = dataset.users.require([row.user])
            item = int(dataset.items.require([row.item])[0])
            profile = profiles_of(aligned, known, user)
            if model.count_inputs(profile)[0] < 2:
                assert np.isnan(row.effect) or row.effect == pytest.approx(row.weight)
                continue
            before = model.score(profile).numpy()[0, item]
            node = int(numbers[row.label].require([row.evidence])[0])
            if self.leaves_entities(model, profile, row.label, node):
                continue
            after = self.score_without(model, profile, row.label, node)[item]
            assert row.effect == pytest.approx(before - after, abs=2e-5), row
            measured += 1
        assert measured > (20 if "Entity" not in set(explained[1]["label"]) else 1)

    def test_scoring_with_some_of_the_inputs(self, model: Model, dataset: Dataset) -> None:
        """Score with all, none, and all but one of the inputs, and for some items only."""
        aligned, known = model.align(dataset)
        users = np.flatnonzero(model.count_inputs(profiles_of(aligned, known, np.arange(len(dataset.users)))) > 1)[:6]
        profiles = profiles_of(aligned, known, users)
        slots = model.inputs(profiles)
        assert (slots.filled.sum(dim=1).numpy() == model.count_inputs(profiles)).all()
        width = slots.labels.shape[1]
        every, nothing = slots.filled[:, None, :], torch.zeros(len(users), 1, width, dtype=torch.bool)
        without_one = every & ~torch.eye(width, dtype=torch.bool)
        kept = torch.cat([every, nothing, without_one], dim=1)
        scores = model.score_with(profiles, slots, kept)
        np.testing.assert_allclose(scores[:, 0], model.score(profiles), atol=2e-5)
        assert not scores[:, 1].any()
        for row in range(len(users)):
            for slot in range(0, int(slots.filled[row].sum()), 3):
                label = EVIDENCE_LABELS[slots.labels[row, slot]]
                user, node = profiles.rows(np.array([row])), int(slots.nodes[row, slot])
                if self.leaves_entities(model, user, label, node):
                    continue
                again = self.score_without(model, user, label, node)
                np.testing.assert_allclose(scores[row, 2 + slot], again, atol=2e-5)
        items = torch.tensor([[3, 0, 5]]).repeat(len(users), 1)
        some = model.score_with(profiles, slots, kept, items)
        np.testing.assert_allclose(some, scores[:, :, [3, 0, 5]], atol=2e-5)

    def test_evidence_belongs_to_the_user_by_its_ground(self, dataset: Dataset, explained: Any) -> None:
        """Each reason is in the data where its ground says."""
        reasons = explained[1]
        assert set(reasons["ground"]) <= {"history", "item_attribute", "profile", "entity", "factor", "mentioned"}
        for row in reasons.itertuples():
            user = int(dataset.users.require([row.user])[0])
            history = dataset.positives.row(user)
            if row.ground == "history":
                assert row.label == "Item"
                assert row.anchor == row.evidence
                own = dataset.negatives.row(user) if row.via == VIA_DISLIKED else history
                assert dataset.items.require([row.evidence])[0] in own
            elif row.ground == "item_attribute":
                anchor = int(dataset.items.require([row.anchor])[0])
                assert anchor in history
                assert dataset.attributes.require([row.evidence])[0] in dataset.item_attributes.row(anchor)
                kind = dataset.attributes.columns["kind"][int(dataset.attributes.require([row.evidence])[0])]
                assert row.via == f"attribute:{kind}" or row.via.startswith("factor:")
            elif row.ground == "profile":
                assert pd.isna(row.anchor)
                assert dataset.attributes.require([row.evidence])[0] in dataset.user_attributes.row(user)

    def test_a_taken_item_shares_a_value_of_the_kind_that_it_came_through(
        self, dataset: Dataset, explained: Any
    ) -> None:
        """Where a taken item came through ``attribute:KIND``, both items carry a value of the kind.

        Where it came through ``neighbours:KIND``, they share none.
        """
        reasons = explained[1][explained[1]["ground"] == "history"]
        kinds = np.asarray(dataset.attributes.columns["kind"].to_pylist(), dtype=str)
        for row in reasons[reasons["via"].str.match("(attribute|neighbours):")].itertuples():
            one, other = dataset.items.require([row.item, row.evidence])
            both = np.intersect1d(dataset.item_attributes.row(one), dataset.item_attributes.row(other))
            way, _, kind = row.via.partition(":")
            assert (kind in kinds[both]) == (way == "attribute"), row

    def test_protected_attributes_are_never_shown(self, model: Model, dataset: Dataset, explained: Any) -> None:
        """Protect kinds of attributes: their reasons go, all others stay as they were."""
        protect = ("gender", "director")
        _, reasons = frames(recommend(model, dataset, replace(EVERYTHING, protect=protect)))
        hidden = explained[1]["evidence"].str.match(r".*\.(gender|director)=")
        hidden |= explained[1]["via"].isin([f"{way}:{kind}" for way in ("attribute", "neighbours") for kind in protect])
        shown = explained[1][~hidden].sort_values(["user", "item", "label", "evidence", "via"])
        reasons = reasons.sort_values(["user", "item", "label", "evidence", "via"])
        assert reasons["evidence"].tolist() == shown["evidence"].tolist()
        np.testing.assert_allclose(reasons["share"], shown["share"], atol=1e-6)
        with pytest.raises(UsageError, match="'colour'"):
            list(recommend(model, dataset, Request(protect=("colour",))))

    def test_any_item_can_be_explained(self, model: Model, dataset: Dataset) -> None:
        """Explain items that are not recommended: their scores, and no row for padding."""
        users = np.flatnonzero(dataset.positives.counts)[:3]
        items = np.array([[0, 5], [3, -1], [2, 9]])
        parts = list(explain(model, dataset, users, items, EVERYTHING))
        assert all(isinstance(part, Explanations) for part in parts)
        rows, _ = frames(parts)
        scores = model.score_users(dataset, dataset.users.ids.take(users).to_pylist())
        expected = {
            (dataset.users.ids[int(user)].as_py(), dataset.items.ids[int(item)].as_py()): scores[place, item]
            for place, user in enumerate(users)
            for item in items[place]
            if item >= 0
        }
        assert len(rows) == len(expected) == 5
        for row in rows.itertuples():
            assert row.score == pytest.approx(expected[row.user, row.item], abs=1e-6)


def _counted(rows: pd.DataFrame, reasons: pd.DataFrame) -> np.ndarray:
    """Return how many reasons each recommendation has; where nothing speaks for or against an item, none."""
    pairs = pd.MultiIndex.from_frame(rows[["user", "item"]])
    return reasons.groupby(["user", "item"]).size().reindex(pairs, fill_value=0).to_numpy()
