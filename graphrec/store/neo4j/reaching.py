"""The reason why a server cannot be reached, found by asking the network once more, step by step."""

from __future__ import annotations

import socket
import ssl
from typing import NamedTuple
from urllib.parse import urlsplit

BOLT_PORT = 7687
SECONDS = 5.0
"""How long each step may take."""

_GREETING = bytes.fromhex("6060b017 00080805 00020404 00000104 00000003".replace(" ", ""))
"""Bolt's magic number, and the versions 5.8 to 5.0, 4.4 to 4.2, 4.1 and 3."""

_TLS_ALERT = b"\x15\x03"
_START = "Check the address, or start one: graphrec neo4j start"


class Reason(NamedTuple):
    """What stands in the way, and what to do."""

    what: str
    remedy: str


def why_unreachable(server: str) -> Reason:
    """Return what stands in the way of a connection: the network, the encryption, or what listens there.

    Args:
        server: ``SCHEME://host[:port]``.
    """
    parts = urlsplit(server)
    host, port = str(parts.hostname), parts.port or BOLT_PORT
    try:
        with socket.create_connection((host, port), timeout=SECONDS) as plain:
            return _encrypted(plain, parts.scheme, host) if "+" in parts.scheme else _greeted(plain, parts.scheme)
    except socket.gaierror:
        return Reason(f"no Neo4j answers: the host {host!r} is not known", "Check the name, and the network")
    except TimeoutError:
        return Reason(
            f"no Neo4j answers: {host!r} does not reply within {SECONDS:.0f} s",
            "Check the address, and whether a firewall stands in between",
        )
    except ConnectionRefusedError:
        return Reason(f"no Neo4j answers: nothing listens on port {port}", _START)
    except OSError as error:
        return Reason(f"no Neo4j answers: {error.strerror or error}", _START)


def _encrypted(plain: socket.socket, scheme: str, host: str) -> Reason:
    base, _, how = scheme.partition("+")
    context = ssl.create_default_context()
    if how == "ssc":
        context.check_hostname = False
        context.verify_mode = ssl.CERT_NONE
    try:
        with context.wrap_socket(plain, server_hostname=host) as tls:
            return _greeted(tls, scheme)
    except ssl.SSLCertVerificationError as error:
        return Reason(
            f"the server's certificate is not trusted: {error.verify_message}",
            f"Write {base}+ssc:// if it is self-signed, or let the server have a certificate for this host name",
        )
    except (ssl.SSLError, ConnectionError):
        return Reason(
            "a server listens there, but the encrypted connection fails: it speaks no TLS on this port",
            f"Write {base}:// for a server without encryption, or set up TLS for Bolt on the server",
        )


def _greeted(connected: socket.socket, scheme: str) -> Reason:
    connected.settimeout(SECONDS)
    try:
        connected.sendall(_GREETING)
        answer = connected.recv(4)
    except OSError:
        answer = b""
    return _said(answer, scheme)


def _said(answer: bytes, scheme: str) -> Reason:
    """Return what the first four bytes of an answer to Bolt's greeting say."""
    reasons = {
        b"HTTP": Reason(
            "what answers there speaks HTTP: it is the port of Neo4j Browser, or no Neo4j",
            "Name the port for Bolt, which usually is 7687",
        ),
        bytes(4): Reason(
            "the server speaks no version of Bolt that the driver knows: it is too old",
            "Use Neo4j 5 or later: graphrec neo4j start brings one",
        ),
    }
    if answer in reasons:
        return reasons[answer]
    if answer[:2] == _TLS_ALERT:
        return Reason("the server wants an encrypted connection", f"Write {scheme}+s:// or {scheme}+ssc://")
    if len(answer) == 4 and answer[0] == 0:
        return Reason(
            "the server is there, and the connection ended, or the addresses that it gives to clients do not answer",
            f"Try again; or write bolt{scheme.removeprefix('neo4j').removeprefix('bolt')}:// to use this address alone",
        )
    encrypted = "" if "+" in scheme else f", or write {scheme}+s:// if the server wants encryption"
    return Reason(
        "something listens there that does not speak Bolt", f"Name the port for Bolt, which usually is 7687{encrypted}"
    )
