"""The verbs of the front door; ``import graphrec as gr`` offers them."""
