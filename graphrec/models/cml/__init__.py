"""CML: users and items as places in one metric space."""
