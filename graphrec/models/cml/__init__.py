"""CML: users and items as points in one metric space."""
