"""Data whose every interaction has a known reason, and how many of the reasons that are given for it are true."""
