"""The ``graphrec`` command. Nothing heavy is imported here: every command imports what it needs when it runs."""

from __future__ import annotations

import sys
from contextlib import redirect_stdout
from typing import Annotated

import typer

import graphrec
from graphrec.commands import (
    demo,
    evaluate,
    forget,
    load,
    neo4j,
    plant,
    recommend,
    refresh,
    remove,
    reproduce,
    reviews,
    runs,
    similar,
    split,
    train,
    upkeep,
    verify,
    whatif,
    why,
    why_not,
)
from graphrec.commands.dashed_ids import of_an_id, split_at_dashes
from graphrec.commands.doctor import EXAMPLES as DOCTOR_EXAMPLES
from graphrec.commands.doctor import doctor
from graphrec.commands.failing import EXIT_CODES, INTERRUPTED, LONGEST, report, traceback_wanted
from graphrec.commands.settings_help import LoadCommand, RecommendCommand, TrainCommand
from graphrec.commands.status import EXAMPLES as STATUS_EXAMPLES
from graphrec.commands.status import status
from graphrec.commands.streams import prepare_streams
from graphrec.errors import UsageError
from graphrec.import_path import leave_out_current_folder
from graphrec.server_address import credentials_in_uri, holds_credentials, looks_like_a_server
from graphrec.torchrun import launch
from graphrec.wording import readable

_CODES = "\n".join(f"  {code:>3}  {meaning}" for code, meaning in EXIT_CODES.items())
_START = """Start with:

\b
  graphrec demo                 everything below on MovieLens small, in one go
  graphrec load … → train … → recommend … → why USER ITEM

\b
Exit codes:
"""

app = typer.Typer(
    name="graphrec",
    help="Recommendations you can query: every one is written into the graph with its reasons.",
    epilog=_START + _CODES,
    no_args_is_help=True,
    add_completion=False,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
)
app.command("demo", short_help="The whole job on MovieLens small, in one go.", epilog=demo.EXAMPLES)(demo.demo)
app.command("load", cls=LoadCommand, short_help="Read a data set into the store.", epilog=load.EXAMPLES)(load.load)
app.command("reviews", short_help="Extract features from reviews.", epilog=reviews.EXAMPLES)(reviews.reviews)
app.command("train", cls=TrainCommand, short_help="Fit a model and save it.", epilog=train.EXAMPLES)(train.train)
app.command(
    "recommend",
    cls=RecommendCommand,
    short_help="Write one run of recommendations with reasons.",
    epilog=recommend.EXAMPLES,
)(recommend.recommend)
app.command("refresh", short_help="The nightly job: bring the run up to the data.", epilog=refresh.EXAMPLES)(
    refresh.refresh
)
app.command("similar", short_help="Items similar to an item.", epilog=similar.EXAMPLES)(similar.similar)
app.command("evaluate", short_help="Measure a model's rankings on held-out data.", epilog=evaluate.EXAMPLES)(
    evaluate.evaluate
)
app.command("why", short_help="Say why items were recommended to a user.", epilog=why.EXAMPLES)(why.why)
app.command("why-not", short_help="What stands between a user and an item.", epilog=why_not.EXAMPLES)(why_not.why_not)
app.command("whatif", short_help="A user's list without something, or with it.", epilog=whatif.EXAMPLES)(whatif.whatif)
app.command("verify", short_help="Audit a run's reasons and measured effects.", epilog=verify.EXAMPLES)(verify.verify)
app.command("reproduce", short_help="A paper's tables and figures, as a report.", epilog=reproduce.EXAMPLES)(
    reproduce.reproduce
)
app.add_typer(runs.app, name="runs", short_help="List, use, delete or keep runs.", epilog=runs.EXAMPLES)
app.command("forget", short_help="Remove a person from the store.", epilog=forget.EXAMPLES)(forget.forget)
app.command("remove", short_help="Remove a data set from the store.", epilog=remove.EXAMPLES)(remove.remove)
app.command("copy", short_help="Copy a store into another of any engine.", epilog=upkeep.COPY_EXAMPLES)(upkeep.copy)
app.command("export", short_help="Write CSV for neo4j-admin database import.", epilog=upkeep.EXPORT_EXAMPLES)(
    upkeep.export
)
app.command("check", short_help="Compare the store with what was written.", epilog=upkeep.CHECK_EXAMPLES)(upkeep.check)
app.command("rebuild", short_help="Make an embedded database anew.", epilog=upkeep.REBUILD_EXAMPLES)(upkeep.rebuild)
app.add_typer(split.app, name="split", short_help="Cut interactions into train, validation, test.")
app.add_typer(plant.app, name="plant", short_help="Data whose every reason is known.", epilog=plant.EXAMPLES)
app.add_typer(neo4j.app, name="neo4j", short_help="Start or stop a real Neo4j server.")
app.command("status", short_help="Which data, fit and run is this?", epilog=STATUS_EXAMPLES)(status)
app.command("doctor", short_help="What is here, what is missing, what mends it.", epilog=DOCTOR_EXAMPLES)(doctor)


