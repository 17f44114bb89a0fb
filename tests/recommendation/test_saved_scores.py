"""EASE and RecoNet score one person without PyTorch as the models themselves do."""

from __future__ import annotations

import subprocess
import sys
from typing import TYPE_CHECKING

import numpy as np
import pytest

import graphrec as gr
from graphrec.dataset.profiles import profiles_of
from graphrec.errors import ModelError
from graphrec.recommendation.model_scores import ModelScores
from graphrec.recommendation.saved_scores import load_scores
from graphrec.testing.toy import toy

if TYPE_CHECKING:
    from pathlib import Path

MODELS = {
    "ease": lambda: gr.models.EASE(reg=2.0),
    "reconet": lambda: gr.models.RecoNet(epochs=2, embedding_size=6),
    "reconet-layer": lambda: gr.models.RecoNet(epochs=2, embedding_size=6, hidden_size=5),
    "reconet-members": lambda: gr.models.RecoNet(epochs=2, embedding_size=6, members=2),
    "reconet-items": lambda: gr.models.RecoNet(epochs=2, embedding_size=6, item_attributes=False),
    "reconet-no-profile": lambda: gr.models.RecoNet(epochs=2, embedding_size=6, user_attributes=False),
}


@pytest.mark.parametrize("name", MODELS)
def test_the_scores_are_the_model_s(name: str, tmp_path: Path) -> None:
    data = toy()
    model = MODELS[name]().fit(data)
    gr.save_model(model, tmp_path / "fit")
    saved = load_scores(tmp_path / "fit")
    assert saved is not None
    assert saved.name == model.name
    assert saved.record.items.ids.equals(model.record.items.ids)
    reference = ModelScores(model, model.factors(data))
    for user in range(len(data.users)):  # one without anything, one with attributes alone, one with low ratings alone
        profile = profiles_of(data, np.arange(len(data.users), dtype=np.int32), np.array([user]))
        own = profile.user_attributes.indices[:1].astype(np.int64)
        for mine, expected in (
            (saved.scores(profile), reference.scores(profile)),
            *(
                (saved.scores_without(profile, items, none), reference.scores_without(profile, items, none))
                for items in (profile.items.indices[:2], profile.items.indices)
                for none in (own[:0], own)
            ),
        ):
            assert mine.inputs == expected.inputs
            assert (mine.scores is None) == (expected.scores is None)
            if mine.scores is not None:
                assert mine.scores.dtype == np.float32
                np.testing.assert_allclose(mine.scores, expected.scores, atol=1e-6)
        for mine, expected in zip(saved.inputs(profile), reference.inputs(profile), strict=True):
            assert sorted(mine.tolist()) == sorted(expected.tolist())


def test_another_model_and_no_model_are_left_to_others(tmp_path: Path) -> None:
    gr.save_model(gr.models.UserUser().fit(toy()), tmp_path / "fit")
    assert load_scores(tmp_path / "fit") is None
    assert load_scores(tmp_path / "nowhere") is None
    (tmp_path / "model.json").write_text("[]", encoding="utf-8")
    assert load_scores(tmp_path) is None


def test_damaged_weights_are_refused(tmp_path: Path) -> None:
    gr.save_model(gr.models.EASE(reg=2.0).fit(toy()), tmp_path / "fit")
    file = tmp_path / "fit" / "model.safetensors"
    content = bytearray(file.read_bytes())
    content[-1] ^= 1
    file.write_bytes(content)
    with pytest.raises(ModelError, match="damaged"):
        load_scores(tmp_path / "fit")


def test_pytorch_is_not_imported(tmp_path: Path) -> None:
    for name, model in (("ease", gr.models.EASE(reg=2.0)), ("reconet", MODELS["reconet"]())):
        gr.save_model(model.fit(toy()), tmp_path / name)
        lines = (
            "import sys, pathlib; from graphrec.recommendation.saved_scores import load_scores; "
            "load_scores(pathlib.Path(sys.argv[1])); sys.exit('torch' in sys.modules)"
        )
        subprocess.run([sys.executable, "-c", lines, str(tmp_path / name)], check=True)
