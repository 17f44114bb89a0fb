"""VBPR on the features of reviews."""
