"""Data sets whose users, items and entities are numbers, with lists of the original ids beside them."""
