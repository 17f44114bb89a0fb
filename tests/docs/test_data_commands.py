"""docs/data.md lists the loaders as the command does, and its commands lead from an owner's files to a why-path."""

from __future__ import annotations

import json
import re
import shlex
from pathlib import Path

import pytest

from graphrec.commands import main
from graphrec.loading.shipped import SHIPPED
from tests.loaders.folders import AMAZON_2023, BEAUTY, MOVIELENS, MOVIELENS_100K, OF_LOADER, TABLE, YELP, write_folder

PAGE = (Path(__file__).resolve().parents[2] / "docs" / "data.md").read_text(encoding="utf-8")
TABLE_SECTION = PAGE.split("\n## table\n")[1]
FOLDERS = {name: releases[0] for name, releases in OF_LOADER.items() if releases} | {
    "movielens": MOVIELENS_100K,
    "amazon": AMAZON_2023,
    "yelp": {name: text.replace("uA", "mh_-eMZ6K5RLWhZyISBhwA") for name, text in YELP.items()},
    "amazon-beauty": {
        **BEAUTY,
        "interactions/datamaps.json": json.dumps(
            {
                "id2user": {"1": "U", "2": "V", "11": "A1YJEY40YUW4SE"} | {str(n): f"U{n}" for n in range(12, 19)},
                "id2item": {"1": "C", "2": "A", "3": "B"} | {str(n): f"P{n}" for n in range(4, 9)},
            }
        ),
        **{
            f"pgpr_kg/{name}.txt.gz": BEAUTY[f"pgpr_kg/{name}.txt.gz"] + more
            for name, more in (
                ("product", "P4\nP5\nP6\nP7\nP8\n"),
                *((relation, "1\n" * 5) for relation in ("brand_p_b", "category_p_c")),
                *((f"{relation}_p_p", "\n" * 5) for relation in ("also_bought", "also_viewed", "bought_together")),
            )
        },
    },
    "table": {**TABLE, "mapping.toml": re.findall(r"```toml\n(\[dataset\].*?)```", TABLE_SECTION, flags=re.DOTALL)[0]},
}

ROWS = {
    "movielens": ("u.data", "{user}\t{item}\t5\t881250949\n"),
    "book-crossing": ("BX-Book-Ratings.csv", '"{user}";"{item}";"10"\r\n'),
    "goodbooks": ("ratings.csv", "{user},{item},5\n"),
    "amazon": (
        "All_Beauty.jsonl.gz",
        '{{"user_id": "A{user}", "parent_asin": "B{item}", "rating": 5.0, "timestamp": 1588687728923}}\n',
    ),
    "yelp": (
        "yelp_academic_dataset_review.json",
        '{{"user_id": "u{user}", "business_id": "b{item}", "stars": 5.0, "date": "2018-07-07 22:09:11"}}\n',
    ),
    "recbole": ("ml-100k.inter", "{user}\t{item}\t5\n"),
    "kgat": ("train.txt", "{user} {item}\n"),
    "lastfm": ("user_artists.dat", "{user}\t{item}\t5\n"),
    "amazon-beauty": ("interactions/sequential_data.txt", "{user} {item}\n"),
    "table": ("sales.csv", "{user},{item}\n"),
}
"""How a further interaction is written: the small folders hold too few to train on."""


def commands() -> dict[str, list[list[str]]]:
    """Return the commands of graphrec in each loader's section, as words."""
    found = {}
    for name in SHIPPED:
        section = PAGE.split(f"\n## {name}\n")[1].split("\n## ")[0]
        lines = " && ".join(re.findall(r"^```sh\n(.*?)^```", section, flags=re.MULTILINE | re.DOTALL)).splitlines()
        words = [shlex.split(command) for line in lines for command in line.split(" && ")]
        found[name] = [command[1:] for command in words if command[:1] == ["graphrec"]]
    return {name: lines for name, lines in found.items() if lines}


def test_the_list_of_loaders_is_that_of_the_help() -> None:
    rows = re.findall(r"^\| \[`([^`]+)`\]\(#\1\) \| (.*) \|$", PAGE, flags=re.MULTILINE)
    assert rows == [(name, entry.summary) for name, entry in SHIPPED.items()]


@pytest.mark.parametrize("name", [name for name in commands() if name in FOLDERS])
def test_from_the_owner_s_files_to_a_why_path(
    name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("GRAPHREC_STORE", raising=False)
    lines = commands()[name]
    assert [line[0] for line in lines] == ["load", "train", "recommend", "why"]
    file, row = ROWS[name]
    more = [row.format(user=user, item=item) for user in range(11, 19) for item in range(1, 9) if (user * item) % 3]
    write_folder(tmp_path / lines[0][2], {**FOLDERS[name], file: "".join([FOLDERS[name][file], *more])})
    for line in lines:
        short = ["--set", "epochs=2"] if line[0] == "train" and line[1] != "ease" else []
        assert main.run([*line, *short]) == 0, line
    assert "number 1 for" in capsys.readouterr().out


def test_the_error_of_a_wrong_loader(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    write_folder(tmp_path / "ml-1m", MOVIELENS)
    assert main.run(["load", "lastfm", "ml-1m/"]) == 3
    assert f"    {capsys.readouterr().err}" in PAGE
