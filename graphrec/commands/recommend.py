"""``graphrec recommend``: write one run of recommendations with their reasons."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, NamedTuple, cast

import typer

import graphrec as gr
from graphrec.commands.auditing import audit_result, refuse_untrue
from graphrec.commands.options import (
    DatasetOption,
    EngineOption,
    ExcludeOption,
    ItemsOption,
    JsonOption,
    KindOption,
    SplitOption,
    StoreOption,
    listed,
    named_class,
    say_dataset,
    settings,
)
from graphrec.commands.output_files import named_output
from graphrec.commands.printing import print_json, remark, say
from graphrec.commands.progress import bars
from graphrec.errors import UsageError
from graphrec.wording import counted, readable, share

if TYPE_CHECKING:
    from graphrec.api.recommendations import Recommendations
    from graphrec.audits import AuditReport
    from graphrec.dataset.dataset import Dataset
    from graphrec.explaining.explainer import Explainer
    from graphrec.models.model import Model
    from graphrec.progress import Progress
    from graphrec.recommendation.request import Fallback
    from graphrec.recommendation.unknown_users import UnknownUsers
    from graphrec.recommendation.user_files import People
    from graphrec.recommendation.write_run import WrittenRun
    from graphrec.store.store import Store
    from graphrec.tables.records import RunInfo

EXAMPLES = """Examples:

\b
  graphrec recommend graphrec-fit
  graphrec recommend fits/ease --k 20 --reasons 5 --against 2
  graphrec recommend fits/reconet --protect gender,age
  graphrec recommend fits/reconet --explainer shapley --explain-set permutations=200
  graphrec recommend fits/reconet --explainer groups --explain-set by=attribute:genre --reasons 3
  graphrec recommend fits/reconet --users newcomers.csv
  graphrec recommend fits/ease --fallback attributes --protect gender
  graphrec recommend fits/reconet --split split.parquet --out run/

