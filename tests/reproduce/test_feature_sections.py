"""The sections on features of reviews: their values are those of the library asked by hand."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest
from pydantic import ValidationError

from graphrec.dataset.kinds import ITEM_FEATURES, USER_FEATURES
from graphrec.dataset.profiles import profiles_of
from graphrec.dataset.splitting import Split
from graphrec.errors import InputError, ModelError
from graphrec.evaluation.explanations.feature_agreement import agreement, lists_of
from graphrec.evaluation.explanations.feature_methods.cases import FeatureCases
from graphrec.evaluation.explanations.feature_methods.registry import make_method
from graphrec.evaluation.explanations.feature_questions import FeatureQuestions
from graphrec.evaluation.explanations.feature_tilt import feature_tilt
from graphrec.loading.registry import BUILT_IN
from graphrec.models.registry import MODELS
from graphrec.report import Cloud, Figure, Heat
from graphrec.reproduce.data import dataset_of
from graphrec.reproduce.recipe_files import read_recipe
from graphrec.reproduce.reproducing import RunOptions, reproduce
from graphrec.reproduce.sections.explanation_words import ExplanationWords
from graphrec.reproduce.sections.feature_agreement import FeatureAgreementTable, Measured
from tests.reproduce.tiny_reviews import REVIEWS
from tests.toy_reviews import ENTRY, LOADER, NAME, ToyReviews, write_reviews

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from graphrec.dataset.dataset import Dataset
    from graphrec.dataset.splitting import SplitData
    from graphrec.reproduce.reproducing import Reproduction


@pytest.fixture(scope="module", autouse=True)
def _registered() -> Iterator[None]:
    """The toy model and loader among the registered ones, for this file alone."""
    MODELS[NAME], BUILT_IN[NAME] = ENTRY, LOADER  # type: ignore[index]
    yield
    del MODELS[NAME], BUILT_IN[NAME]  # type: ignore[attr-defined]


@pytest.fixture(scope="module")
def done(tmp_path_factory: pytest.TempPathFactory, _registered: None) -> tuple[Reproduction, Path]:
    folder = tmp_path_factory.mktemp("reviews")
    write_reviews(folder / "reviews")
    return run(folder, REVIEWS), folder


def run(folder: Path, text: str, *sections: str) -> Reproduction:
    (folder / "tiny.toml").write_text(text, encoding="utf-8")
    return reproduce(read_recipe(str(folder / "tiny.toml")), RunOptions(folder / "out", folder, sections=sections))


@pytest.fixture(scope="module")
def whole(done: tuple[Reproduction, Path]) -> Dataset:
    folder = done[1]
    return dataset_of(read_recipe(str(folder / "tiny.toml")), folder / "reviews", folder / "out").dataset


@pytest.fixture(scope="module")
def cuts(done: tuple[Reproduction, Path], whole: Dataset) -> list[SplitData]:
    """The data by seed."""
    files = sorted((done[1] / "out" / "splits").glob("random-*.parquet"))
    assert [file.name.split("-")[1] for file in files] == ["0", "1"]
    return [Split.load(file).apply(whole) for file in files]


def table(reproduction: Reproduction, name: str) -> dict[str, list[Any]]:
    blocks = json.loads(reproduction.files["json"].read_text(encoding="utf-8"))["blocks"]
    (one,) = [block for block in blocks if block.get("table") == name]
    return {row[0]: row[1:] for row in one["rows"]}


def finding(reproduction: Reproduction, words: str) -> Any:
    (one,) = [one for one in reproduction.report.findings if one.text.startswith(words)]
    return one


@pytest.mark.parametrize("form", ["printed", "honest"])
@pytest.mark.parametrize("unit", ["users", "pairs"])
def test_each_table_is_what_asking_by_hand_gives(
    done: tuple[Reproduction, Path], whole: Dataset, cuts: list[SplitData], form: Any, unit: Any
) -> None:
    rows = table(done[0], f"feature_agreement-{form}-{unit}")
    for name, settings in (
        ("Random", {"method": "random"}),
        ("popularity", {"method": "popularity"}),
        ("own, then popular", {"method": "own_then_popularity"}),
        ("absolute", {"method": "own_vectors", "phi": "absolute"}),
        ("gradient", {"method": "gradient"}),
    ):
        values: dict[str, list[float]] = {}
        for cut in cuts:
            model = ToyReviews().fit(cut.train) if settings["method"] in ("own_vectors", "gradient") else None
            asked = FeatureQuestions.of(whole, cut, model)
            cases, truth = asked.ask(form, unit, recommended=3 if name == "gradient" else 0)
            found = agreement(lists_of(make_method(settings), cases, model, k=5), truth, 5)
            for metric, one in found.values.items():
                values.setdefault(metric, []).extend(one)
        means = [rows[name][place] for place in (0, 1)] + [rows[name][place]["value"] for place in (2, 3)]
        assert means == pytest.approx([np.mean(one) for one in values.values()]), name
    less = rows["absolute"][4]["value"], rows["absolute"][5]["value"]
    ndcg = {name: rows[name][3]["value"] for name in rows}
    assert less == pytest.approx((ndcg["absolute"] - ndcg["Random"], ndcg["absolute"] - ndcg["popularity"]))
    assert rows["Random"][4] is None
    assert rows["popularity"][5] is None


def test_what_is_seen_says_nothing_of_held_out_reviews(whole: Dataset, cuts: list[SplitData]) -> None:
    for cut in cuts:
        asked = FeatureQuestions.of(whole, cut)
        held_out = cut.test.csr().toarray() + cut.validation.csr().toarray()
        said = asked.seen.mentions
        assert not held_out[said.user, said.item].any()
        assert len(said) < len(whole.mentions)


def test_naming_the_profile_itself_is_right_in_the_printed_form(done: tuple[Reproduction, Path]) -> None:
    assert table(done[0], "feature_agreement-printed-users")["own, then popular"][3]["value"] == pytest.approx(1)
    assert table(done[0], "feature_agreement-honest-users")["own, then popular"][3]["value"] < 0.9


def test_the_papers_values_stand_beside_the_printed_form_alone(done: tuple[Reproduction, Path]) -> None:
    assert table(done[0], "feature_agreement-printed-users")["signed"][-2:] == [0.2028, 0.3124]
    assert len(table(done[0], "feature_agreement-honest-users")["signed"]) == 6


def test_users_without_items_are_not_asked_of_methods_that_look_at_them(done: tuple[Reproduction, Path]) -> None:
    assert "own × item" not in table(done[0], "feature_agreement-honest-users")
    assert "own × item" in table(done[0], "feature_agreement-honest-pairs")
    assert "items of EASE" in table(done[0], "feature_agreement-honest-users")


def test_settings_are_those_that_validation_reviews_choose(
    done: tuple[Reproduction, Path], whole: Dataset, cuts: list[SplitData]
) -> None:
    chosen = []
    for cut in cuts:
        cases, truth = FeatureQuestions.of(whole, cut, part="validation").ask("honest", "pairs")
        values = []
        for own in (2.0, 200.0):
            method = make_method({"method": "own_item_counts", "own": own, "item": 5.0})
            values.append(agreement(lists_of(method, cases, k=5), truth, 5).values["ndcg@5"].mean())
        chosen.append((2.0, 200.0)[int(np.argmax(values))])
    paths = (done[1] / "out" / "cache" / "feature_agreement").rglob("*.json")
    results = [json.loads(path.read_text(encoding="utf-8")) for path in paths]
    told = {
        one["result"]["honest pairs"]["settings"]["own"]
        for one in results
        if one["inputs"]["trials"][0]["method"] == "own_item_counts"
    }
    assert told == set(chosen)


def test_last_fits_are_measured_with_what_fits_before_them_chose(tmp_path: Path) -> None:
    """A grid of a method that asks a model is chosen on a split that still has its validation part."""
    write_reviews(tmp_path / "reviews")
    text = REVIEWS.replace("seeds = [0, 1]", "seeds = [0, 1]\nrefit = true").replace(
        'gradient = { method = "gradient", row = "toy" }\nremoval',
        'gradient = { method = "gradient", row = "toy", grid = { form = ["signed", "times_input"] } }\nremoval',
    )
    rows = table(run(tmp_path, text, "feature_agreement"), "feature_agreement-honest-pairs")
    results = [json.loads(path.read_text(encoding="utf-8"))
               for path in (tmp_path / "out" / "cache" / "feature_agreement").rglob("*.json")]  # fmt: skip
    of_gradient = [one for one in results if one["inputs"]["trials"][0]["method"] == "gradient"]
    assert len(of_gradient) == 2
    assert len({one["inputs"]["choosing"] for one in of_gradient}) == 1
    assert all(one["inputs"]["choosing"] != one["inputs"]["split"] for one in of_gradient)
    assert len({str(one["result"]["honest pairs"]["settings"]) for one in of_gradient}) == 1
    assert 0 < rows["gradient"][3]["value"] < 1


def test_losses_are_told_as_wins_are(done: tuple[Reproduction, Path]) -> None:
    text = finding(done[0], "Honest pairs, ndcg@5 beside own, then popular").text
    assert "below it" in text
    assert "signed (−" in text
    assert finding(done[0], "Printed users: own, then popular").met is True
    assert finding(done[0], "Honest pairs: signed").met is False


def test_findings_follow_from_the_values() -> None:
    section = FeatureAgreementTable.model_validate(
        {"title": "", "beside": ["counts"], "methods": {
            "counts": {"method": "own_counts"}, "up": {"method": "gradient", "row": "a"},
            "down": {"method": "gradient", "row": "a"}, "level": {"method": "gradient", "row": "a"}}}
    )  # fmt: skip
    base, noise = np.linspace(0.2, 0.6, 9), np.tile([-0.01, 0, 0.01], 3)
    values = {"Random": base - 0.2, "popularity": base, "counts": base, "up": base + 0.1 + noise,
              "down": base - 0.1 + noise, "level": base + noise}  # fmt: skip
    measured = {name: Measured(np.arange(9), {"ndcg": one}, [{}]) for name, one in values.items()}
    by_chance, popular, counts = (one.text for one in section.findings("honest users", measured))
    assert by_chance.endswith("beside Random: above it up (+0.3000), down (+0.1000), level (+0.2000)")
    told = "above it up (+0.1000); not distinguishable from it level (+0.0000); below it down (−0.1000)"
    assert popular.endswith(f"beside popularity: {told}")
    assert counts.endswith(f"beside counts: {told}")


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"methods": {"Random": {"method": "random"}}}, "always measured"),
        ({"beside": ["luck"]}, "'luck' is not among"),
        ({"methods": {"a": {"method": "gradient"}}}, "name a row"),
        ({"methods": {"a": {"method": "own_counts", "paper": {"F1": 0.2}}}}, "'F1' is none of"),
        ({"methods": {}}, "at least 1"),
        ({"methods": {"a": {"method": "item_counts", "grid": {"item": []}}}}, "no combination"),
    ],
)
def test_a_table_says_what_it_lacks(changes: dict[str, Any], said: str) -> None:
    with pytest.raises(ValidationError, match=said):
        FeatureAgreementTable.model_validate({"title": "", "methods": {"own": {"method": "own_counts"}}, **changes})


def test_unknown_methods_and_settings_of_a_recipe_are_refused(tmp_path: Path) -> None:
    for old, new, said in (
        ('"own_vectors", row = "toy", paper', '"vectors", row = "toy", paper', "no method 'vectors'"),
        ('{ phi = "absolute" }', '{ form = "absolute" }', "no such setting"),
    ):
        (tmp_path / "tiny.toml").write_text(REVIEWS.replace(old, new), encoding="utf-8")
        with pytest.raises(InputError, match=said):
            read_recipe(str(tmp_path / "tiny.toml"))


def test_a_grid_needs_a_section_that_chooses() -> None:
    with pytest.raises(ValidationError, match="nothing is chosen here"):
        ExplanationWords.model_validate(
            {"title": "", "methods": {"a": {"method": "smoothed_own_counts", "grid": {"own": [1, 2]}}}}
        )


def test_words_are_those_of_the_lists_and_held_out_ones_are_marked(
    done: tuple[Reproduction, Path], whole: Dataset, cuts: list[SplitData]
) -> None:
    blocks = json.loads(done[0].files["json"].read_text(encoding="utf-8"))["blocks"]
    (shown,) = [block for block in blocks if block.get("table") == "explanation_words"]
    users = [column["name"].removeprefix("user ") for column in shown["columns"][1:]]
    assert len(users) == 3
    rows = {row[0]: row[1:] for row in shown["rows"]}
    assert list(rows) == ["held-out reviews", "mentioned before", "signed", "popularity"]
    words = whole.nodes["Feature"].ids.to_pylist()
    model = ToyReviews().fit(cuts[0].train)
    data, known = model.align(cuts[0].seen)
    for place, user in enumerate(users):
        row = whole.users.require([user])
        phi = model.explanation_vectors(profiles_of(data, known, row))[0].numpy()
        said = whole.mentions
        of_test = np.isin(said.item, cuts[0].test.row(int(row[0]))) & (said.user == row[0])
        truth = {words[feature] for feature in said.feature[of_test]}
        assert set(rows["held-out reviews"][place].split(", ")) == truth
        named = [word.removesuffix(" ✓") for word in rows["signed"][place].split(", ")]
        assert [phi[words.index(word)] for word in named] == sorted(phi, reverse=True)[:4]
        for word in rows["signed"][place].split(", "):
            assert word.endswith("✓") == (word.removesuffix(" ✓") in truth)


def test_the_heat_map_is_the_mean_of_numpys_correlations(
    done: tuple[Reproduction, Path], whole: Dataset, cuts: list[SplitData]
) -> None:
    model = ToyReviews().fit(cuts[0].train)
    data, known = model.align(cuts[0].seen)
    able = np.flatnonzero(cuts[0].seen.mention_counts[USER_FEATURES].counts)
    users = np.sort(np.random.default_rng(0).permutation(able)[:20])
    profiles = profiles_of(data, known, users)
    phi = model.explanation_vectors(profiles).numpy()
    mentioned = profiles.mention_counts[USER_FEATURES].pattern.csr().toarray()
    (heat,) = [one.chart for one in done[0].report.blocks if isinstance(one, Figure) and isinstance(one.chart, Heat)]
    assert heat.labels == ("mentioned", "signed", "absolute", "gradient")
    expected = np.mean([np.corrcoef([m, p, abs(p)]) for m, p in zip(mentioned, phi, strict=True)], axis=0)
    np.testing.assert_allclose(np.array(heat.values)[:3, :3], expected, atol=1e-6)
    assert f"absolute +{expected[0, 2]:.3f}" in finding(done[0], "Correlation of explanation vectors").text


def test_the_map_has_each_user_once_for_each_method(done: tuple[Reproduction, Path]) -> None:
    (cloud,) = [one.chart for one in done[0].report.blocks if isinstance(one, Figure) and isinstance(one.chart, Cloud)]
    assert [(name, len(x)) for name, x, _ in cloud.groups] == [("mentioned", 12), ("signed", 12), ("gradient", 12)]


def test_the_tilt_is_that_of_the_library(done: tuple[Reproduction, Path], cuts: list[SplitData]) -> None:
    model = ToyReviews().fit(cuts[0].train)
    data, known = model.align(cuts[0].seen)
    users = np.flatnonzero(data.positives.counts)
    cases = FeatureCases.of_users(data, known, users).with_recommended(model, data, 4)
    found = feature_tilt(cases.items, data.positives.rows(users), data.mention_counts[ITEM_FEATURES])
    rows = table(done[0], "feature_tilt-1")
    words = data.nodes["Feature"].ids.to_pylist()
    order = np.argsort(-found.difference)
    assert list(rows) == [words[at] for at in (*order[:3], *order[-3:])]
    for word, (recommended, base, difference) in rows.items():
        at = words.index(word)
        assert [recommended, base, difference["value"], difference["high"]] == pytest.approx(
            [found.recommended[at], found.base[at], found.difference[at], found.high[at]]
        )
    over, under = int((found.low > 0).sum()), int((found.high < 0).sum())
    assert f"mention {over} more often and {under} less often than" in finding(done[0], "toy: of 15 features").text


def test_a_row_without_vectors_is_named(tmp_path: Path) -> None:
    write_reviews(tmp_path / "reviews")
    text = REVIEWS.replace('row = "toy", paper', 'row = "EASE", paper')
    with pytest.raises(ModelError, match="ease has no vectors over features"):
        run(tmp_path, text, "feature_agreement")
