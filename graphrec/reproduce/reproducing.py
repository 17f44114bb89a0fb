"""From a recipe to a written report."""

from __future__ import annotations

import time
from dataclasses import dataclass
from typing import TYPE_CHECKING

from graphrec.errors import InputError, UsageError
from graphrec.models.versions import versions
from graphrec.progress import no_progress
from graphrec.report import Heading, Report, Text, write_report
from graphrec.report.plotting import need_matplotlib
from graphrec.report.writing import require_report_place
from graphrec.reproduce.cache import Cache
from graphrec.reproduce.data import dataset_of, find_folder, folder_around
from graphrec.reproduce.data_and_protocol import data_and_protocol
from graphrec.reproduce.durations import duration_text
from graphrec.reproduce.engine import ignore_step, run_jobs
from graphrec.reproduce.leaking import marked_leaking
from graphrec.reproduce.quick_words import quick_words
from graphrec.reproduce.runners import RunData
from graphrec.reproduce.sections import read_sections
from graphrec.reproduce.splits import kept_split
from graphrec.reproduce.study import Study
from graphrec.store.embedded.lock import exclusive
from graphrec.wording import counted

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from pathlib import Path

    from graphrec.dataset.splitting import Split
    from graphrec.progress import Progress
    from graphrec.report import Block
    from graphrec.reproduce.engine import Step
    from graphrec.reproduce.job import Job
    from graphrec.reproduce.recipe import Recipe
    from graphrec.reproduce.recipe_protocol import SplitPlan
    from graphrec.reproduce.sections.section import Section


@dataclass(frozen=True)
class Reproduction:
    """A report that was made and written.

    Attributes:
        report: as a value.
        files: of the report: ``markdown``, ``html``, ``json``.
        done: jobs that were done now; the others were kept from before.
    """

    report: Report
    files: Mapping[str, Path]
    done: int


@dataclass(frozen=True)
class RunOptions:
    """Where, how much and how a recipe is reproduced.

    Attributes:
        out: folder of the report, of its cache and of its store.
        data: folder with the original data, or around it; None looks where the environment says.
        sections: names of the sections wanted; empty for all.
        workers: processes side by side.
        command: what was typed, for the report.
    """

    out: Path
    data: Path | None = None
    sections: tuple[str, ...] = ()
    workers: int = 1
    command: str = ""


def reproduce(
    recipe: Recipe, options: RunOptions, progress: Progress = no_progress, watch: Callable[[Step], None] = ignore_step
) -> Reproduction:
    """Run everything in a recipe, and write the report.

    Results that are kept under the same ``out`` are not made again, not even after a kill.

    Args:
        recipe: of the paper.
        options: where, how much of it, and how.
        progress: called while the data is loaded and read.
        watch: called with every job that ended.

    Raises:
        UsageError: a section that does not exist.
        InputError: the data is not there.
        MissingExtraError: plots cannot be drawn here.
        ModelError: jobs failed.
        StoreLockedError: another process is at work in this folder.
    """
    begun = time.perf_counter()
    everything = read_sections(recipe)
    wanted = _chosen(everything, options.sections)
    need_matplotlib()
    folder = find_folder(recipe.data, options.data, recipe.protocol.split)
    require_report_place(options.out)  # before hours of work rather than after
    options.out.mkdir(parents=True, exist_ok=True)
    with exclusive(options.out / "reproduce.lock"):
        kept_data = dataset_of(recipe, folder, options.out, progress)
        dataset = kept_data.dataset
        progress("cutting the splits", 0, 0)
        by_fingerprint: dict[str, Split] = {}

        def cut(plan: SplitPlan, seed: int) -> str:
            made = kept_split(dataset, plan, seed, options.out / "splits", folder_around(recipe.data, folder))
            by_fingerprint[made.fingerprint] = made
            return made.fingerprint

        def refitting(fingerprint: str) -> str:
            made = by_fingerprint[fingerprint].refitting
            by_fingerprint[made.fingerprint] = made
            return made.fingerprint

        splits = tuple(cut(recipe.protocol.split, seed) for seed in recipe.protocol.seeds)
        if len(set(splits)) < len(splits) and not recipe.protocol.refit:
            raise InputError(
                f"the seeds {', '.join(map(str, recipe.protocol.seeds))} cut the data the same way more than once",
                remedy="Give each split a seed of its own; a split that leaves nothing to chance has only one",
            )
        cache = Cache(options.out / "cache")
        kept = frozenset(row for section in everything for row in section.models_used(recipe))
        detailed = frozenset(row for section in everything for row in section.values_used())
        traced = frozenset(row for section in everything for row in section.losses_used())
        measured = tuple(map(refitting, splits)) if recipe.protocol.refit else splits
        study = Study(recipe, dataset, measured, cache, cut, kept, detailed, traced, choosing=splits[0])
        data = RunData(dataset, by_fingerprint, cache.folder, recipe.protocol.visible)

        def do(jobs: Sequence[Job]) -> int:
            return run_jobs(jobs, cache, data, options.workers, watch)

        done = do([job for row in recipe.rows if not row.like for job in study.trials(row.name)])
        done += do([job for row in recipe.rows if row.like for job in study.trials(row.name)])
        study.forget_losers()
        of_sections = [job for section in wanted for job in section.jobs(study)]
        done += do(of_sections)
        blocks = [block for section in wanted for block in _of_section(section, study)]
        facts = _facts(study, options, time.perf_counter() - begun, done, of_sections)
        lead = " ".join(part for part in (quick_words(recipe), recipe.paper, recipe.about) if part)
        report = Report(recipe.title, lead, facts, (*data_and_protocol(recipe, kept_data), *blocks))
        return Reproduction(report, write_report(report, options.out), done)


def _chosen(sections: list[Section], names: tuple[str, ...]) -> list[Section]:
    unknown = [name for name in names if name not in {section.called for section in sections}]
    if unknown:
        known = ", ".join(section.called for section in sections)
        raise UsageError(f"the recipe has no section {unknown[0]!r}", remedy=f"Its sections: {known}")
    return [section for section in sections if not names or section.called in names]


def _of_section(section: Section, study: Study) -> list[Block]:
    about = [Text(section.about)] if section.about else []
    blocks = [Heading(section.title), *about, *section.blocks(study)]
    return [marked_leaking(block) for block in blocks] if study.recipe.protocol.leaks else blocks


def _facts(study: Study, options: RunOptions, elapsed: float, done: int, of_sections: Sequence[Job]) -> dict[str, str]:
    trials = [job for row in study.recipe.rows for job in study.trials(row.name)]
    everything = [*trials, *_with_needs(of_sections)]
    workers = "1 process" if options.workers == 1 else f"{options.workers} processes"
    took, choosing = (duration_text(study.seconds(jobs)) for jobs in (everything, trials))
    return {
        "command": f"`{options.command}`" if options.command else "none: called from Python",
        "versions": ", ".join(f"{name} {version}" for name, version in versions().items()),
        "data": f"{study.recipe.data.name}, fingerprint `{study.dataset.fingerprint}`",
        "splits": ", ".join(f"`{split}`" for split in dict.fromkeys((study.choosing, *study.splits))),
        "time": f"{duration_text(elapsed)} for this run, in which {counted(done, 'job')} of "
        f"{len({job.key for job in everything}):,} ran, in {workers}. All of them, those kept from earlier runs too, "
        f"took {took} of one thread; {choosing} of that to choose settings",
    }


def _with_needs(jobs: Sequence[Job]) -> list[Job]:
    """Return jobs and all that they need."""
    return [part for job in jobs for part in (*_with_needs(job.needs), job)]
