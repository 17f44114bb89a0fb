"""``graphrec neo4j``: start and stop a real Neo4j for those who have none, and propose a mapping of a graph in one."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any

import typer

from graphrec.commands.options import JsonOption
from graphrec.commands.printing import print_json, remark, say

if TYPE_CHECKING:
    from graphrec.server import ServerInfo

app = typer.Typer(no_args_is_help=True, rich_markup_mode=None, add_completion=False)

START_EXAMPLES = """Examples:

\b
  graphrec neo4j start
  graphrec neo4j start --heap 4g --page-cache 2g

In this order: the server that NEO4J_URI names, Docker Compose where an engine
runs, else Neo4j Community from Maven Central (needs Java 17 and Maven once)."""


@app.callback()
def neo4j() -> None:
    """Start or stop a real Neo4j server on this machine, or propose a mapping of a graph."""


@app.command("start", epilog=START_EXAMPLES)
def start(
    release: Annotated[str, typer.Option("--release", help="5.26 or newest.")] = "5.26",
    heap: Annotated[str, typer.Option("--heap", help="Memory for Java.")] = "512m",
    page_cache: Annotated[str, typer.Option("--page-cache", help="Memory for the graph's pages.")] = "256m",
    json: JsonOption = False,
) -> None:
    """Start a server, or find the one that runs, and say where it is."""
    from graphrec.server.lifecycle import start as start_server
    from graphrec.server.releases import release_called

    remark("Starting Neo4j; the first time it is fetched, which takes a minute.")
    info = start_server(release=release_called(release), heap=heap, page_cache=page_cache)
    if json:
        print_json(server_result(info))
    else:
        say(*server_lines(info))


@app.command("stop", epilog="Example: graphrec neo4j stop --discard")
def stop(
    discard: Annotated[bool, typer.Option("--discard", help="Remove its data and its password too.")] = False,
    json: JsonOption = False,
) -> None:
    """Stop the server that `graphrec neo4j start` started."""
    from graphrec.server.lifecycle import stop as stop_server

    stopped = stop_server(discard=discard)
    if json:
        print_json({"stopped": stopped, "discarded": discard})
    else:
        say("Stopped." if stopped else "No server of ours was running.")


@app.command("mapping", epilog="Example: graphrec neo4j mapping neo4j://localhost > mapping.toml")
def mapping(
    address: Annotated[str, typer.Argument(help="neo4j://HOST[:PORT][/DATABASE]")],
    json: JsonOption = False,
) -> None:
    """Propose a mapping of a graph for `graphrec load neo4j`; the graph is only read."""
    from graphrec.loaders.neo4j.proposal import proposed_mapping

    text = proposed_mapping(address)
    if json:
        print_json({"mapping": text})
    else:
        say(text)


def server_result(info: ServerInfo) -> dict[str, Any]:
    """Return the record of a server as a JSON object, with the file of the password, never the password."""
    return {
        "kind": info.kind,
        "store": info.bolt_uri,
        "browser": info.browser_url,
        "version": info.version,
        "home": None if info.home is None else str(info.home),
        "password_file": None if info.password_file is None else str(info.password_file),
    }


def server_lines(info: ServerInfo) -> list[str]:
    """Return the record of a server as lines of text."""
    lines = [f"Neo4j {info.version}".rstrip() + f" answers at {info.bolt_uri}"]
    if info.browser_url:
        lines.append(f"  Browser:   {info.browser_url}")
    if info.password_file is not None:
        lines += [
            f"  user neo4j, password in {info.password_file}",
            f"  export NEO4J_USERNAME=neo4j GRAPHREC_STORE={info.bolt_uri}",
            f'  export NEO4J_PASSWORD="$(cat {info.password_file})"',
        ]
    return lines
