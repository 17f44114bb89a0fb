"""Results of jobs, kept: a run that was killed at any moment goes on where it was."""

from __future__ import annotations

import json
import os
import shutil
from typing import TYPE_CHECKING, Any

from graphrec.models.saving import METADATA, load_recommender, save_model
from graphrec.reproduce.named_code import model_of_recipe

if TYPE_CHECKING:
    from pathlib import Path

    from graphrec.models.recommender import Recommender
    from graphrec.reproduce.job import Job


class Cache:
    """A folder with one file for each result, ``KIND/GROUP/KEY.json``, which also says what it is the result of.

    A fitted model that is needed later lies beside its result, as a folder ``KEY.model``. Removing a folder has its
    jobs done again.

    Args:
        folder: made when the first result is kept.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def place(self, job: Job, suffix: str) -> Path:
        """Return the path of a job's result (``.json``), model (``.model``) or checkpoint (``.checkpoint``)."""
        return self.folder / job.kind.replace(":", ".") / _folder_name(job.group) / f"{job.key}{suffix}"

    def has(self, job: Job) -> bool:
        """Return whether a job is done, its model included where that is to be kept."""
        return self.has_result(job) and (not job.keep or (self.place(job, ".model") / METADATA).is_file())

    def has_result(self, job: Job) -> bool:
        """Return whether the result of a job is kept, with its model or without."""
        return self.place(job, ".json").is_file()

    def result(self, job: Job) -> dict[str, Any]:
        """Return the result of a job that is done."""
        result: dict[str, Any] = json.loads(self.place(job, ".json").read_text(encoding="utf-8"))["result"]
        return result

    def keep(self, job: Job, result: dict[str, Any]) -> None:
        """Keep a result; its file appears whole or not at all.

        Raises:
            ValueError: the result holds something that JSON does not know, such as NaN.
        """
        path = self.place(job, ".json")
        path.parent.mkdir(parents=True, exist_ok=True)
        text = json.dumps({"label": job.label, **job.decides, "result": result}, indent=1, allow_nan=False)
        partial = path.with_name(f"{path.name}.{os.getpid()}.writing")
        partial.write_text(text + "\n", encoding="utf-8")
        partial.replace(path)
        shutil.rmtree(self.place(job, ".checkpoint"), ignore_errors=True)

    def keep_model(self, job: Job, model: Recommender) -> None:
        """Keep a fitted model beside the result that its job will have."""
        folder = self.place(job, ".model")
        folder.parent.mkdir(parents=True, exist_ok=True)
        save_model(model, folder)

    def model(self, job: Job) -> Recommender:
        """Return the fitted model of a job that kept it."""
        return load_recommender(self.place(job, ".model"), model_of_recipe(job.inputs["model"]))

    def drop_model(self, job: Job) -> None:
        """Forget the model of a job, not its result."""
        shutil.rmtree(self.place(job, ".model"), ignore_errors=True)


def _folder_name(group: str) -> str:
    """Return a group, which may be the name of a row, as the name of one folder."""
    plain = "".join(c if c.isprintable() and c not in "/\\:" else "." for c in group)[:100]
    return plain if plain.strip(". ") else "_"
