"""Outputs of commands: never in the place of what is not theirs, into pipes, and whatever standard output leads to."""

from __future__ import annotations

import hashlib
import io
import json
import os
import subprocess
from pathlib import Path
from typing import TYPE_CHECKING

import pyarrow.parquet as pq
import pytest

from graphrec.dataset.splitting import Split
from tests.commands.conftest import COMMAND, filled, in_a_process

if TYPE_CHECKING:
    from tests.commands.conftest import Command


@pytest.fixture
def runs(tmp_path: Path) -> str:
    """The URI of an embedded store with the small graph and its two runs."""
    return filled(str(tmp_path / "runs"), runs=True)


def digests(folder: Path) -> dict[str, str]:
    return {
        str(path.relative_to(folder)): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in sorted(folder.rglob("*"))
        if path.is_file() and path.name not in ("lock", "verified.json")
    }


LINES = [
    ("why", "ada", "--html"),
    ("split", "random", "--out"),
    ("split", "time", "--out"),
    ("plant", "--users", "60", "--items", "40", "--truth"),
]


@pytest.mark.parametrize("line", LINES, ids=lambda line: " ".join(line[:2]))
def test_no_file_of_another_kind_is_replaced(
    graphrec: Command, runs: str, tmp_path: Path, line: tuple[str, ...]
) -> None:
    store = str(tmp_path / "new") if line[0] == "plant" else runs
    held = digests(Path(runs))
    for name in ("manifest.json", "thesis.tex", "page.html", "table.parquet"):
        foreign = tmp_path / name
        foreign.write_text("<!DOCTYPE html><title>years of work</title>", encoding="utf-8")
        said = graphrec.bad(3, *line, foreign, "--store", store)
        assert "it is not replaced" in said
        assert str(foreign) in said
        assert foreign.read_text(encoding="utf-8") == "<!DOCTYPE html><title>years of work</title>"
    for inside in ("tables/manifest.json", "graph.lbug", "tables/page.html", "new/page.html", "lock"):
        said = graphrec.bad(3, *line, Path(runs) / inside, "--store", store)
        assert "inside the store" in said
    assert digests(Path(runs)) == held
    assert "this is a folder" in graphrec.bad(3, *line, tmp_path, "--store", store)
    assert not (tmp_path / "new").exists()


def test_pages_and_splits_are_written_again_where_they_lie(graphrec: Command, runs: str, tmp_path: Path) -> None:
    for _ in range(2):
        graphrec.good("why", "ada", "--html", "pages/why.html", "--store", runs)
        graphrec.good("split", "random", "--out", "split.parquet", "--store", runs)
    assert (tmp_path / "pages" / "why.html").read_text(encoding="utf-8").startswith("<!DOCTYPE html>")
    assert sorted(path.name for path in tmp_path.iterdir()) == ["pages", "runs", "split.parquet"]
    said = graphrec.bad(3, "split", "random", "--out", "pages/why.html", "--store", runs)
    assert "no split, and it is not replaced" in said
    assert "no page of graphrec, and" in graphrec.bad(3, "why", "ada", "--html", "split.parquet", "--store", runs)


def test_folders_of_models_and_runs(graphrec: Command, embedded: str, tmp_path: Path) -> None:
    at = ("--store", embedded)
    graphrec.good("train", "ease", "--set", "reg=1", "--out", "fit", *at)
    graphrec.good("recommend", "fit", "--out", "run", *at)
    graphrec.good("recommend", "fit", "--out", "run", *at)
    assert "no model" in graphrec.bad(3, "train", "ease", "--out", "run", *at)
    assert "no run" in graphrec.bad(3, "recommend", "fit", "--out", "fit", *at)
    (tmp_path / "fit" / "notes.txt").write_text("mine", encoding="utf-8")
    assert "holds 'notes.txt', which is no part of it" in graphrec.bad(3, "train", "ease", "--out", "fit", *at)
    assert "'notes.txt' is no part of it" in graphrec.bad(7, "recommend", "fit", *at)
    (tmp_path / "keras").mkdir()
    (tmp_path / "keras" / "model.json").write_text('{"class_name": "Sequential", "config": {}}', encoding="utf-8")
    assert "something that is no model" in graphrec.bad(3, "train", "ease", "--out", "keras", *at)
    assert "inside the store" in graphrec.bad(3, "train", "ease", "--out", Path(embedded) / "fit", *at)
    assert "something that is no model" in graphrec.bad(3, "train", "ease", "--out", ".", *at)
    (tmp_path / "mine.checkpoint").mkdir()
    (tmp_path / "mine.checkpoint" / "mine.txt").write_text("mine", encoding="utf-8")
    graphrec.good("train", "ease", "--out", "mine", *at)
    assert (tmp_path / "mine.checkpoint" / "mine.txt").read_text(encoding="utf-8") == "mine"


