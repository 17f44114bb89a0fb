"""A secret that was written into a store's URI shows nowhere: not in errors, tracebacks, or what is printed."""

from __future__ import annotations

import contextlib
import io
import traceback
from typing import TYPE_CHECKING

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from graphrec import server
from graphrec.commands.main import run
from graphrec.errors import GraphrecError, StoreUnavailableError, UsageError
from graphrec.server_address import Address, holds_credentials, parse
from graphrec.store.opening import open_store

if TYPE_CHECKING:
    from pathlib import Path

MARK = "hunter2"
SECRET = f"{MARK}-S3cret"

SCHEMES = st.sampled_from(
    ["neo4j", "neo4j+s", "neo4j+ssc", "bolt", "bolt+s", "NEO4J", "http", "https", "ne04j", "graphrec", "postgres"]
)
SEPARATORS = st.sampled_from(["://", ":", "//", ":/", ":///"])
AROUND = st.text(st.sampled_from("ab1:/@?#%&=+;$[] .é\\"), max_size=4)
HOSTS = st.sampled_from(["host.invalid", "127.0.0.1:1", "[::1]:1", "", "host.invalid:port"])
CREDENTIALS = st.one_of(
    st.builds(
        "{0}:{1}{2}{3}@".format, st.sampled_from(["neo4j", "user", "a%40b", ""]), AROUND, st.just(SECRET), AROUND
    ),
    st.builds("{0}%3A{1}%40".format, st.just("neo4j"), st.just(SECRET)),
)
TAILS = st.one_of(
    st.just(""),
    st.builds("/{0}@x".format, st.just(SECRET)),
    st.builds("{0}{1}={2}".format, st.sampled_from(["?", "/db?", "#", ";"]), st.sampled_from(["password", "pw"]),
              st.just(SECRET)),
    st.just(f"/user:{SECRET}"),
    st.just(f"?{SECRET}"),
)  # fmt: skip
URIS = st.one_of(
    st.builds(lambda *parts: "".join(parts), SCHEMES, SEPARATORS, CREDENTIALS, HOSTS, TAILS),
    st.builds(lambda *parts: "".join(parts), SCHEMES, st.just("://"), HOSTS, TAILS.filter(bool)),
    st.builds(lambda *parts: "".join(parts), CREDENTIALS, HOSTS),
    st.builds(lambda *parts: "".join(parts), CREDENTIALS, SCHEMES, st.just("://"), HOSTS),
)


def said(uri: str, *words: str) -> str:
    """Return all that a command prints."""
    out, err = io.StringIO(), io.StringIO()
    with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err), contextlib.suppress(SystemExit):
        run([*words, uri])
    return out.getvalue() + err.getvalue()


@given(URIS)
@example(f"neo4j:user:{SECRET}@host")
@example(f"neo4j://user:{SECRET}@host")
@example(f"bolt//u:{SECRET}@h")
@example(f"neo4j://host.invalid?password={SECRET}")
@example(f"neo4j://host.invalid/{SECRET}@x")
@example(f"user:{SECRET}@neo4j://host.invalid")
@example(f"neo4j://user:{SECRET}%40host.invalid")
@example(f"neo4j://host.invalid:{SECRET}")
@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_a_secret_in_a_uri_shows_nowhere(uri: str) -> None:
    with pytest.raises(GraphrecError) as refused:
        open_store(uri, read_only=True).close()
    assert MARK not in "".join(traceback.format_exception(refused.value))
    assert MARK not in said(uri, "status", "--json", "--traceback", "--store")


@pytest.mark.parametrize("words", [("status",), ("copy", "./here"), ("check", "--store"), ("runs", "use", "--store")])
def test_nor_where_it_stands_in_the_wrong_place(words: tuple[str, ...], tmp_path: Path,
                                                monkeypatch: pytest.MonkeyPatch) -> None:  # fmt: skip
    monkeypatch.chdir(tmp_path)
    printed = said(f"neo4j://user:{SECRET}@host", *words)
    assert printed
    assert MARK not in printed
    assert MARK not in said(f"--store=neo4j://user:{SECRET}@host", *words)


@pytest.mark.parametrize("uri", [f"neo4j://user:{SECRET}@host", f"neo4j:user:{SECRET}@host", f"bolt://h?pw={SECRET}"])
def test_nor_where_the_environment_names_the_server(uri: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("NEO4J_URI", uri)
    monkeypatch.setenv("GRAPHREC_STORE", uri)
    for look in (server.start, server.status):
        with pytest.raises((UsageError, StoreUnavailableError)) as refused:
            look(tmp_path)
        assert MARK not in "".join(traceback.format_exception(refused.value))
    for words in (("start", "--json"), ("start",)):
        assert MARK not in said(words[-1], "neo4j", *words[:-1])
    assert MARK not in said("--traceback", "status")
    assert MARK not in said("doctor")


def test_names_that_hold_no_secret_are_not_refused() -> None:
    for name in (
        "neo4j://auth.example.com/password-vault",
        "bolt://bypass:7687/token.db",
        "./me@work",
        "ladybug:./a@b",
    ):
        assert not holds_credentials(name)
    assert parse("neo4j+ssc://auth.example.com:7688/password-vault") == Address(
        "neo4j+ssc://auth.example.com:7688", "password-vault"
    )
