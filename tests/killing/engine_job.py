"""A run on an engine, as a process that can be killed: ``python -m tests.killing.engine_job STORE ENGINE``."""

from __future__ import annotations

import sys

import graphrec as gr
from graphrec.explaining.model_explainer import ModelExplainer
from graphrec.models.ease import EASE
from tests.killing.verbs import small_batches

USERS = 160
USERS_A_PART = 8


def main(uri: str, engine: str) -> None:
    """Say that the work begins, recommend on the engine into the store, and say the id of the run."""
    small_batches()
    ModelExplainer.users_at_once = USERS_A_PART
    with gr.open_store(uri) as store:
        dataset = gr.Dataset.from_store(store)
        recommendations = gr.recommend(EASE(reg=5.0).fit(dataset), dataset, k=3, engine=engine)
        sys.stdout.write("begin\n")
        sys.stdout.flush()
        sys.stdout.write(f"{recommendations.write(store).run.id}\n")


if __name__ == "__main__":
    main(*sys.argv[1:])