def test_pipes_are_written_into(graphrec: Command, runs: str, tmp_path: Path) -> None:
    for line, name in ((("split", "random", "--out"), "split.parquet"), (("why", "ada", "--html"), "why.html")):
        pipe = tmp_path / "pipe"
        os.mkfifo(pipe)
        with (tmp_path / name).open("wb") as file:
            reader = subprocess.Popen(["cat", str(pipe)], stdout=file)
            graphrec.good(*line, pipe, "--store", runs)
            assert reader.wait(timeout=20) == 0
        assert pipe.is_fifo()
        pipe.unlink()
    graphrec.good("split", "random", "--out", "again.parquet", "--store", runs)
    assert Split.load(tmp_path / "split.parquet").fingerprint == Split.load(tmp_path / "again.parquet").fingerprint
    assert (tmp_path / "why.html").read_bytes().endswith(b"</html>\n")


def test_a_page_on_standard_output(runs: str, tmp_path: Path) -> None:
    with (tmp_path / "page").open("wb") as page:
        line = [*COMMAND, "why", "ada", "--store", runs, "--html", "/dev/stdout"]
        assert subprocess.run(line, stdout=page, check=False, timeout=120).returncode == 0
    assert (tmp_path / "page").read_bytes().startswith(b"<!DOCTYPE html>")


@pytest.mark.parametrize("line", [line for line in LINES if "time" not in line], ids=lambda line: " ".join(line[:2]))
@pytest.mark.parametrize("name", ["/dev/stdout", "/dev/fd/1", "/proc/self/fd/1", "a link"])
def test_a_file_on_standard_output_is_alone_there(runs: str, tmp_path: Path, line: tuple[str, ...], name: str) -> None:
    if name == "a link":
        (tmp_path / "link").symlink_to("/dev/stdout")
        name = str(tmp_path / "link")
    at = [name, "--store", str(tmp_path / "new") if line[0] == "plant" else runs]
    done = subprocess.run([*COMMAND, *line, *at], capture_output=True, check=False, timeout=120)
    assert done.returncode == 0, done.stderr
    if line[0] == "why":
        assert (done.stdout[:15], done.stdout[-8:]) == (b"<!DOCTYPE html>", b"</html>\n")
        assert b"Alien" in done.stderr
    else:
        assert pq.read_table(io.BytesIO(done.stdout)).num_rows
        assert name.encode() in done.stderr
    done = subprocess.run([*COMMAND, *line, *at, "--json"], capture_output=True, check=False, timeout=120)
    assert (done.returncode, done.stdout) == (2, b"")
    assert b"--json would both go to standard output" in done.stderr


def test_an_empty_text_is_no_output(graphrec: Command, runs: str) -> None:
    for line in (*LINES, ("export",)):
        assert "names no file or folder" in graphrec.bad(2, *line, "", "--store", runs)
    for command in ("train", "recommend", "demo", "reproduce"):
        assert "names no file or folder" in graphrec.bad(2, command, "Ease", "--out", "")


def test_a_disk_that_is_full(graphrec: Command, runs: str) -> None:
    for line in (("why", "ada", "--html"), ("split", "random", "--out")):
        assert "the disk is full (/dev/full)" in graphrec.bad(4, *line, "/dev/full", "--store", runs)


# --- standard output

VERBS = [("why", "ada"), ("why", "ada", "--json"), ("runs",), ("runs", "--json"), ("status",), ("check",), ("--help",)]


