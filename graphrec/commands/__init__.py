"""The ``graphrec`` command: one file per command, all thin; the work is done by the library."""
