"""What holds for reasons that are entities, features or factors; models without such reasons have nothing to show."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
import pytest

from graphrec.dataset.kinds import ITEM_ENTITIES
from graphrec.dataset.profiles import profiles_of
from graphrec.recommendation.factor_tables import factor_tables
from graphrec.schema.property_graph import ITEM_GROUP

if TYPE_CHECKING:
    from graphrec.dataset.dataset import Dataset
    from graphrec.models.model import Model


class GroundsBattery:
    """Assertions on reasons with the grounds ``entity``, ``mentioned`` and ``factor``."""

    def test_entities_hang_on_their_anchor(self, dataset: Dataset, explained: Any) -> None:
        """Check that the item an entity came through was taken, and has the entity."""
        reasons = explained[1]
        by_entity = reasons[reasons["ground"] == "entity"]
        assert set(by_entity["label"]) <= {"Entity"}
        assert set(reasons.loc[reasons["label"] == "Entity", "ground"]) <= {"entity"}
        for row in by_entity.itertuples():
            user, anchor = int(dataset.users.require([row.user])[0]), int(dataset.items.require([row.anchor])[0])
            assert anchor in dataset.positives.row(user)
            assert dataset.entities.require([row.evidence])[0] in dataset.item_entities.row(anchor)

    def test_an_entity_s_effect_is_what_scoring_without_its_links_measures(
        self, model: Model, dataset: Dataset, explained: Any
    ) -> None:
        """Score again without the links of an entity: the effect is the difference."""
        by_entity = explained[1][(explained[1]["ground"] == "entity") & explained[1]["net"].notna()]
        aligned, known = model.align(dataset)
        measured = 0
        for row in by_entity.iloc[::5].itertuples():
            profile = profiles_of(aligned, known, dataset.users.require([row.user]))
            if model.count_inputs(profile)[0] < 2:
                assert np.isnan(row.effect)
                continue
            links, entity = profile.item_entities, dataset.entities.require([row.evidence])[0]
            apart = replace(profile, links={**profile.links, ITEM_ENTITIES: links.where(links.indices != entity)})
            item = int(dataset.items.require([row.item])[0])
            before, after = (model.score(each).numpy()[0, item] for each in (profile, apart))
            assert row.effect == pytest.approx(before - after, abs=3e-5), row
            measured += 1
        assert measured > 10 or len(by_entity) == 0

    def test_features_are_what_the_user_mentions(self, dataset: Dataset, explained: Any) -> None:
        """Check that a feature is mentioned by its user, and that no user is shown as a reason."""
        reasons = explained[1]
        by_feature = reasons[reasons["ground"] == "mentioned"]
        assert set(by_feature["label"]) <= {"Feature"}
        assert set(reasons.loc[reasons["label"] == "Feature", "ground"]) <= {"mentioned"}
        assert "User" not in set(reasons["label"])
        assert pd.isna(by_feature["anchor"]).all()
        users = dataset.users.require(by_feature["user"].tolist())
        features = dataset.nodes["Feature"].require(by_feature["evidence"].tolist())
        assert dataset.user_features.has(users, features).all()

    def test_factors_are_those_of_the_fit_and_have_no_effect(
        self, model: Model, dataset: Dataset, explained: Any
    ) -> None:
        """Check that reasons name factors of the fit, or came through them; a factor cannot be removed."""
        reasons, tables = explained[1], factor_tables(model, dataset)
        by_factor = reasons[reasons["ground"] == "factor"]
        ids = tables.factors["id"].to_pylist()
        assert set(by_factor["label"]) <= {"Factor"}
        assert set(by_factor["evidence"]) <= set(ids)
        assert by_factor["effect"].isna().all()
        assert pd.isna(by_factor["anchor"]).all()
        through = set(reasons["via"][reasons["via"].str.startswith("factor:")])
        assert through <= {f"factor:{name}" for name in ids}
        kinds = set(tables.factors["kind"].to_pylist())
        assert ("factor" in kinds) == bool(len(by_factor))
        assert ITEM_GROUP not in kinds or through
        assert (tables.recommendations.num_rows, tables.reasons.num_rows) == (0, 0)