def _print_version(value: bool) -> None:
    if value:
        print(f"graphrec {graphrec.__version__}")  # noqa: T201
        raise typer.Exit


@app.callback()
def options(
    version: Annotated[
        bool, typer.Option("--version", callback=_print_version, is_eager=True, help="Print the version.")
    ] = False,
    traceback: Annotated[
        bool, typer.Option("--traceback", help="Show the traceback of an error. Also: GRAPHREC_TRACEBACK=1.")
    ] = False,
) -> None:
    """Hold the options of the command itself; ``main`` reads --traceback wherever it stands."""


def _refuse_undecodable(arguments: list[str]) -> None:
    """Refuse bytes that are no UTF-8: no id, path or setting can hold them."""
    for number, argument in enumerate(arguments, start=1):
        if not argument.isascii() and argument.encode("utf-8", "replace").decode() != argument:
            raise UsageError("an argument is not UTF-8 text", where=f"argument {number}", remedy="Write it in UTF-8")


def _refuse_credentials(arguments: list[str]) -> None:
    """Refuse a server's URI with a password in it, wherever it stands; what comes later might repeat it."""
    for argument in arguments:
        value = argument.partition("=")[2] if argument.startswith("-") else argument
        if looks_like_a_server(value) and holds_credentials(value):
            raise credentials_in_uri()


def main() -> None:
    """Run the command and leave with its exit code."""
    leave_out_current_folder()
    prepare_streams()
    code = run(sys.argv[1:])
    try:
        sys.stdout.flush()
    except OSError as error:
        code = code or report(error, full=traceback_wanted(sys.argv))
    sys.exit(code)


def run(arguments: list[str]) -> int:
    """Run the command with these arguments and return its exit code.

    Foreseen failures become one sentence on standard error; a traceback is shown only when asked for.
    """
    full = traceback_wanted(arguments)
    if launch().rank and next((word for word in arguments if not word.startswith("-")), "") != "train":
        return 0  # several processes train together; all else the first does alone
    try:
        _refuse_undecodable(arguments)
        _refuse_credentials(arguments)
        own, ids = split_at_dashes(arguments)
        with redirect_stdout(sys.stdout):  # puts it back where a command printed elsewhere
            app([*(argument for argument in own if argument != "--traceback"), *ids])
    except SystemExit as stop:
        if isinstance(stop.__context__, BrokenPipeError):  # of a process or a server: no reader of ours raises it
            return report(stop.__context__, full=full)
        code = stop.code if isinstance(stop.code, int) else int(bool(stop.code))
        if isinstance(stop.code, str):  # a loader or a model of somebody's own has left with these words
            print(f"graphrec: {readable(stop.code, LONGEST)}", file=sys.stderr)  # noqa: T201
        if code == INTERRUPTED:
            print("graphrec: stopped. The same command again goes on or starts over", file=sys.stderr)  # noqa: T201
        hint = of_an_id(stop.__context__, arguments)
        if hint:
            print(hint, file=sys.stderr)  # noqa: T201
        return code
    except KeyboardInterrupt:
        return INTERRUPTED
    except Exception as error:
        return report(error, full=full)
    return 0
