"""docs/measure.md works as written."""

from __future__ import annotations

import json

import numpy as np

from benchmarks.feature_lists import PRINTED
from graphrec.dataset.incidence import Incidence
from graphrec.dataset.splitting import SplitData, random_split
from graphrec.evaluation.explanations.feature_methods.registry import FEATURE_METHODS
from graphrec.models.ease import EASE
from graphrec.models.nmf import NMF
from graphrec.testing.toy import toy
from tests.documentation import DOCS, run_blocks
from tests.evaluation.clusters.clustered import fitted
from tests.evaluation.explanations.test_feature_questions import CABLE, DATA


def test_the_page_s_code_measures_both_methods() -> None:
    dataset = toy()
    test = Incidence.from_pairs(np.array([0]), np.array([CABLE]), (3, 3))  # Ann's, of whose cord Bob speaks too
    train = DATA.keeping(~test.has(DATA.interactions.user, DATA.interactions.item), split="by hand")
    split = SplitData(train, Incidence.empty(3, 3), test)
    taken = random_split(dataset).apply(dataset)
    names = run_blocks(
        "measure.md",
        model=EASE(reg=1.0).fit(dataset),
        dataset=dataset,
        reviews=DATA,
        split=split,
        taken=taken,
        recommender=EASE(reg=1.0).fit(taken.train),
        latent=NMF(embedding_size=3).fit(dataset),
        clustered=fitted(dataset),
    )
    measured = names["measured"]
    assert measured.names == ("own", "removal")
    assert measured.no_better_than_random == ()
    assert measured.compare("own", "removal").drop.difference.mean.tolist() == [0, 0, 0]
    assert len(json.dumps(measured.to_dict())) > 1000
    assert 0 < names["own"].precision(10, 0.2).mean() <= 1
    assert names["quality"].users.explained > names["quality"].users.by_chance
    assert 0 < names["found"].interval("ndcg@10", names["cases"].users).mean <= 1


def test_the_page_names_every_method_and_the_benchmark_s_figures_of_the_paper() -> None:
    page = (DOCS / "measure.md").read_text(encoding="utf-8")
    assert [name for name in FEATURE_METHODS if f"`{name}`" not in page] == []
    assert [best for best in PRINTED.values() if "{:.4f} / {:.4f} |\n".format(*best) not in page] == []
