"""Models whose input is the fields of a user and an item: ids and attributes by kind."""
