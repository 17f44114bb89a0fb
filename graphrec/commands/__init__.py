"""The ``graphrec`` command: one file per command, all thin; what they call is the library."""