A run of all users becomes current once its audit has found nothing; a run of
some users (--users) never does by itself. The same command again finds the
same run, and completes it if it was interrupted."""


def recommend(
    folder: Annotated[Path, typer.Argument(help="The model, as train wrote it.")],
    k: Annotated[int, typer.Option("--k", help="Recommendations for each user.")] = 10,
    reasons: Annotated[int, typer.Option("--reasons", help="Reasons for each recommendation, at most.")] = 10,
    against: Annotated[int, typer.Option("--against", help="Reasons against each one, at most.")] = 0,
    users: Annotated[
        Path | None,
        typer.Option("--users", metavar="FILE", help="One user id a line, or CSV user,item[,rating,weight,timestamp]."),
    ] = None,
    items: ItemsOption = None,
    exclude: ExcludeOption = None,
    keep_taken: Annotated[
        bool, typer.Option("--keep-taken", help="Recommend what a user has taken already, too.")
    ] = False,
    unknown_users: Annotated[
        str,
        typer.Option(
            "--unknown-users",
            metavar="POLICY",
            help="For ids of --users that the store lacks: raise, warn, ignore, or popularity (with --out).",
        ),
    ] = "raise",
    protect: Annotated[
        str, typer.Option("--protect", metavar="KINDS", help="Attribute kinds kept out of the reasons: gender,age.")
    ] = "",
    fallback: Annotated[
        str,
        typer.Option(
            "--fallback",
            metavar="WHAT",
            help="For people without any positive interaction: none, popularity, or attributes.",
        ),
    ] = "none",
    explainer: Annotated[
        str,
        typer.Option(
            "--explainer",
            metavar="NAME",
            help="Who says why: model, removal, shapley, lime, sep, groups, counterfactual.",
        ),
    ] = "model",
    explain_set: Annotated[
        list[str] | None,
        typer.Option("--explain-set", metavar="NAME=VALUE", help="A setting of the explainer; may repeat."),
    ] = None,
    split: SplitOption = None,
    kind: KindOption = "",
    out: Annotated[
        Path | None,
        typer.Option(
            "--out", metavar="FOLDER", parser=named_output, help="Write Parquet files, and no run to the store."
        ),
    ] = None,
    engine: EngineOption = "",
    dataset: DatasetOption = "",
    store: StoreOption = None,
    json: JsonOption = False,
) -> None:
    """Recommend items to users, say why, and write it all into the graph as one run."""
    from graphrec.engines.naming import engine_named
    from graphrec.loading.id_list import read_ids
    from graphrec.models.saving import load_model
    from graphrec.output_places import folder_place
    from graphrec.own_kinds import RUN
    from graphrec.recommendation.graph_of_fit import dataset_of_fit
    from graphrec.store.opening import open_store

    _refuse_hidden_histories(users, split)
    chosen_engine = engine_named(engine) if engine else ""
    if out is not None:
        folder_place(out, RUN)  # before all scores are computed rather than after
    model = load_model(folder, named_class(kind))
    weighing = explainer_for(model, explainer, explain_set or [])
    with open_store(store, dataset=dataset) as opened, bars() as progress:
        taken = opened.base_dataset(dataset_of_fit(model.record, opened)).id
        say_dataset(opened, taken)
        opened.dataset = taken
        people = None if users is None else _people(users, opened, model.record.positive_if, progress)
        progress("reading the data", 0, 0)
        recommendations = gr.recommend(
            model,
            read_for(opened, model, split),
            None if people is None else people.users,
            k,
            reasons=reasons,
            against=against,
            items=None if items is None else read_ids(items),
            exclude=() if exclude is None else read_ids(exclude),
            filter_taken=not keep_taken,
            unknown_users=cast("UnknownUsers", unknown_users),
            protect=listed(protect),
            fallback=cast("Fallback", fallback),
            explainer=weighing,
            engine=chosen_engine,
        )
        done = (
            _to_store(opened, recommendations, progress) if out is None else _to_parquet(out, recommendations, progress)
        )
    if json:
        print_json({**done.result, **people_result(people)})
    else:
        say(*done.lines)
    if done.report is not None:
        refuse_untrue(done.report)


def explainer_for(model: Model, name: str, pairs: list[str]) -> Explainer:
    """Make an explainer as the command line asks for it, before anything is read.

    Raises:
        UsageError: there is no such explainer or setting, or its reasons are not stored.
        MissingExtraError: a package that it needs is absent.
    """
    from graphrec.explainers.registry import find_explainer

    kind = find_explainer(name)
    made = kind(kind.Config.read(dict(settings(pairs, "--explain-set"))))
    made.claim(model)
    return made


def read_for(store: Store, model: Model, split: Path | None) -> Dataset:
    """Read the data that a run of ``model`` may see: all, or what a split shows of the users."""
    from graphrec.dataset.dataset import Dataset
    from graphrec.dataset.splitting import Split
    from graphrec.recommendation.graph_of_fit import dataset_of_fit

    record, own = model.record, dataset_of_fit(model.record, store)
    dataset = Dataset.from_store(store, record.positive_if, negative_if=record.negative_if, dataset=own)
    return dataset if split is None else Split.load(split).apply(dataset, visible=model.record.visible).seen


def run_result(written: WrittenRun) -> dict[str, Any]:
    """Return a written run, as JSON has it."""
    from graphrec.tables.counterfactual_counts import counts_of

    run = written.run
    return {
        "run": run.id,
        "model": run.model,
        "fit": run.fit,
        "explainer": run.params["explainer"]["name"],
        "dataset": run.dataset,
        "weight_unit": run.weight_unit,
        "additive": run.additive,
        "counterfactuals": counts_of(run),
        "scope": run.scope,
        "current": run.current,
        "repeated": written.repeated,
        "history": run.history,
        "split": run.split,
        "protected": list(run.protected),
        "notes": run.notes,
        "audit": audit_result(written.report),
    }


def people_result(people: People | None) -> dict[str, Any]:
    """Return the people whose histories a run brought along, as JSON has them; nothing where it brought none."""
    if people is None or people.histories is None:
        return {}
    return {"people": {"users": len(people.users), "new": people.newcomers, "remarks": _account(people)}}


def run_lines(written: WrittenRun) -> list[str]:
    """Return a written run, for people."""
    run = written.run
    state = "is current" if run.current else "is not current"
    was = "was there already" if written.repeated else "written"
    lines = [f"Run {run.id} {was}: {run.scope}, {state}."]
    return lines + _noted(run)


def _noted(run: RunInfo) -> list[str]:
    from graphrec.tables.counterfactual_counts import counts_of

    counts = counts_of(run)
    all_of_them = 0 if counts is None else sum(counts.values())
    sought = (
        [] if counts is None else [f"  {share(counts['found'], all_of_them)} recommendations have a counterfactual."]
    )
    return sought + ([f"  {readable(run.notes, 500)}"] if run.notes else [])


class _Done(NamedTuple):
    """A run that was written: as JSON has it, for people, and where it went into the store what its audit found."""

    result: dict[str, Any]
    lines: list[str]
    report: AuditReport | None


def _to_store(store: Store, recommendations: Recommendations, progress: Progress) -> _Done:
    written = recommendations.write(store, progress)
    return _Done(run_result(written), run_lines(written), written.report)


def _to_parquet(out: Path, recommendations: Recommendations, progress: Progress) -> _Done:
    from graphrec.recommendation.parquet_folder import read_record
    from graphrec.tables.counterfactual_counts import counts_of

    rows = recommendations.save(out, progress)
    run = read_record(out)
    result = {
        "run": run.id,
        "model": run.model,
        "fit": run.fit,
        "explainer": run.params["explainer"]["name"],
        "weight_unit": run.weight_unit,
        "additive": run.additive,
        "counterfactuals": counts_of(run),
        "scope": run.scope,
        "folder": str(out),
        "rows": rows,
        "notes": run.notes,
    }
    counts = f"{rows['recommendations']:,} recommendations with {rows['reasons']:,} reasons"
    lines = [f"Wrote {counts} as Parquet to {out}; the store holds no new run."]
    return _Done(result, lines + _noted(run), None)


def _refuse_hidden_histories(users: Path | None, split: Path | None) -> None:
    from graphrec.recommendation.user_files import has_histories

    if users is not None and split is not None and has_histories(users):
        raise UsageError(
            "--users brings histories, which the split does not name, so that nobody would see them",
            remedy="Leave out --split, or give a plain list of users",
        )


def _people(path: Path, store: Store, positive_if: str, progress: Progress) -> People:
    """Read the users of a run; histories go into the store first, and that is said."""
    from graphrec.recommendation.user_files import read_people

    people = read_people(path, store, positive_if)
    if people.histories is None or people.info is None:
        return people
    summary = store.load(people.histories, people.info, progress)
    kept = sum(file.kept for file in people.report.files)
    if summary.changed:
        whose = f"{counted(len(people.users), 'user')} ({people.newcomers:,} new)"
        remark(
            f"Wrote {counted(kept, 'interaction')} of {whose} into the store as {readable(people.info.name)}. "
            "Runs made before are stale now."
        )
    for said in _account(people):
        remark(f"  {readable(said, 300)}")
    return people


def _account(people: People) -> list[str]:
    """Return what was not kept of the histories, with reasons and lines, then the remarks."""
    return [*(fault for file in people.report.files for fault in file.faults()), *people.report.remarks]
