"""``python -m graphrec`` is the command, for launchers that start modules."""

from graphrec.commands.main import main

main()
