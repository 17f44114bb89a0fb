"""Methods that say which features matter to a user, or to a user about an item: controls, counts, and models asked."""