@pytest.mark.parametrize("line", VERBS, ids=" ".join)
def test_a_reader_that_leaves_is_no_failure(runs: str, line: tuple[str, ...]) -> None:
    at = () if line == ("--help",) else ("--store", runs)
    ours, theirs = os.pipe()
    os.close(ours)  # as `| true` does
    try:
        done = subprocess.run(
            [*COMMAND, *line, *at], stdout=theirs, stderr=subprocess.PIPE, text=True, check=False, timeout=120
        )
    finally:
        os.close(theirs)
    assert (done.returncode, done.stderr) == (0, "")


def test_what_is_begun_is_done_though_nobody_reads(embedded: str, tmp_path: Path) -> None:
    line = f"{' '.join(map(repr, COMMAND))} train ease --set reg=1 --out fit --store {embedded} 2>&1 | true"
    done = subprocess.run(
        ["bash", "-o", "pipefail", "-c", line], cwd=tmp_path, capture_output=True, text=True, check=False, timeout=120
    )
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")
    assert (tmp_path / "fit" / "model.json").is_file()


VERIFIED = "tables/verified.json"
"""The record of a comparison with checksums, which a reader may write."""


def test_standard_output_that_is_closed_or_full(runs: str) -> None:
    line = f"{' '.join(map(repr, COMMAND))} why ada --store {runs}"
    for to, code, words in ((">&-", 1, "standard output is closed"), ("> /dev/full", 4, "the disk is full")):
        held = digests(Path(runs))
        done = subprocess.run(["bash", "-c", f"{line} {to}"], capture_output=True, text=True, check=False, timeout=120)
        assert done.returncode == code
        assert done.stderr.startswith(f"graphrec: {words}")
        assert len(done.stderr.splitlines()) == 1
        assert {**digests(Path(runs)), VERIFIED: ""} == {**held, VERIFIED: ""}
    done = subprocess.run(["bash", "-c", f"{line} 2>&-"], capture_output=True, text=True, check=False, timeout=120)
    assert done.returncode == 0
    assert "ada" in done.stdout.lower()


# --- ids that look like something else


ODD = ("-u1", "--json", "--traceback", "-5", "1e3", "007", "=", "a,b", "'}) //", "\x1b[31mred\x1b[0m", "new\nline")


def test_ids_that_look_like_options_numbers_and_colours(graphrec: Command, tmp_path: Path) -> None:
    ratings = [{"user": user, "item": f"i{place % 3}"} for user in ODD for place in range(2)]
    ratings += [{"user": "other", "item": item} for item in ("i0", "i1", "i2", "-i")]
    (tmp_path / "r.jsonl").write_text("\n".join(map(json.dumps, ratings)), encoding="utf-8")
    mapping = '[dataset]\nid = "odd"\n[interactions]\nfile = "r.jsonl"\nuser = "user"\nitem = "item"\n'
    (tmp_path / "m.toml").write_text(mapping, encoding="utf-8")
    at = ("--store", "store")
    graphrec.good("load", "table", "m.toml", *at)
    graphrec.good("train", "ease", "--set", "reg=1", "--out", "fit", *at)
    graphrec.good("recommend", "fit", *at)
    for user in ODD:
        said = graphrec.good("why", *at, "--", user)
        assert "\x1b" not in said.out
        assert json.loads(graphrec.good("why", *at, "--json", "--", user).out)[0]["user"]["id"] == user
    graphrec.good("whatif", *at, "--model", "fit", "--without", "i0", "--", "-u1")
    refused = graphrec("why", "-u1", *at)
    assert refused.code == 2
    assert "put -- in front of it, and options before that: graphrec why -- -u1" in refused.err
    assert "graphrec forget -- -5" in graphrec("forget", "-5", *at).err
    assert "put --" not in graphrec("why", "--stor=x", "ada").err
    (tmp_path / "users.txt").write_text("-u1\n007\n1e3\n", encoding="utf-8")
    graphrec.good("recommend", "fit", "--users", "users.txt", "--out", "run", *at)
    graphrec.good("forget", *at, "--", "-u1")
    assert "there is no user '-u1'" in graphrec.bad(3, "why", *at, "--", "-u1")


def test_the_hint_is_one_line_in_a_process(tmp_path: Path) -> None:
    done = in_a_process("why", "-u\x1b[31m1", cwd=tmp_path)
    assert done.returncode == 2
    assert "\x1b" not in done.stderr.splitlines()[-1]
