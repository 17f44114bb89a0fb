"""A real Neo4j server on this machine: start, stop and status."""

from graphrec.server.info import ServerInfo
from graphrec.server.lifecycle import start, status, stop
from graphrec.server.releases import LTS, NEWEST, Release

__all__ = ["LTS", "NEWEST", "Release", "ServerInfo", "start", "status", "stop"]
